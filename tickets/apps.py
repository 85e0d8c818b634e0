from django.apps import AppConfig


class TicketsApp(AppConfig):
    name = "tickets"

from django.apps import AppConfig


class DutyApp(AppConfig):
    name = "duty"

from django.apps import AppConfig


class PromisesApp(AppConfig):
    name = "promises"

from django.apps import AppConfig


class RndApp(AppConfig):
    name = "rnd"

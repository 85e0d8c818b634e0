from django.apps import AppConfig


class AssetsApp(AppConfig):
    name = "assets"

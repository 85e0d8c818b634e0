from django.apps import AppConfig


class EngineApp(AppConfig):
    name = "config.engine"
    label = "engine"

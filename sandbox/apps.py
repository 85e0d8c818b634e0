from django.apps import AppConfig


class SandboxApp(AppConfig):
    name = "sandbox"

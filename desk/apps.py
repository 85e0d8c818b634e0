from django.apps import AppConfig


class DeskApp(AppConfig):
    name = "desk"

    def ready(self) -> None:
        from desk import receivers  # noqa: F401  (hears the facts of tickets)

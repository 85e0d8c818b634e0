from django.apps import AppConfig


class RndApp(AppConfig):
    name = "rnd"

    def ready(self) -> None:
        from rnd import receivers  # noqa: F401  (hears the desk's facts)

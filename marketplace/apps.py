from django.apps import AppConfig


class MarketplaceApp(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        from marketplace import receivers  # noqa: F401  (listens)

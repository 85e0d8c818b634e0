from django.apps import AppConfig


class MarketplaceApp(AppConfig):
    name = "marketplace"

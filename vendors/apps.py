from django.apps import AppConfig


class VendorsApp(AppConfig):
    name = "vendors"

from django.apps import AppConfig


class BillingApp(AppConfig):
    name = "billing"

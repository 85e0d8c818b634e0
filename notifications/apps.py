from django.apps import AppConfig


class NotificationsApp(AppConfig):
    name = "notifications"

from django.apps import AppConfig


class NotificationsApp(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import receivers  # noqa: F401  (listens)

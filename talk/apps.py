from django.apps import AppConfig


class TalkApp(AppConfig):
    name = "talk"

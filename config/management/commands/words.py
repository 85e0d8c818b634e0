from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import words


class Command(BaseCommand):
    help = "Writes the catalogues anew from the sources, keeping what is translated, and compiles them."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile, as the house needs before it runs")

    def handle(self, *args: Any, compile: bool, **options: Any) -> None:
        for path, waiting in ({} if compile else words.rewrite()).items():
            print(f"{path.relative_to(settings.BASE_DIR)}: {waiting or 'none'} to translate")
        words.compile_messages()

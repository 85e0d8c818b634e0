import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.engine import programs


class Command(BaseCommand):
    help = "Becomes the web server of a production house (gunicorn)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--bind", action="append", default=[], help=f"host:port, default 0.0.0.0:{settings.PORT}")
        parser.add_argument("--workers", type=int, default=settings.WEB_WORKERS)
        parser.add_argument("--threads", type=int, default=settings.WEB_THREADS)

    def handle(self, *args: Any, bind: list[str], workers: int, threads: int, **options: Any) -> None:
        command = programs.web(bind or [f"0.0.0.0:{settings.PORT}"], workers=workers, threads=threads)
        os.execv(command[0], command)  # noqa: S606 (no shell wanted)

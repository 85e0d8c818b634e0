import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.engine import programs


class Command(BaseCommand):
    help = "Becomes a Celery worker that answers the bells of a production house."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--pool", choices=programs.POOLS, default=settings.WORKER_POOL)
        parser.add_argument("--concurrency", type=int, default=settings.WORKER_CONCURRENCY)

    def handle(self, *args: Any, pool: str, concurrency: int, **options: Any) -> None:
        if not settings.BROKER_URL:
            raise CommandError("REDIS_URL is empty: there are no bells to answer, the ticker alone does the work.")
        command = programs.worker(pool=pool, concurrency=concurrency)
        os.execv(command[0], command)  # noqa: S606 (no shell wanted)

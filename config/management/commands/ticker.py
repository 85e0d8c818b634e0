import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from config.engine import ticker


class Command(BaseCommand):
    help = "Runs the sweeps of the timetable, until it is stopped. Of several tickers one works."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="run every sweep one time and end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            ticker.run_once()
            return
        stop = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda received, frame: stop.set())
        ticker.run(stop)

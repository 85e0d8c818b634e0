"""The Celery app and the one timetable of the house.

The ticker runs the timetable itself, in its own process, without a broker; Celery only carries bells (DESIGN 3).
"""

import os
from typing import Any

from celery import Celery, bootsteps, signals

from config.engine import probe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TIMETABLE: tuple[tuple[str, int], ...] = (
    ("desk.tasks.sweep_intake", 2),
    ("desk.tasks.sweep_pool", 2),
    ("desk.tasks.sweep_offers", 2),
    ("desk.tasks.sweep_promises", 2),
    ("rnd.tasks.sweep_requests", 3),
    ("tickets.tasks.sweep_closing", 30),
    ("tickets.tasks.sweep_confirmations", 3),
    ("tickets.tasks.sweep_waiting", 30),
    ("tickets.tasks.sweep_calendars", 5),
    ("billing.tasks.sweep_events", 2),
    ("billing.tasks.sweep_cards", 5),
    ("notifications.tasks.sweep_notices", 2),
    ("sandbox.tasks.sweep_card_events", 1),
    ("config.engine.tasks.sweep_audit", 60),
    ("config.engine.tasks.sweep_stash", 600),
)
"""Every sweep of the house, and how many seconds lie between two runs."""

app = Celery("gatehouse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Pulse(bootsteps.StartStopStep):
    """The worker's part of `config/engine/probe.py`: its own clock moves the file."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: Any) -> None:
        parent.timer.call_repeatedly(5, probe.move, ("worker",))


app.steps["worker"].add(Pulse)


@signals.setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Celery leaves the log as the settings have made it: it does nothing where somebody listens."""

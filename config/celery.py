"""The Celery app and the one timetable of the house.

The ticker runs the timetable itself, in its own process, without a broker; Celery only carries bells (DESIGN 3).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

TIMETABLE: tuple[tuple[str, int], ...] = (
    ("desk.tasks.sweep_intake", 2),
    ("desk.tasks.sweep_pool", 2),
    ("desk.tasks.sweep_offers", 2),
    ("desk.tasks.sweep_promises", 2),
    ("rnd.tasks.sweep_requests", 3),
    ("tickets.tasks.sweep_closing", 30),
    ("tickets.tasks.sweep_confirmations", 3),
    ("billing.tasks.sweep_events", 2),
    ("billing.tasks.sweep_cards", 5),
    ("notifications.tasks.sweep_notices", 2),
    ("sandbox.tasks.sweep_card_events", 1),
    ("config.engine.tasks.sweep_audit", 60),
)
"""Every sweep of the house, and how many seconds lie between two runs."""

app = Celery("gatehouse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

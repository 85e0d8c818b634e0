"""Bells and sweeps of tickets."""

from celery import shared_task
from django.utils import timezone

from tickets.actions import asks, calendars, letters, tickets

BATCH = 100


@shared_task
def confirm(ticket_pk: int) -> None:
    letters.confirm(timezone.now(), ticket_pk=ticket_pk)


@shared_task
def sweep_confirmations() -> None:
    """Tickets whose bell was lost."""
    letters.confirm(timezone.now())


@shared_task
def sweep_closing() -> None:
    """Solved tickets whose customers agreed by silence."""
    tickets.close_due(timezone.now())


@shared_task
def sweep_calendars() -> None:
    """Deadlines that were provisional until the official schedule was loaded."""
    for ticket_pk in calendars.behind(limit=BATCH):
        calendars.follow(ticket_pk, at=timezone.now())


@shared_task
def sweep_waiting() -> None:
    """Questions that their customers left unanswered: remind, then end."""
    asks.remind_due(timezone.now())
    asks.end_due(timezone.now())

"""Bells and sweeps of R&D."""

from celery import shared_task
from django.utils import timezone

from rnd.actions import investigations


@shared_task
def take_in(request_id: int) -> None:
    investigations.take_in(request_id, at=timezone.now())


@shared_task
def sweep_requests() -> None:
    """Requests and withdrawals whose bell was lost."""
    for request_id in investigations.untaken(limit=100):
        investigations.take_in(request_id, at=timezone.now())

"""Bells and sweeps of billing."""

from celery import shared_task
from django.utils import timezone

from billing import rails


@shared_task
def handle_event(event_pk: int) -> None:
    rails.handle_events(at=timezone.now(), only=event_pk)


@shared_task
def sweep_events() -> None:
    """Events whose bell was lost, whose handling died, and parked ones."""
    rails.handle_events(at=timezone.now())


@shared_task
def sweep_cards() -> None:
    """Live payments by card of which no event told."""
    rails.ask_again(at=timezone.now())

"""Bells and sweeps of the desk. A bell and its sweep call the same verb."""

from celery import shared_task
from django.utils import timezone

from desk.actions import firings, intake, offers, pool
from duty.models.inside import Engineer

BATCH = 100


@shared_task
def take_in(ticket_id: int) -> None:
    pool.take_in(ticket_id, at=timezone.now())


@shared_task
def pull(engineer_id: int) -> None:
    pool.pull(Engineer.objects.get(pk=engineer_id), at=timezone.now())


@shared_task
def sweep_intake() -> None:
    """Public facts whose bell was lost."""
    pool.take_in_all(intake.waiting(limit=BATCH), at=timezone.now())


@shared_task
def sweep_pool() -> None:
    """What waits while somebody has room: a lost bell, a shift that began, somebody back from being away."""
    for desk_id in pool.waiting_desks():
        pool.drain(desk_id, at=timezone.now())


@shared_task
def sweep_offers() -> None:
    """Offers that nobody answered."""
    for offer in offers.due(timezone.now(), limit=BATCH):
        offers.expire(offer, at=timezone.now())


@shared_task
def sweep_promises() -> None:
    """Warnings and breaches that are due."""
    firings.fire_due(at=timezone.now())

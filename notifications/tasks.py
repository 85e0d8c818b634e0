"""Bells and sweeps of notifications."""

from celery import shared_task

from notifications import delivery


@shared_task
def deliver() -> None:
    delivery.deliver()


@shared_task
def sweep_notices() -> None:
    """Notices whose bell was lost, whose process died, or whose next attempt is due."""
    delivery.deliver(limit=200)

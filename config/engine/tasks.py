"""The engine's own sweeps."""

from celery import shared_task

from config.engine import auditor
from kit import stash


@shared_task
def sweep_audit() -> None:
    auditor.keep_watch()


@shared_task
def sweep_stash() -> None:
    stash.sweep()

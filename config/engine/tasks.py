"""The engine's own sweep."""

from celery import shared_task

from config.engine import auditor


@shared_task
def sweep_audit() -> None:
    auditor.keep_watch()

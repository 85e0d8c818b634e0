"""Wiring and the engine room. Importing it makes the Celery app the current one, so bells ring by name."""

from config.celery import app as celery_app

__all__ = ["celery_app"]

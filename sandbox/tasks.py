"""The sweep of the box: what the card company has to tell, it tells."""

from celery import shared_task

from sandbox import events


@shared_task
def sweep_card_events() -> None:
    events.deliver()

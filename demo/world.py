"""The world of the embedded default: people, promises, desk, shelf, purchases, tickets; all by the house's verbs."""

from datetime import datetime, timedelta

from django.conf import settings

from demo import cast, duty, promises, purchases, shelf, stories
from kit import later

BOUGHT_BEFORE = timedelta(days=20)


def lay(at: datetime) -> None:
    """Lay the whole world as of `at`; what stands already stays. Nobody routes here: the running worker does."""
    cast.gather()
    promises.lay()
    duty.lay()
    shelf.lay()
    purchases.make(at=at - BOUGHT_BEFORE)
    stories.file_some(settings.DEMO_TICKETS, until=at)
    later.flush()

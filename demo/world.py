"""The world of the embedded default: people, promises, desks, shelf, and the orders and tickets of the last weeks."""

from datetime import datetime

from django.conf import settings

from demo import cast, duty, promises, shelf, stories
from kit import later


def lay(at: datetime) -> None:
    """Lay the whole world as of `at`; what stands already stays. What comes after `at` the running house does.

    It also sends the mails of those weeks, each under the date at which it was written.
    """
    cast.gather()
    promises.lay()
    duty.lay()
    duty.lay_europe(at)
    shelf.lay()
    shelf.lay_europe()
    stories.tell(settings.DEMO_TICKETS, until=at)
    later.flush()

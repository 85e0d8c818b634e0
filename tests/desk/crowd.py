"""What the processes of `test_crowd` do, each called on its own by `tests.infra.call`."""

from datetime import UTC, datetime

from demo import cast
from desk.actions import pool
from desk.models import Work
from kit.verbs import verb
from tests import make
from tests.desk.holds import holds

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def lay(count: int) -> int:
    """The cast, and so many tickets in the pool. Returns the desk."""
    cast.gather()
    desk = make.crew()
    tickets = [make.ticket("nina", NOW).pk for _ in range(count)]
    _make_work(tickets)
    return desk.pk


@verb
def _make_work(tickets: list[int]) -> None:
    Work.objects.taken_hold_of(tickets, NOW)


def drain(desk: int, rounds: int) -> int:
    """Offer what can be offered, again and again. Returns the offers made."""
    return sum(pool.drain(desk, at=NOW) for _ in range(rounds))


def count() -> int:
    """How many tickets are offered; fails when the desk is not in order."""
    holds()
    return Work.objects.filter(state=Work.State.OFFERED).count()

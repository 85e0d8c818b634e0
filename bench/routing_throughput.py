"""Tickets that nobody has routed: through the real worker, a bell each, and through the ticker's sweep of a hundred.

The desk is that of the demo, seven people. Each round they begin with empty hands and acknowledge nothing, so the first
few tickets are offered and the rest find everybody asked and wait in the pool, as after an outage. The reference is
a bare Celery worker beside it that does nothing, a task each.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from celery import current_app
from django.db import models
from django.db.models import F
from django.utils import timezone

from bench import bells, counting, side, stock
from bench.control import Laboratory
from bench.frame import ROUNDS, Measure, Ratio, at_least, named, ratio, size, sql, take_turns
from desk import tasks
from desk.models import Offer, Work
from duty.models.inside import Engineer
from tickets.models import Fact, Ticket

COUNT = size(200, 4_000)
"""Of a round."""
BATCH = tasks.BATCH
BUDGETS = {"one": 8, "batch": 12}
TURNS = ROUNDS + 1


def measure(here: Laboratory) -> list[Ratio]:
    # where the tickets for counting begin: behind those of the rounds
    one, batch = 1 + 2 * TURNS * COUNT, 1 + 2 * TURNS * COUNT + TURNS
    with ExitStack() as stack:
        database = stack.enter_context(stock.house(here, "routing", batch + TURNS * BATCH, is_taken_in=False))
        environment = stack.enter_context(bells.workers(database))
        sides: dict[str, Measure] = {}
        for name, function, *arguments in (
            ("nothing", "bells:nothing_per_second", COUNT),
            ("each", "routing_throughput:each", 1),
            ("swept", "routing_throughput:swept", 1 + TURNS * COUNT),
            ("SQL one", "routing_throughput:statements", one, 1),
            ("SQL batch", "routing_throughput:statements", batch, BATCH),
        ):
            sides[name] = stack.enter_context(side.side(environment, f"bench.{function}", *arguments))
        rounds = take_turns(sides)
    return [
        ratio(f"{named(COUNT)} tickets, a bell each : no-ops", rounds, "each", "nothing", at_least(0.2, 0.35, 0.45)),
        ratio(f"{named(COUNT)} tickets, by the sweep : no-ops", rounds, "swept", "nothing", at_least(4, 12, 25)),
        sql("one ticket routed", rounds, "SQL one", BUDGETS["one"]),
        sql(f"a sweep of {BATCH}", rounds, "SQL batch", BUDGETS["batch"]),
    ]


def each(start: int) -> Measure:
    """Ring for every ticket, until the last one is taken in."""
    batches = _batches(start, COUNT)

    return lambda: _ring(next(batches))


def ring_for(count: int) -> float:
    """Ring for so many tickets, the first ones of the house; how many a second."""
    return _ring(next(_batches(1, count)))


def _ring(numbers: list[int]) -> float:
    _untake(numbers)
    started = time.perf_counter()
    for number in numbers:
        current_app.send_task("desk.tasks.take_in", (number,), queue="bell", retry=False)
    bells.until(lambda: not _untaken().exists(), every=0.02)
    return len(numbers) / (time.perf_counter() - started)


def swept(start: int) -> Measure:
    """The ticker's sweep of facts whose bell was lost, again and again, in one process as in the ticker."""
    batches = _batches(start, COUNT)

    def once() -> float:
        _untake(next(batches))
        started = time.perf_counter()
        while _untaken().exists():
            tasks.sweep_intake()
        return COUNT / (time.perf_counter() - started)

    return once


def statements(start: int, count: int) -> Measure:
    """What the sweep of so many sends; for one, what its bell sends."""
    batches = _batches(start, count)

    def once() -> float:
        numbers = next(batches)
        _untake(numbers)
        return counting.statements(tasks.sweep_intake if count > 1 else lambda: tasks.take_in(numbers[0]))

    return once


def _batches(start: int, count: int) -> Iterator[list[int]]:
    """Tickets by number, `start` behind the pilot, never the same twice."""
    first = Ticket.objects.order_by("pk").values_list("pk", flat=True)[0] + start
    while True:
        yield list(range(first, first + count))
        first += count


def _untaken() -> models.QuerySet[Fact]:
    return Fact.objects.filter(taken_at=None)


def _untake(numbers: list[int]) -> None:
    """These tickets have just come, and everybody's hands are empty."""
    empty_hands()
    Fact.objects.filter(ticket_id__in=numbers).update(taken_at=None)


def empty_hands() -> None:
    """Earlier bells have been answered, and nobody holds anything: a round begins."""
    bells.idle()
    Offer.objects.filter(state=Offer.State.LIVE).update(state=Offer.State.RETURNED, ended_at=timezone.now())
    Work.objects.exclude(engineer=None).update(state=Work.State.DONE, engineer=None)
    Engineer.objects.update(held=0, away_until=None, version=F("version") + 1)

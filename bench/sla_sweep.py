"""The sweep of due promises: a hundred due in a house of a thousand tickets and in a large one, and none due at all.

The raw side does the same to bare rows in SQL: lock, move on, one event each, commit.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from bench import counting, side, stock
from bench.control import Laboratory
from bench.frame import Measure, Ratio, at_most, named, percentile, ratio, size, sql, take_turns
from desk.actions import firings
from tickets.models import Clock

SMALL, LARGE = 1_000, size(50_000, 1_000_000)
"""Tickets, each with its open clocks."""
DUE = 100
SQL_BUDGET = 8
"""Statements a batch of 500, so also for 100 due."""


def measure(here: Laboratory) -> list[Ratio]:
    small, large = named(SMALL), named(LARGE)
    with ExitStack() as stack:
        sides: dict[str, Measure] = {}
        for label, tickets in ((small, SMALL), (large, LARGE)):
            database = stack.enter_context(stock.house(here, f"sweep_{label}", tickets))
            for name in ("due", "none", "raw"):
                begun = side.side(database.environment, f"bench.sla_sweep:{name}", tickets)
                sides[f"{name} {label}"] = stack.enter_context(begun)
        statements = side.side(database.environment, "bench.sla_sweep:statements", tickets)
        sides["SQL"] = stack.enter_context(statements)
        rounds = take_turns(sides)
    due, none, raw, than = f"due {large}", f"none {large}", f"raw {large}", f"{large} : {small} open"
    return [
        ratio(f"sweep, 100 due, {than}", rounds, due, f"due {small}", at_most(3, 2, 1.6)),
        ratio(f"sweep, 100 due of {large} : raw sweep", rounds, due, raw, at_most(15, 6, 3)),
        ratio(f"sweep, none due, {than}", rounds, none, f"none {small}", at_most(1.5, 1.3, 1.1)),
        ratio(f"raw sweep, 100 due, {than} (the limit)", rounds, raw, f"raw {small}"),
        sql("a sweep with 100 due", rounds, "SQL", SQL_BUDGET),
    ]


def due(tickets: int) -> Measure:
    """The product's sweep with 100 clocks due; making them due is not timed."""
    batches = _batches(tickets)

    def once() -> float:
        _make_due(next(batches))
        return _timed(lambda: firings.fire_due(at=timezone.now()), DUE)

    return once


def none(tickets: int) -> Measure:
    """The product's sweep with nothing to do: a millisecond, so the median of some."""
    return percentile(lambda: _timed(lambda: firings.fire_due(at=timezone.now()), 0), 50, 20)


def raw(tickets: int) -> Measure:
    """The same on bare rows, as many, with the same partial index."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS raw_clock (id int PRIMARY KEY, due_at timestamptz, is_open bool)")
        cursor.execute("CREATE TABLE IF NOT EXISTS raw_event (clock int, at timestamptz)")
        cursor.execute(
            "INSERT INTO raw_clock SELECT g, now() + interval '1 day' + g * interval '1 second', true"
            " FROM generate_series(0, %s - 1) g",
            [tickets],
        )
        cursor.execute("CREATE INDEX raw_due ON raw_clock (due_at) WHERE is_open")
        cursor.execute("VACUUM ANALYZE raw_clock")
    batches = _batches(tickets)

    def sweep() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM raw_clock WHERE is_open AND due_at <= now() ORDER BY due_at LIMIT 500"
                " FOR UPDATE SKIP LOCKED"
            )
            found = [number for (number,) in cursor.fetchall()]
            cursor.execute("UPDATE raw_clock SET due_at = due_at + interval '2 days' WHERE id = ANY(%s)", [found])
            cursor.execute("INSERT INTO raw_event SELECT unnest(%s::int[]), now()", [found])
        return len(found)

    def once() -> float:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE raw_clock SET due_at = now() - interval '1 second' WHERE id = ANY(%s)", [next(batches)]
            )
        return _timed(sweep, DUE)

    return once


def statements(tickets: int) -> Measure:
    """How many statements the product's sweep sends, savepoints included; on the larger house, after all others."""
    batches = _batches(tickets, start=100)

    def once() -> float:
        _make_due(next(batches))
        return counting.statements(lambda: _timed(lambda: firings.fire_due(at=timezone.now()), DUE))

    return once


def _batches(tickets: int, start: int = 0) -> Iterator[list[int]]:
    """A hundred other numbers every time, spread over all; a threshold fires only once."""
    step = tickets // DUE
    for offset in range(start, step):
        yield [offset + number * step for number in range(DUE)]


def _make_due(numbers: list[int]) -> None:
    copies = Clock.objects.filter(ticket__reference__startswith=stock.COPY, fires_at__isnull=False)
    first = copies.order_by("pk").values_list("pk", flat=True)[0]
    moment = timezone.now() - timedelta(seconds=1)
    Clock.objects.filter(pk__in=[first + number for number in numbers]).update(fires_at=moment)


def _timed(sweep: Callable[[], int], expected: int) -> float:
    started = time.perf_counter()
    done = sweep()
    spent = time.perf_counter() - started
    if done != expected:
        raise RuntimeError(f"{done} fired, not {expected}")
    return spent

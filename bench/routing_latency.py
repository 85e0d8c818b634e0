"""From a ticket's commit until it is offered, by an idle worker: p95, to that of a no-op from sending to done."""

import time
from contextlib import ExitStack

from django.db import connection
from django.utils import timezone

from bench import bells, side, stock, visitor
from bench.control import Laboratory
from bench.frame import Measure, Ratio, at_most, ratio, size, take_turns
from bench.routing_throughput import empty_hands
from demo import cast
from tickets.actions import tickets

TIMES, PERCENT = size(20, 100), 95
CHANNEL = "offered"
TRIGGER = f"""
CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER tell AFTER INSERT ON desk_offer FOR EACH ROW EXECUTE FUNCTION tell();
LISTEN {CHANNEL};
"""
"""PostgreSQL says when the offer is committed; nobody looks again and again, and takes time from those who work."""


def measure(here: Laboratory) -> list[Ratio]:
    with ExitStack() as stack:
        database = stack.enter_context(stock.house(here, "latency", 1))
        environment = stack.enter_context(bells.workers(database))
        nothing = side.side(environment, "bench.bells:nothing_seconds", PERCENT, TIMES)
        sides: dict[str, Measure] = {
            "nothing": stack.enter_context(nothing),
            "offered": stack.enter_context(side.side(environment, "bench.routing_latency:offered")),
        }
        rounds = take_turns(sides)
    name = f"committed until offered, p{PERCENT} : no-op"
    return [ratio(name, rounds, "offered", "nothing", at_most(12, 6, 3))]


def offered() -> Measure:
    """File by the verb, and wait for the offer; what the ticket before left is put away first, untimed."""
    form = visitor.filled("nina")
    asked = {name: form[name] for name in ("organization", "entitlement", "category", "subject", "body")}
    nina = cast.person("nina")
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER)

    def wait() -> float:
        empty_hands()
        tickets.submit(by=nina, at=timezone.now(), severity=3, language="en", **asked)
        started = time.perf_counter()
        for _ in connection.connection.notifies(timeout=10, stop_after=1):
            return time.perf_counter() - started
        raise TimeoutError("nobody was offered the ticket")

    return lambda: sorted(wait() for _ in range(TIMES))[min(TIMES - 1, TIMES * PERCENT // 100)]

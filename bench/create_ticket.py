"""A ticket filed by the portal's form, over HTTP and with CSRF: requests a second, to a bare view with four INSERTs.

The house writes thread, message, ticket, clocks, fact and quota in one transaction, and rings the bells of routing and
of the confirmation after it; a broker takes them, and no worker competes for the cores.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode
from uuid import uuid4

from bench import counting, http, side, stock, visitor
from bench.control import Laboratory
from bench.frame import Measure, Ratio, at_least, named, ratio, size, sql, take_turns
from tests.infra import call, clusters
from tickets.models import Ticket

SIZES = (1_000, size(10_000, 200_000))
SQL_BUDGET = 10
SECONDS = 1.0
ASKER = "nina"


def measure(here: Laboratory) -> list[Ratio]:
    with ExitStack() as stack:
        broker = stack.enter_context(clusters.redis_server())
        raw = http.requests_per_second(here.bare, http.request("GET", "/raw"), 201, SECONDS)
        sides: dict[str, Measure] = {"raw": raw}
        for tickets in SIZES:
            database = stack.enter_context(stock.house(here, f"create_{named(tickets)}", tickets))
            form = call.answer(call.begin(database.environment, "bench.visitor:filled", ASKER))
            headers = visitor.cookies(database, ASKER)
            port = stack.enter_context(visitor.served(database, REDIS_URL=broker))
            sides[f"form {tickets}"] = http.requests_per_second(port, _posts(port, headers, form), 302, SECONDS)
            counted = side.side(database.environment, "bench.create_ticket:statements", form)
            sides[f"SQL {tickets}"] = stack.enter_context(counted)
        rounds = take_turns(sides)
    gate = at_least(0.25, 0.4, 0.55)
    return [
        *(ratio(f"form : four INSERTs, {named(n)} tickets", rounds, f"form {n}", "raw", gate) for n in SIZES),
        *(sql(f"form, {named(n)} tickets", rounds, f"SQL {n}", SQL_BUDGET) for n in SIZES),
    ]


def _posts(port: int, headers: dict[str, str], form: dict[str, str]) -> Iterator[bytes]:
    """The filled form again and again, each time with the key of a new form."""
    cookie, token = visitor.token(port, headers)
    headers = {"Cookie": f"{headers['Cookie']}; {cookie}"}
    while True:
        body = urlencode({**form, "csrfmiddlewaretoken": token, "source_key": uuid4().hex})
        yield http.request("POST", visitor.FILING, headers, body)


def statements(form: dict[str, str]) -> Measure:
    """The statements of one filing; fails when it files nothing."""
    client = visitor.client(ASKER)

    def once() -> float:
        before = Ticket.objects.count()
        sent = counting.statements(lambda: client.post(visitor.FILING, {**form, "source_key": uuid4().hex}))
        if Ticket.objects.count() != before + 1:
            raise RuntimeError("no ticket was filed")
        return sent

    return once

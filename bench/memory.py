"""Memory: of a web worker over a bare one, and its growth; of the Celery workers over bare ones; of a sweep.

Requests are mixed: customers and engineers read lists and tickets, customers file. Sizes in MiB; noise does not move
them, so they are taken once.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle, islice
from urllib.parse import urlencode
from uuid import uuid4

from bench import bells, http, side, sizes, stock, visitor
from bench.control import Laboratory
from bench.frame import Gate, Measure, Ratio, at_most, named, size
from bench.routing_throughput import ring_for
from bench.sla_sweep import LARGE, SMALL
from tests.infra import call
from tests.infra.databases import Database

TICKETS = size(2_000, 50_000)
EARLY, LATE = size(300, 1_000), size(1_500, 5_000)
"""Requests after which the workers are measured."""
ASKER, ENGINEER = "nina", "omar"
REFERENCE = re.compile(r"/tickets/(T-\w+|B-\d+)/")
BELLS = size(200, 2_000)


def measure(here: Laboratory) -> list[Ratio]:
    return [*_web(here), *_celery(here), _sweep(here)]


def _told(name: str, mib: float, gate: Gate | None = None) -> Ratio:
    return Ratio(name, (mib,), gate)


def _web(here: Laboratory) -> Iterator[Ratio]:
    """The larger of the two workers counts, and it is compared with the larger bare one after as many pages."""
    with ExitStack() as stack:
        database = stack.enter_context(stock.house(here, "memory", TICKETS))
        port = stack.enter_context(visitor.served(database))
        requests = _mixed(port, database)
        _send(port, islice(requests, EARLY))
        early = _largest_worker(port)
        _send(port, islice(requests, LATE - EARLY))
        late = _largest_worker(port)
    _send(here.bare, [http.request("GET", "/page")] * EARLY)
    bare = _largest_worker(here.bare)
    yield _told("a bare web worker, MiB", bare)
    yield _told(f"web worker over a bare one, {named(TICKETS)} tickets, MiB", late - bare, at_most(80, 50, 30))
    yield _told(f"growth from request {named(EARLY)} to {named(LATE)}, MiB", late - early, at_most(5, 2, 1))


def _largest_worker(port: int) -> float:
    return max(map(sizes.resident, sizes.leaves(sizes.descendants(f"127.0.0.1:{port}"))))


def _mixed(port: int, database: Database) -> Iterator[bytes]:
    """Lists, tickets, forms and filings, of a customer and of an engineer, in turn."""
    customer, engineer = (visitor.cookies(database, key) for key in (ASKER, ENGINEER))
    form = call.answer(call.begin(database.environment, "bench.visitor:filled", ASKER))
    cookie, token = visitor.token(port, customer)
    posting = {"Cookie": f"{customer['Cookie']}; {cookie}"}
    lists = (("/portal/tickets/", customer), ("/desk/", engineer))
    pages = [http.request("GET", path, reader) for path, reader in lists]
    tickets = [
        http.request("GET", f"{path if path != '/desk/' else '/desk/tickets/'}{reference}/", reader)
        for (path, reader), page in zip(lists, pages, strict=True)
        for reference in sorted(set(REFERENCE.findall(http.ask(port, page).decode())))
    ]
    reads = cycle([*pages, http.request("GET", visitor.FILING, customer), http.request("GET", "/"), *tickets])
    while True:
        yield from islice(reads, 9)
        body = urlencode({**form, "csrfmiddlewaretoken": token, "source_key": uuid4().hex})
        yield http.request("POST", visitor.FILING, posting, body)


def _send(port: int, requests: Iterator[bytes] | list[bytes]) -> None:
    """All of them, over four connections. Raises Unexpected for an answer that is no page."""

    def one(request: bytes) -> None:
        answer = http.ask(port, request)
        if answer[9:12] not in (b"200", b"302"):
            raise http.Unexpected(answer[:2000].decode(errors="replace"))

    with ThreadPoolExecutor(http.CONNECTIONS) as visitors:
        list(visitors.map(one, requests))


def _celery(here: Laboratory) -> Iterator[Ratio]:
    """Both trees after as many bells, each page that processes share divided among them."""
    with ExitStack() as stack:
        database = stack.enter_context(stock.house(here, "memory_bells", 1 + BELLS, is_taken_in=False))
        environment = stack.enter_context(bells.workers(database))
        for work in (f"bench.memory:ring {BELLS}", f"bench.bells:nothing_per_second {BELLS}"):
            name, count = work.split()
            with side.side(environment, name, int(count)) as once:
                once()
        house, bare = (sizes.share(sizes.descendants(words)) for words in ("celery -q -A config", "bench.bare.bells"))
    yield _told("bare Celery workers, MiB", bare)
    yield _told(f"Celery workers over bare ones, {named(BELLS)} bells, MiB", house - bare, at_most(120, 80, 50))


def ring(count: int) -> Measure:
    """A bell for each of so many tickets, until all are taken in."""
    return lambda: ring_for(count)


def _sweep(here: Laboratory) -> Ratio:
    """The most that a process ever had that swept a hundred due promises, here and there."""
    peaks = []
    for tickets in (SMALL, LARGE):
        with ExitStack() as stack:
            database = stack.enter_context(stock.house(here, f"memory_{named(tickets)}", tickets))
            once = stack.enter_context(side.side(database.environment, "bench.sla_sweep:due", tickets))
            once()
            peaks.append(max(map(sizes.peak, sizes.descendants("bench.sla_sweep:due"))))
    return _told(
        f"peak of a sweep, {named(LARGE)} - {named(SMALL)} tickets, MiB", peaks[1] - peaks[0], at_most(50, 20, 5)
    )

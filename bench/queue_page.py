"""The queue of a signed-in engineer, fifty rows out of ten thousand: p50 over HTTP, to a bare page of fifty rows."""

from contextlib import ExitStack

from bench import counting, http, side, stock, visitor
from bench.control import Laboratory
from bench.frame import Measure, Ratio, at_most, named, ratio, size, sql, take_turns

SMALL, LARGE = 1_000, 10_000
TIMES = size(20, 100)
SQL_BUDGET = 8
READER, PATH = "omar", "/desk/"
ROWS = 50


def measure(here: Laboratory) -> list[Ratio]:
    with ExitStack() as stack:
        sides: dict[str, Measure] = {"bare": http.seconds_of_one(here.bare, http.request("GET", "/page"), 50, TIMES)}
        for tickets in (SMALL, LARGE):
            database = stack.enter_context(stock.house(here, f"queue_{named(tickets)}", tickets))
            port = stack.enter_context(visitor.served(database))
            page = http.request("GET", PATH, visitor.cookies(database, READER))
            _check(http.ask(port, page).decode())
            sides[f"page {tickets}"] = http.seconds_of_one(port, page, 50, TIMES)
            counted = side.side(database.environment, "bench.queue_page:statements")
            sides[f"SQL {tickets}"] = stack.enter_context(counted)
        rounds = take_turns(sides)
    page, sizes = f"page {LARGE}", (SMALL, LARGE)
    return [
        ratio(f"queue page of {named(LARGE)} : bare page", rounds, page, "bare", at_most(3, 2, 1.4)),
        ratio(f"queue page, {named(LARGE)} : {named(SMALL)}", rounds, page, f"page {SMALL}"),
        *(sql(f"queue page of {named(n)}", rounds, f"SQL {n}", SQL_BUDGET) for n in sizes),
        ratio("SQL, equal at both sizes", rounds, f"SQL {LARGE}", f"SQL {SMALL}", at_most(1, 1, 1)),
    ]


def _check(page: str) -> None:
    if (rows := page.count('data-row="')) < ROWS:
        raise http.Unexpected(f"{rows} rows: {page[:2000]}")


def statements() -> Measure:
    """The statements of the page, session and guard included."""
    client = visitor.client(READER)
    return lambda: counting.statements(lambda: client.get(PATH))

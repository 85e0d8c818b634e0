"""An engineer's page of one ticket with five, fifty and five hundred messages: p50 over HTTP, to a bare page.

Every tenth message has a file; there is a note and an event beside each. The newest fifty lines are shown, so that a
long story costs what a short one does.
"""

from contextlib import ExitStack
from datetime import timedelta

from bench import counting, http, side, stock, visitor
from bench.control import Laboratory
from bench.frame import Measure, Ratio, at_most, ratio, size, sql, take_turns
from demo import cast
from desk.models import Note, Work
from talk.models import Attachment, Message
from talk.models.inside import Passage
from tests.infra import call
from tickets.models import Fact, Ticket

FEW, SOME, MANY = 5, 50, 500
TIMES = size(20, 100)
SQL_BUDGET = 12
READER = "omar"
PAUSE = timedelta(seconds=60)


def measure(here: Laboratory) -> list[Ratio]:
    with ExitStack() as stack:
        sides: dict[str, Measure] = {"bare": http.seconds_of_one(here.bare, http.request("GET", "/page"), 50, TIMES)}
        for messages in (FEW, SOME, MANY):
            database = stack.enter_context(stock.house(here, f"ticket_{messages}", 1))
            path = call.answer(call.begin(database.environment, "bench.ticket_detail:fill", messages))
            port = stack.enter_context(visitor.served(database))
            page = http.request("GET", path, visitor.cookies(database, READER))
            _check(http.ask(port, page).decode(), messages)
            sides[f"page {messages}"] = http.seconds_of_one(port, page, 50, TIMES)
            counted = side.side(database.environment, "bench.ticket_detail:statements", path)
            sides[f"SQL {messages}"] = stack.enter_context(counted)
        rounds = take_turns(sides)
    return [
        ratio(f"ticket of {SOME} : bare page", rounds, f"page {SOME}", "bare", at_most(4, 2.5, 1.8)),
        ratio(f"ticket of {MANY} : of {SOME}", rounds, f"page {MANY}", f"page {SOME}", at_most(1.3, 1.15, 1.05)),
        ratio(f"ticket of {FEW} : of {SOME}", rounds, f"page {FEW}", f"page {SOME}"),
        *(sql(f"ticket of {n}", rounds, f"SQL {n}", SQL_BUDGET) for n in (FEW, SOME, MANY)),
        ratio("SQL, equal at two sizes", rounds, f"SQL {MANY}", f"SQL {SOME}", at_most(1, 1, 1)),
    ]


def _check(page: str, messages: int) -> None:
    if (lines := page.count('class="line line-')) < min(messages, 50):
        raise http.Unexpected(f"{lines} lines: {page[:2000]}")


def fill(messages: int) -> str:
    """Let the one ticket be talked about: customer and desk in turn. The address of its page."""
    ticket, work = Ticket.objects.select_related("thread").get(), Work.objects.get()
    customer, engineer = ticket.opened_by, cast.person(READER)
    start = ticket.opened_at + PAUSE
    said = [
        Message(
            thread=ticket.thread, n=1 + number, voice=Message.Voice.SUPPORT if number % 2 else Message.Voice.CUSTOMER,
            said_by=None if number % 2 else customer, persona="Support" if number % 2 else "",
            body=f"{visitor.BODY}{number}", said_at=start + number * PAUSE, reference=f"{stock.COPY}{number}",
        )
        for number in range(1, messages)
    ]  # fmt: skip
    said = Message.objects.bulk_create(said)
    spoken = [one for one in said if one.said_by is None]
    Passage.objects.bulk_create(Passage(message=one, by=engineer, at=one.said_at, digest="") for one in spoken)
    Attachment.objects.bulk_create(
        Attachment(
            message=one, name="kubelet.log", media_type="text/plain", size=12_000, sha256="0" * 64,
            reference=f"{stock.COPY}{one.n}",
        )
        for one in said[::10]
    )  # fmt: skip
    Note.objects.bulk_create(Note(work=work, by=engineer, at=one.said_at, body="Looked at it.") for one in said)
    kinds = {True: Fact.Kind.CUSTOMER_MESSAGE, False: Fact.Kind.PUBLIC_REPLY}
    Fact.objects.bulk_create(
        Fact(ticket=ticket, n=ticket.last_n + number, kind=kinds[one.said_by is not None], at=one.said_at, data={})
        for number, one in enumerate(said, 1)
    )
    Ticket.objects.filter(pk=ticket.pk).update(last_n=ticket.last_n + len(said))
    return f"/desk/tickets/{ticket.reference}/"


def statements(path: str) -> Measure:
    """The statements of the page, session and guard included."""
    client = visitor.client(READER)
    return lambda: counting.statements(lambda: client.get(path))

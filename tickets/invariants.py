"""What must always hold of tickets (DESIGN 14). Clocks and states are a replay of the facts, and so can be audited."""

from collections.abc import Iterator, Sequence

from kit.invariants import Invariant
from tickets import sla, story, transitions
from tickets.models import Clock, Fact, Ticket

AT_ONCE = 500
REPLAYED = (
    "cycle", "target", "started_at", "due_at", "spent", "paused", "kept_at", "broken_by_change", "is_provisional",
)  # fmt: skip


def clocks_that_differ() -> Iterator[str]:
    """Stored clocks that a replay of the facts would set otherwise."""
    for ticket, facts in _histories():
        stored = {row.kind: row for row in ticket.clocks.all()}
        told = story.read(facts)
        at = [fact.at for fact in facts if story.moves_clocks(fact)][-1]
        wanted = {row.kind: row for row in sla.rows(ticket, told, at)} if told else {}
        if stored.keys() != wanted.keys():
            yield f"{ticket.reference}: has clocks {sorted(stored)}, not {sorted(wanted)}"
            continue
        for kind, row in stored.items():
            yield from (f"{ticket.reference} {kind}: {words}" for words in _differences(row, wanted[kind]))


def states_that_differ() -> Iterator[str]:
    """Tickets whose state is not the end of the path of their facts."""
    for ticket, facts in _histories():
        state = transitions.BEFORE
        try:
            for fact in facts:
                state = transitions.after(state, fact.kind)
        except transitions.WrongMove as wrong:
            yield f"{ticket.reference}: {wrong.fact} after {wrong.state}"
            continue
        if state != ticket.state:
            yield f"{ticket.reference}: is {ticket.state}, its facts say {state}"


def _histories() -> Iterator[tuple[Ticket, Sequence[Fact]]]:
    """Every ticket with its facts, some hundred at a time."""
    last = 0
    while tickets := list(
        Ticket.objects.filter(pk__gt=last).order_by("pk").prefetch_related("clocks", "facts")[:AT_ONCE]
    ):
        for ticket in tickets:
            yield ticket, sorted(ticket.facts.all(), key=lambda fact: fact.n)
        last = tickets[-1].pk


def _differences(row: Clock, wanted: Clock) -> Iterator[str]:
    for name in REPLAYED:
        if getattr(row, name) != getattr(wanted, name):
            yield f"{name} is {getattr(row, name)}, a replay gives {getattr(wanted, name)}"
    if row.broken_at not in (wanted.broken_at, wanted.due_at):
        yield f"broken_at is {row.broken_at}, a replay gives {wanted.broken_at}"
    if row.due_at and not row.broken_at and not row.fires_at:
        yield "runs and will never fire"


INVARIANTS = (
    Invariant(
        name="clocks_equal_a_replay",
        sentence="The stored due times of a ticket equal a replay of its facts.",
        check=clocks_that_differ,
        is_cheap=False,
    ),
    Invariant(
        name="states_equal_a_replay",
        sentence="The state of a ticket is the end of the path of its facts.",
        check=states_that_differ,
        is_cheap=False,
    ),
    Invariant(
        name="facts_have_no_gaps",
        sentence="The facts of a ticket are numbered from 1 without gaps, and the ticket counts them.",
        sql="""
            SELECT t.reference, t.last_n, count(f.id) FROM tickets_ticket t
            LEFT JOIN tickets_fact f ON f.ticket_id = t.id
            GROUP BY t.id, t.reference, t.last_n
            HAVING count(f.id) <> t.last_n OR min(f.n) <> 1 OR max(f.n) <> t.last_n OR count(f.id) = 0
        """,
        is_cheap=False,
    ),
    Invariant(
        name="one_live_clock_a_kind",
        sentence="A ticket has at most one clock of each kind.",
        sql="SELECT ticket_id, kind, count(*) FROM tickets_clock GROUP BY ticket_id, kind HAVING count(*) > 1",
        is_cheap=False,
    ),
    Invariant(
        name="one_ticket_a_source_key",
        sentence="What was filed once made one ticket.",
        sql="""
            SELECT source_key, count(*) FROM tickets_ticket WHERE source_key IS NOT NULL
            GROUP BY source_key HAVING count(*) > 1
        """,
        is_cheap=False,
    ),
    Invariant(
        name="waiting_has_its_question",
        sentence="A ticket waits for its customer exactly while one question is open.",
        sql="""
            SELECT t.reference, t.state FROM tickets_ticket t
            WHERE (t.state = 'waiting') <> EXISTS (
                SELECT 1 FROM tickets_ask a WHERE a.ticket_id = t.id AND a.answered_at IS NULL)
        """,
        is_cheap=False,
    ),
    Invariant(
        name="silence_closes",
        sentence="A solved ticket is closed within an hour of its last day.",
        sql="""
            SELECT reference, closes_at FROM tickets_ticket
            WHERE state = 'solved' AND closes_at < CURRENT_TIMESTAMP - INTERVAL '1 hour'
        """,
        sql_sqlite="""
            SELECT reference, closes_at FROM tickets_ticket
            WHERE state = 'solved' AND closes_at < datetime('now', '-1 hour')
        """,
    ),
)

"""The only writer of facts and clocks. A fact is appended, the ticket moves, the clocks are replayed and written.

The ticket row is locked by the caller. Moments never run backwards within a ticket: a verb that waited for the lock
writes its facts at the moment of the last one, if that is later than its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from duty import hours
from kit.rows import Insert, Update, write
from kit.verbs import Actor
from promises import clock, terms
from promises.clock import KINDS, ClockState
from tickets import transitions
from tickets.models import Clock, Fact, Ticket
from tickets.story import Story, facts_of, lines_of, moves_clocks
from tickets.story import read as story

THRESHOLDS = (50, 75, 90, 100)
"""Percent of the target at which somebody is told; 100 is the breach (DESIGN 6.10)."""
Entry = tuple[str, Mapping[str, Any]]
Kind = Fact.Kind


def record(
    ticket: Ticket, kind: str, *, at: datetime, by: Actor | None = None, data: Mapping[str, Any] | None = None
) -> Fact:
    """Append one fact, move the ticket, write its clocks. Raises WrongMove. `ticket` is locked."""
    return record_all(ticket, [(kind, data or {})], at=at, by=by)[0]


def record_all(ticket: Ticket, entries: Sequence[Entry], *, at: datetime, by: Actor | None = None) -> list[Fact]:
    """Append several facts of one moment with one replay. Other changed columns of `ticket` are saved along.

    The facts are as they were written, without their keys.
    """
    known = list(facts_of([ticket.pk]))
    at = max(at, known[-1].at)
    fresh = [
        Fact(ticket=ticket, n=ticket.last_n + number, kind=kind, at=at, by_id=by.pk if by else None, data=dict(data))
        for number, (kind, data) in enumerate(entries, 1)
    ]
    for fact in fresh:
        _move(ticket, fact)
    ticket.last_n += len(fresh)
    told = story([*known, *fresh]) if any(map(moves_clocks, fresh)) else None
    clocks = _clocks(ticket, told, at, _stored(ticket)) if told else []
    fresh[-1].data.update(_unfired(clocks))
    rows = [row for row, _missed in clocks]
    write(
        Insert([row for row in rows if row.pk is None]), Update([row for row in rows if row.pk], _CLOCK), Insert(fresh),
        Update([ticket], _MOVING),
    )  # fmt: skip
    return fresh


def opening(ticket: Ticket, *, at: datetime, by: Actor, data: Mapping[str, Any]) -> list[Fact | Clock]:
    """The first fact of a new ticket and its clocks, all of it unsaved: the ticket comes with them."""
    fact = Fact(ticket=ticket, n=1, kind=Fact.Kind.OPENED, at=at, by_id=by.pk, data=dict(data))
    _move(ticket, fact)
    ticket.last_n = 1
    told = story([fact])
    return [fact, *(row for row, _missed in (_clocks(ticket, told, at, {}) if told else []))]


def passed(clocks: Iterable[Clock], at: datetime) -> Update:
    """The threshold at which each of these clocks stood is fired: go to the next, and mark what is broken.

    One statement for any number of clocks, and the change for the caller to write, who holds the rows.
    """
    rows = list(clocks)
    told_of = groupby(lines_of([row.ticket_id for row in rows]), attrgetter("ticket_id"))
    histories = {pk: story(list(lines)) for pk, lines in told_of}
    for row in rows:
        told = histories.get(row.ticket_id)
        if told is None:
            continue
        state = clock.replay_one(row.kind, told.policy, told.calendar, told.events, at)  # type: ignore[arg-type]
        fired = row.fires_percent or 100
        row.broken_at, row.broken_by_change = state.broken_at, state.broken_by_change
        row.fires_percent, row.fires_at = next(
            (step for step in _steps(state, told.calendar_version_pk) if step[0] > fired), (None, None)
        )
    return Update(rows, ["broken_at", "broken_by_change", "fires_percent", "fires_at"])


# The ticket's own columns

_MOVING = [
    "state", "closing", "severity", "requested_severity", "is_confirmed", "is_unsettled", "policy_version",
    "calendar_version", "first_replied_at", "solved_at", "closes_at", "reopens_until", "last_said_at", "last_n",
]  # fmt: skip


def _move(ticket: Ticket, fact: Fact) -> None:
    """What one fact does to the columns of its ticket: a replay of all facts gives the stored row."""
    ticket.state = transitions.after(ticket.state if fact.n > 1 else transitions.BEFORE, fact.kind)
    match fact.kind:
        case Kind.PUBLIC_REPLY:
            ticket.first_replied_at = ticket.first_replied_at or fact.at
            ticket.last_said_at = fact.at
        case Kind.CUSTOMER_MESSAGE:
            ticket.last_said_at = fact.at
        case Kind.SOLVED:
            close, reopen = terms.days_to_close(ticket.policy_version_id)
            ticket.solved_at = fact.at
            ticket.closes_at, ticket.reopens_until = fact.at + timedelta(days=close), fact.at + timedelta(days=reopen)
        case Kind.REOPENED:
            ticket.closing, ticket.solved_at, ticket.closes_at, ticket.reopens_until = "", None, None, None
        case Kind.CLOSED:
            _close, reopen = terms.days_to_close(ticket.policy_version_id)
            ticket.closing, ticket.closes_at = fact.data["closing"], None
            ticket.reopens_until = ticket.reopens_until or fact.at + timedelta(days=reopen)


# The clocks

_CLOCK = [
    "cycle", "target", "started_at", "due_at", "spent", "paused", "kept_at", "broken_at", "broken_by_change",
    "is_provisional", "fires_at", "fires_percent",
]  # fmt: skip


def rows(ticket: Ticket, told: Story, at: datetime) -> list[Clock]:
    """The clocks as they stand at `at`, unsaved and as if nothing had been fired: for the replay that audits them."""
    return [row for row, _missed in _clocks(ticket, told, at, {})]


def _stored(ticket: Ticket) -> dict[str, Clock]:
    """The rows as they are, held, so that a threshold being fired now is fired before we look."""
    return {row.kind: row for row in Clock.objects.select_for_update().filter(ticket=ticket)}


def _clocks(ticket: Ticket, told: Story, at: datetime, stored: Mapping[str, Clock]) -> list[tuple[Clock, Clock | None]]:
    """Each promised clock as it stands now, and the stored row whose breach nobody was told of before it went on."""
    states = clock.replay(told.policy, told.calendar, told.events, at)
    pairs = []
    for kind in KINDS:
        if kind not in told.promised:
            continue
        state, old = states[kind], stored.get(kind)
        row = Clock(
            ticket=ticket, kind=kind, cycle=state.cycle, target=state.target, started_at=state.started_at,
            due_at=state.due_at, spent=state.spent, paused=state.paused, kept_at=state.kept_at,
            broken_at=state.broken_at, broken_by_change=state.broken_by_change,
            is_provisional=hours.is_provisional(told.calendar_version_pk, state.due_at), pk=old.pk if old else None,
        )  # fmt: skip
        row.fires_percent, row.fires_at = _next_step(state, told.calendar_version_pk, at, old)
        is_lost = old is not None and old.cycle < state.cycle and old.fires_at is not None and _was_late(old, at)
        pairs.append((row, old if is_lost else None))
    return pairs


def _next_step(
    state: ClockState, version_pk: int, at: datetime, old: Clock | None
) -> tuple[int | None, datetime | None]:
    """The next threshold: what was due already and not yet fired stays due, what lies behind is behind."""
    steps = _steps(state, version_pk)
    if old is not None and old.cycle == state.cycle and old.fires_percent is not None and old.fires_at is not None:
        if old.fires_at <= at:
            return next((step for step in steps if step[0] >= old.fires_percent), (None, None))
    elif old is not None and old.cycle == state.cycle and old.broken_at is not None:
        return None, None
    return next((step for step in steps if step[1] > at), (None, None))


def _steps(state: ClockState, version_pk: int) -> list[tuple[int, datetime]]:
    """The thresholds that this cycle has, with their moments. A breach by change is silent; a kept clock warns no more.

    A clock that was kept late, or stands still after its due moment, has its breach alone.
    """
    if state.broken_by_change or state.target is None or state.started_at is None:
        return []
    if state.due_at is None:
        return [(100, state.broken_at)] if state.broken_at else []
    calendar = hours.compiled(version_pk)
    moments = [
        (percent, moment)
        for percent in THRESHOLDS[:-1]
        for moment in clock.warnings(calendar, state.started_at, state.target, [percent], pauses=state.pauses)
    ]
    return [*moments, (100, state.broken_at or state.due_at)]


def _was_late(old: Clock, at: datetime) -> bool:
    return old.due_at is not None and old.due_at < at and old.kept_at is None


def _unfired(clocks: Iterable[tuple[Clock, Clock | None]]) -> dict[str, Any]:
    """Breaches of cycles that ended before anybody was told, for the fact that ended them: a breach stays a fact."""
    missed = [old for _row, old in clocks if old is not None]
    if not missed:
        return {}
    return {
        "unfired": [
            {"clock": old.kind, "cycle": old.cycle, "due_at": old.due_at.isoformat()} for old in missed if old.due_at
        ]
    }

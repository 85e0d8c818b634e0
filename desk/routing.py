"""Which ticket next, and which engineer for it: filters and orders, each deterministic whatever the order of input.

The caller supplies the moment and the people on duty; claims, locks and offers are the business of `desk.actions`.
The rules are those of PURE.md and of DESIGN.md section 8. A naive datetime raises ValueError.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

Objection = Literal[
    "away", "refused", "standby", "tier", "skill", "language", "customer", "offered", "full", "shift_ending"
]

LOST_FOR = timedelta(hours=8)
"""So long a broken ticket stands behind those that can still be kept."""

SHIFT_LEFT = timedelta(minutes=30)
"""With less of the shift left there are no new offers."""

ACKNOWLEDGE_CRITICAL = timedelta(minutes=5)
ACKNOWLEDGE_AT_LEAST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket in the pool. `due_at` is the next deadline of a running clock, past ones included; None = none runs."""

    reference: str
    severity: int  # 1..4
    waiting_since: datetime
    due_at: datetime | None
    broken_at: datetime | None = None
    tier: int = 1
    skill: str | None = None
    language: str | None = None
    organization: str | None = None
    handled_by: str | None = None  # the engineer who had this matter
    refused_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Engineer:
    """Somebody on duty. `held` decides who is full, `load` (weighted) only the order."""

    name: str
    tier: int
    skills: frozenset[str]
    languages: frozenset[str]
    idle_since: datetime
    held: int = 0  # live offers + owned tickets that do not wait for the customer
    cap: int = 3
    load: float = 0.0
    offers: int = 0  # unacknowledged; at most one
    busy_with: tuple[int, ...] = ()  # severities in hand
    shift_ends_at: datetime | None = None
    standby_for: frozenset[int] | None = None  # None = working; else only these severities with a running promise
    is_away: bool = False
    allowed: frozenset[str] | None = None  # organizations; None = all
    denied: frozenset[str] = frozenset()


def urgency(ticket: Waiting, at: datetime) -> tuple[Any, ...]:
    """The sort key of the pool, smallest first: earliest deadline with triage.

    Group 0 can still be kept, or was broken 8 h ago or earlier: without that return, those broken would wait for
    ever. Group 1 was broken since, group 2 has no deadline.
    """
    broken = _broken_since(ticket, at)
    rest = (ticket.severity, _utc(ticket.waiting_since), ticket.reference)
    if broken is not None:
        return (0, broken, *rest) if _utc(at) - broken >= LOST_FOR else (1, *rest)
    return (0, _utc(ticket.due_at), *rest) if ticket.due_at is not None else (2, *rest)


def objection(ticket: Waiting, engineer: Engineer, at: datetime) -> Objection | None:
    """Why this engineer is not offered this ticket: the first reason that applies, or None."""
    return next(_objections(ticket, engineer, at), None)


def choose_engineer(ticket: Waiting, engineers: Iterable[Engineer], at: datetime) -> Engineer | None:
    """Who is offered the ticket, or None: the one who had the matter, else the least loaded, then least flexible.

    For severity 1 and 2 somebody whose shift is ending is better than nobody.
    """
    objections = [(engineer, objection(ticket, engineer, at)) for engineer in engineers]
    able = [engineer for engineer, reason in objections if reason is None]
    if not able and ticket.severity <= 2:
        able = [engineer for engineer, reason in objections if reason == "shift_ending"]

    def order(engineer: Engineer) -> tuple[Any, ...]:
        flexibility = (engineer.tier, len(engineer.skills))
        is_new_to_it = engineer.name != ticket.handled_by
        return (is_new_to_it, engineer.load / engineer.cap, *flexibility, _utc(engineer.idle_since), engineer.name)

    return min(able, key=order, default=None)


def choose_ticket(engineer: Engineer, tickets: Iterable[Waiting], at: datetime) -> Waiting | None:
    """The most urgent ticket that this engineer can take, or None: one that nobody can take blocks nobody."""
    able = (ticket for ticket in tickets if objection(ticket, engineer, at) is None)
    return min(able, key=lambda ticket: urgency(ticket, at), default=None)


def acknowledge_by(ticket: Waiting, at: datetime, minutes: Mapping[int, int]) -> datetime:
    """Until when an offer made at `at` must be acknowledged; `minutes` by severity, 2 to 4, are the policy's.

    A fifth of the slack keeps a missed offer from eating the promise. Raises KeyError for a severity without minutes.
    """
    at = _utc(at)
    if ticket.severity == 1:
        return at + ACKNOWLEDGE_CRITICAL
    allowed = timedelta(minutes=minutes[ticket.severity])
    if ticket.due_at is None or _broken_since(ticket, at) is not None:
        return at + allowed
    slack = _utc(ticket.due_at) - at
    fifth = timedelta(seconds=-(-slack // timedelta(seconds=5)))  # rounded up
    return at + max(min(allowed, fifth), ACKNOWLEDGE_AT_LEAST)


def _objections(ticket: Waiting, engineer: Engineer, at: datetime) -> Iterator[Objection]:
    if engineer.is_away:
        yield "away"
    if engineer.name in ticket.refused_by:
        yield "refused"
    if not _is_called_in(ticket, engineer):
        yield "standby"
    if engineer.tier < ticket.tier:
        yield "tier"
    if ticket.skill is not None and ticket.skill not in engineer.skills:
        yield "skill"
    if ticket.language is not None and ticket.language not in engineer.languages:
        yield "language"
    if not _may_serve(engineer, ticket.organization):
        yield "customer"
    if engineer.offers > 0:
        yield "offered"
    if not _has_room(ticket, engineer):
        yield "full"
    if engineer.shift_ends_at is not None and _utc(engineer.shift_ends_at) - _utc(at) < SHIFT_LEFT:
        yield "shift_ending"


def _broken_since(ticket: Waiting, at: datetime) -> datetime | None:
    if ticket.broken_at is not None:
        return _utc(ticket.broken_at)
    if ticket.due_at is not None and _utc(ticket.due_at) <= _utc(at):
        return _utc(ticket.due_at)
    return None


def _is_called_in(ticket: Waiting, engineer: Engineer) -> bool:
    """People on standby are called only for a running promise of a severity that their roster names."""
    return engineer.standby_for is None or (ticket.due_at is not None and ticket.severity in engineer.standby_for)


def _may_serve(engineer: Engineer, organization: str | None) -> bool:
    return organization not in engineer.denied and (engineer.allowed is None or organization in engineer.allowed)


def _has_room(ticket: Waiting, engineer: Engineer) -> bool:
    """Below the cap; severity 1 may also interrupt, once, somebody who is full and works on a 3 or 4."""
    if engineer.held < engineer.cap:
        return True
    may_interrupt = 1 not in engineer.busy_with and not {3, 4}.isdisjoint(engineer.busy_with)
    return ticket.severity == 1 and engineer.held == engineer.cap > 0 and may_interrupt


def _utc(moment: datetime) -> datetime:
    """Keys are compared in UTC: Python compares two moments of one zone by the wall clock, folds ignored."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no zone")
    return moment.astimezone(UTC)

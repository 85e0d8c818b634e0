"""The facts of a ticket as the clocks read them. Everything about a promise stands in the facts themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from duty import hours
from duty.businesstime import WorkCalendar
from kit.questions import Among, Question
from promises.clock import ClockEvent, ClockKind, PolicyTerms
from promises.terms import Terms, pinned
from tickets.models import Fact

Kind = Fact.Kind

_EVENT_OF: dict[str, Any] = {
    Kind.OPENED: "created", Kind.CUSTOMER_MESSAGE: "customer_message", Kind.PUBLIC_REPLY: "public_reply",
    Kind.ASKED: "paused", Kind.ANSWERED: "resumed", Kind.SOLVED: "solved", Kind.REOPENED: "reopened",
    Kind.CLOSED: "closed", Kind.SET_ASIDE: "set_aside",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Story:
    """The facts of a ticket as the clocks read them."""

    policy: PolicyTerms
    calendar: WorkCalendar
    events: Sequence[ClockEvent]
    promised: frozenset[ClockKind]
    """Clocks that were ever promised; the others have no row."""
    calendar_version_pk: int
    """The version in which running clocks are measured now."""
    terms: Terms
    """What was pinned when the ticket was opened."""


def facts_of(tickets: Iterable[int]) -> Iterable[Fact]:
    """All facts of these tickets, ticket by ticket in their order."""
    return Fact.objects.filter(ticket_id__in=set(tickets)).order_by("ticket_id", "n")


def lines_of(tickets: Iterable[int]) -> Iterable[Any]:
    """The same, of each fact no more than `read` reads and the ticket it belongs to."""
    return _LINES.ask(tickets=set(tickets))


_LINES: Question[Any] = Question(
    lambda: (
        Fact.objects.filter(Among("ticket_id", "tickets"))
        .order_by("ticket_id", "n")
        .values_list("ticket_id", "kind", "at", "data", named=True)
    )
)


class Entry(Protocol):
    """What is read of a fact: a row, or just these columns."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


def read(facts: Sequence[Entry]) -> Story | None:
    """The facts as clock events; None when nothing was ever promised."""
    opened = facts[0].data
    if not opened.get("policy_version"):
        return None
    terms = pinned(opened["policy_version"], opened["calendar_version"], opened["severity"])
    if terms is None:
        return None
    events, promised, version = [], _promised(terms.policy.targets), opened["calendar_version"]
    for fact in facts:
        if fact.kind in _EVENT_OF:
            events.append(ClockEvent(_EVENT_OF[fact.kind], fact.at))
        elif "targets" in fact.data:
            targets, version = fact.data["targets"], fact.data["calendar_version"]
            promised |= _promised(targets)
            calendar, is_schedule = hours.compiled(version), fact.kind == Kind.CALENDAR
            change = ClockEvent("targets_changed", fact.at, targets=targets, calendar=calendar, is_schedule=is_schedule)
            events.append(change)
    return Story(terms.policy, terms.calendar, events, promised, version, terms)


def moves_clocks(fact: Fact) -> bool:
    """Whether the clocks care about it: urging and rating change none."""
    return fact.kind in _EVENT_OF or "targets" in fact.data


def targets_of(facts: Sequence[Fact]) -> dict[str, int | None]:
    """The targets in force after these facts."""
    told = read(facts)
    if told is None:
        return {}
    changes = [event.targets for event in told.events if event.targets is not None]
    return dict((changes or [told.policy.targets])[-1])  # type: ignore[arg-type]


def _promised(targets: Mapping[Any, int | None]) -> frozenset[ClockKind]:
    return frozenset(kind for kind, target in targets.items() if target is not None)

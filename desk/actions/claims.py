"""Claims: which waiting ticket is offered to which engineer, and the writing of it.

Everything that says so is written in one transaction: the offer, the place it takes, why this engineer, the line in
the timeline and the notice. `plan` is arithmetic over a picture of the crew; `claim` makes it true for those
engineers who are still as pictured.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from desk import disclosure, routing
from desk.actions import crew
from desk.actions.crew import Crew
from desk.models import Decision, Note, Offer, Work
from duty.models.inside import Engineer
from kit.rows import Change, Insert, Update, write
from notifications.actions import notices
from promises import terms

MINUTES = {1: 5, 2: 15, 3: 30, 4: 60}
"""Until when to acknowledge where no policy says so: community work."""
URGENT = (1, 2)
ROOM = {"offered", "full", "shift_ending"}
"""Objections that time alone removes: late binding, the ticket waits in the pool."""


@dataclass(frozen=True, slots=True)
class Match:
    """One ticket for one engineer. `because` is a code that `desk.timeline` puts into words."""

    work: Work
    engineer: Engineer
    because: str
    considered: list[dict[str, Any]]


def waiting(work: Work) -> routing.Waiting:
    """The work as routing sees it. People are named by their key in text."""
    return routing.Waiting(
        reference=work.ticket.reference, severity=work.severity, waiting_since=work.waiting_since,
        due_at=work.due_at, broken_at=work.broken_at, tier=work.tier, skill=work.skill or None,
        language=work.language or None, organization=str(work.ticket.organization_id),
        handled_by=str(work.handled_by_id) if work.handled_by_id else None,
        refused_by=frozenset(str(pk) for pk in work.refused_by),
    )  # fmt: skip


def considered(ticket: routing.Waiting, team: Crew) -> list[dict[str, Any]]:
    """Everybody on duty with the first objection against each: the shape of `Decision.considered`."""
    return [
        {
            "engineer": int(one.name), "objection": routing.objection(ticket, one, team.at),
            "load": one.load, "held": one.held,
        }
        for one in team.people
    ]  # fmt: skip


def by_urgency(works: Sequence[Work], at: datetime) -> list[Work]:
    return sorted(works, key=lambda work: routing.urgency(waiting(work), at))


def plan(works: Sequence[Work], team: Crew) -> list[Match]:
    """At most one ticket for each engineer, in the order given; changes the picture as it goes.

    The same as planning one work after another, each with the picture that the one before left.
    """
    matches = []
    for work in works:
        if not team.anybody_has_room():
            break
        ticket = waiting(work)
        chosen, because = choose(work, ticket, team)
        if chosen:
            matches.append(Match(work, team.rows[chosen.name], because, considered(ticket, team)))
            busy = (*chosen.busy_with, work.severity)
            load = chosen.load + crew.WEIGHTS[work.severity]
            team.replace(replace(chosen, offers=1, held=chosen.held + 1, busy_with=busy, load=load))
    return matches


def choose(work: Work, ticket: routing.Waiting, team: Crew) -> tuple[routing.Engineer | None, str]:
    """The engineer for this ticket, by concession where an S1 or S2 has waited for half of its acknowledgement."""
    if chosen := routing.choose_engineer(ticket, team.people, team.at):
        return chosen, "had_it" if chosen.name == ticket.handled_by else "most_room"
    if is_pressing(work, team.at):
        for because, eased in concessions(ticket):
            if chosen := routing.choose_engineer(eased, team.people, team.at):
                return chosen, because
    return None, "nobody"


def is_pressing(work: Work, at: datetime) -> bool:
    """An S1 or S2 that has waited for half of the time within which somebody should have taken it."""
    return work.severity in URGENT and at - work.waiting_since >= acknowledgement(work) / 2


def concessions(ticket: routing.Waiting) -> list[tuple[str, routing.Waiting]]:
    """What may be given up, in order: language, then product too, then tier too (DESIGN 8.1)."""
    language = replace(ticket, language=None)
    product = replace(language, skill=None)
    return [
        ("without_language", language),
        ("without_product", product),
        ("without_tier", replace(product, tier=1)),
    ]


def acknowledgement(work: Work) -> timedelta:
    return timedelta(minutes=_minutes(work))


def acknowledgement_at_least() -> timedelta:
    """The shortest of all: before half of it nothing is conceded."""
    return timedelta(minutes=MINUTES[1])


def _minutes(work: Work) -> int:
    ticket = work.ticket
    if work.severity == 1 or ticket.policy_version_id is None or ticket.calendar_version_id is None:
        return MINUTES[work.severity]
    pinned = terms.pinned(ticket.policy_version_id, ticket.calendar_version_id, work.severity)
    return pinned.acknowledge_minutes if pinned else MINUTES[work.severity]


def claim(matches: Sequence[Match], at: datetime) -> list[Offer]:
    """Offer each ticket to its engineer, for those still as pictured; the works are locked by the caller."""
    offers, changes = claiming(matches, at)
    write(*changes)
    return offers


def claiming(matches: Sequence[Match], at: datetime) -> tuple[list[Offer], list[Change]]:
    """As `claim`, but only the places are taken; the caller writes the rest, perhaps together with more."""
    free = crew.give_room(match.engineer for match in matches)
    held = [match for match in matches if match.engineer.pk in free]
    offers = [_offer(match, at) for match in held]
    for offer in offers:
        work = offer.work
        work.state, work.engineer, work.gap_told_at = Work.State.OFFERED, offer.engineer, None
        work.version, work.changed_at = work.version + 1, at
    reasons = [
        Decision(work=m.work, at=at, considered=m.considered, chosen=m.engineer, because=m.because) for m in held
    ]
    notes = [
        Note(work=m.work, kind=Note.Kind.OFFERED, at=at, data={"engineer": m.engineer.pk, "because": m.because})
        for m in held
    ]
    return offers, [
        Update([match.work for match in held], ["state", "engineer", "gap_told_at", "version", "changed_at"]),
        Insert(offers), Insert(reasons), Insert(notes),
        notices.inside([_letter(offer, at) for offer in offers], at=at),
    ]  # fmt: skip


def _offer(match: Match, at: datetime) -> Offer:
    until = routing.acknowledge_by(waiting(match.work), at, {match.work.severity: _minutes(match.work)})
    return Offer(work=match.work, engineer=match.engineer, offered_at=at, acknowledge_by=until)


def _letter(offer: Offer, at: datetime) -> tuple[Any, str, Any, str]:
    payload = disclosure.alert(offer.work, at, by_at=offer.acknowledge_by)
    about = f"{offer.work.ticket.reference}:{offer.work.version}"
    return offer.engineer.user, "desk.offered", payload, about

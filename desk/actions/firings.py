"""What passes without anybody acting: warnings before a promise ends, and the breach when it has (DESIGN 6.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.access import people_of
from accounts.models import User
from accounts.models.inside import Team
from desk import disclosure
from desk.actions import crew
from desk.models import Firing, Note, Work
from kit import leases
from kit.rows import Change, Insert, Update, write
from kit.verbs import verb
from notifications.actions import notices
from tickets import sla
from tickets.models import Clock

LATE = timedelta(minutes=2)
"""Told so much after it became true, a firing says that it is late: the house was out."""
ROUNDS = 4
"""After an outage a clock may have passed all its thresholds; they are drawn together and told once a ticket."""
BREACH = 100
TOLD_FROM = 75
"""Half of the time used is a line in the timeline; from here on people are told."""


@dataclass(slots=True)
class _Passed:
    """One clock that passed one threshold."""

    clock: Clock
    work: Work
    percent: int
    moment: datetime
    is_late: bool


@verb
def fire_due(*, at: datetime, limit: int = 500) -> int:
    """Draw up to `limit` thresholds that were passed: firing row, clock, note, breach, notices. Returns how many.

    A clock or a ticket that somebody has in hand is left for the next round. What has fired before moves its clock on
    and says nothing.
    """
    passed: list[_Passed] = []
    for _round in range(ROUNDS):
        fired, full = _fire(at, limit)
        passed += fired
        if full or not any(one.is_late for one in fired):
            break
    if passed:
        _tell(passed, at)
    return len(passed)


def _fire(at: datetime, limit: int) -> tuple[list[_Passed], bool]:
    before = Firing.objects.filter(
        work__ticket_id=OuterRef("ticket_id"), clock=OuterRef("kind"), cycle=OuterRef("cycle"),
        threshold=OuterRef("fires_percent"),
    )  # fmt: skip
    due = Clock.objects.filter(Exists(Work.objects.filter(ticket_id=OuterRef("ticket_id"))), fires_at__lte=at)
    clocks = list(leases.skip_locked(due.annotate(has_fired=Exists(before)).order_by("fires_at", "pk"))[:limit])
    if not clocks:
        return [], False
    locked = Work.objects.skipping_lock().filter(ticket_id__in={clock.ticket_id for clock in clocks})
    if any((clock.fires_percent or BREACH) >= TOLD_FROM for clock in clocks):
        locked = locked.select_related("ticket__organization", "desk__owner", "engineer__user")
    works = {work.ticket_id: work for work in locked}
    clocks = [clock for clock in clocks if clock.ticket_id in works]
    fresh = [_passed(clock, works[clock.ticket_id], at) for clock in clocks if not clock.has_fired]  # type: ignore[attr-defined]
    write(*_record(fresh, at), sla.passed(clocks, at))
    return fresh, len(clocks) == limit


def _passed(clock: Clock, work: Work, at: datetime) -> _Passed:
    moment = clock.fires_at or at
    return _Passed(clock, work, clock.fires_percent or BREACH, moment, at - moment > LATE)


def _record(passed: Sequence[_Passed], at: datetime) -> list[Change]:
    """What is written of it, before any clock goes on: `sla.passed` changes the rows that are read here."""
    firings = [
        Firing(
            work=one.work, clock=one.clock.kind, cycle=one.clock.cycle, threshold=one.percent, due_at=one.moment,
            fired_at=at, is_late=one.is_late,
        )
        for one in passed
    ]  # fmt: skip
    notes = [
        Note(
            work=one.work, kind=Note.Kind.BREACH if one.percent >= BREACH else Note.Kind.WARNING, at=at,
            data={
                "clock": one.clock.kind, "percent": one.percent, "is_late": one.is_late,
                "due_at": one.moment.isoformat(),
            },
        )
        for one in passed
    ]  # fmt: skip
    for one in passed:
        if one.percent >= BREACH and one.clock.due_at:  # still runs: what was kept late is not broken any more
            one.work.broken_at = min(filter(None, (one.work.broken_at, one.moment)))
    touched = {one.work.pk: one.work for one in passed}
    for work in touched.values():
        work.version, work.changed_at = work.version + 1, at
    moved = Update(list(touched.values()), ["broken_at", "version", "changed_at"])
    return [Insert(firings, is_repeatable=True), Insert(notes), moved]


def _tell(passed: Sequence[_Passed], at: datetime) -> None:
    """One notice for a ticket, of the worst that happened to it: to its owner; of a breach to the managers too."""
    worst: dict[int, _Passed] = {}
    for one in passed:
        other = worst.get(one.work.pk)
        if one.percent >= TOLD_FROM and (other is None or one.percent > other.percent):
            worst[one.work.pk] = one
    if not worst:
        return
    needed = any(one.percent >= BREACH or one.work.engineer_id is None for one in worst.values())
    managers = people_of(Team.Kind.DUTY_MANAGER) if needed else []
    letters = [letter for one in worst.values() for letter in _letters(one, managers, at)]
    notices.tell_inside_all(letters, at=at)


def _letters(one: _Passed, managers: list[User], at: datetime) -> list[tuple[User, str, Any, str]]:
    work, is_breach = one.work, one.percent >= BREACH
    people = [work.engineer.user] if work.engineer else []
    if (is_breach or not people) and work.desk.owner.is_house:
        people += managers
    payload = disclosure.alert(
        work, at, by_at=one.clock.due_at or one.moment, promise=one.clock.kind, percent=one.percent,
        is_late=one.is_late,
    )  # fmt: skip
    about = f"{work.ticket.reference}:{one.clock.kind}:{one.clock.cycle}:{one.percent}"
    kind = "desk.breach" if is_breach else "desk.warning"
    return [(user, kind, payload, about) for user in crew.users(people)]

"""Coverage: who covers a desk at a moment and on which roster, and where in the coming days nobody does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from duty import roster
from duty.models import Desk
from duty.models.inside import Engineer, RosterVersion
from kit.words import for_reader

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One engineer who is on, on which roster, and when that ends."""

    engineer_pk: int
    name: str
    roster: str
    until: datetime | None
    standby_for: tuple[int, ...]
    is_away: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the coming days in which nobody is on."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds())


@dataclass(frozen=True, slots=True)
class DeskNow:
    """One desk: who is on, what comes, where nobody is. `cover` is (from, width, is a gap) in per mille of AHEAD."""

    name: str
    is_gap: bool
    on: tuple[OnDuty, ...]
    next_change: datetime | None
    gaps: tuple[Gap, ...]
    cover: tuple[tuple[int, int, bool], ...]


def show(desk: Desk, *, at: datetime) -> DeskNow:
    """The desk at `at` and for AHEAD. Six statements."""
    duty, plan, rosters = roster.on_duty(desk.pk, at), roster.shifts(desk.pk, at, at + AHEAD), _rosters(desk, at)
    people = Engineer.objects.select_related("user").in_bulk([one.engineer_pk for one in duty.people])
    return DeskNow(
        name=for_reader(desk.name, desk.name_zh),
        is_gap=duty.is_gap,
        on=tuple(_on_duty(people[now.engineer_pk], now, rosters, at) for now in duty.people),
        next_change=plan[0].end if plan and plan[0].end < at + AHEAD else None,
        gaps=tuple(Gap(shift.start, shift.end) for shift in plan if shift.is_gap),
        cover=tuple(_piece(shift, at) for shift in plan),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is at a desk: the roster that names the person, what is held, and whether the shift runs now."""

    desk: str
    roster: str
    held: int
    is_on: bool
    until: datetime | None


def of_person(user_id: int, *, at: datetime) -> tuple[Standing, ...]:
    """The desks of one person: what would need somebody else if the person were gone."""
    rows = Engineer.objects.filter(user_id=user_id, is_active=True).select_related("desk").order_by("desk_id")
    return tuple(
        Standing(
            desk=for_reader(row.desk.name, row.desk.name_zh), roster=_rosters(row.desk, at).get(row.pk, ""),
            held=row.held, is_on=now is not None, until=now.shift_ends_at if now else None,
        )
        for row in rows
        for now in [roster.on_duty(row.desk_id, at).of(row.pk)]
    )  # fmt: skip


def _on_duty(engineer: Engineer, now: roster.OnDutyNow, rosters: dict[int, str], at: datetime) -> OnDuty:
    return OnDuty(
        engineer_pk=engineer.pk, name=engineer.user.name, roster=rosters.get(engineer.pk, ""),
        until=now.shift_ends_at, standby_for=tuple(sorted(now.standby_for or ())), is_away=engineer.is_away(at),
    )  # fmt: skip


def _piece(shift: roster.DeskShift, at: datetime) -> tuple[int, int, bool]:
    left, right = (round((moment - at) / AHEAD * 1000) for moment in (shift.start, shift.end))
    return left, right - left, shift.is_gap


def _rosters(desk: Desk, at: datetime) -> dict[int, str]:
    """The roster in whose plan each engineer stands at `at`, by the engineer's key; a working one before a standby."""
    named: dict[int, str] = {}
    seen: set[int] = set()
    versions = RosterVersion.objects.filter(roster__desk=desk, valid_from__lte=at).select_related("roster")
    for plan in versions.order_by("roster__kind", "roster_id", "-valid_from", "-number"):
        if plan.roster_id not in seen:
            seen.add(plan.roster_id)
            named |= dict.fromkeys(_people(plan), for_reader(plan.roster.name, plan.roster.name_zh))
    return named


def _people(plan: RosterVersion) -> set[int]:
    groups: Iterable[Iterable[int]] = (
        group
        for layer in plan.layers
        for group in [layer.get("people", ()), *(layer.get("rotation") or {}).get("groups", ())]
    )
    return {int(pk) for group in groups for pk in group}

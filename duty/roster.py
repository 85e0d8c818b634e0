"""Who is on duty at a desk: the one answer for routing, pages, notices and plans (DESIGN 7.1).

No position is stored. Versions, overrides and absences are read fresh, and the plan that they make is kept for as long
as none of them changed.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, zip_longest
from threading import Lock
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, SmallIntegerField, Subquery, Value
from django.db.models.functions import Cast

from duty import rotation
from duty.models.inside import Absence, Engineer, Override, Roster, RosterVersion
from kit.questions import Question, Slot, when

AHEAD = timedelta(hours=36)
"""How far a plan of today reaches: further than any shift."""
PLANS_KEPT = 64

Change = tuple[int | None, str, datetime, datetime, int, int | None, int]
"""(roster or None for all, kind, start, end, engineer, instead of, priority) of an override or an absence."""


@dataclass(frozen=True, slots=True)
class OnDutyNow:
    """One engineer who is on. `standby_for` None = working; else only running promises of these severities."""

    engineer_pk: int
    standby_for: frozenset[int] | None
    shift_ends_at: datetime | None
    """None: beyond the next day and a half."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A desk at a moment. In a gap nobody is on, and all of `fallback` should be called."""

    people: tuple[OnDutyNow, ...]
    is_gap: bool
    fallback: tuple[int, ...]

    def of(self, engineer_pk: int) -> OnDutyNow | None:
        return next((one for one in self.people if one.engineer_pk == engineer_pk), None)


@dataclass(frozen=True, slots=True)
class DeskShift:
    """A stretch of time during which the same engineers are on. `standby` are on for some severities only."""

    people: tuple[int, ...]
    standby: tuple[tuple[int, frozenset[int]], ...]
    start: datetime
    end: datetime

    @property
    def is_gap(self) -> bool:
        return not self.people and not self.standby

    def holds(self, engineer_pk: int) -> bool:
        return engineer_pk in self.people or any(pk == engineer_pk for pk, _ in self.standby)


def on_duty(desk_pk: int, at: datetime) -> Duty:
    """Who is on at `at`, with the end of each one's shift; and who is called when nobody is. Two statements."""
    start = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    versions, plan = _plan(desk_pk, start, start + AHEAD)
    now = next(shift for shift in plan if shift.start <= at < shift.end)
    standby = dict(now.standby)
    people = tuple(OnDutyNow(pk, standby.get(pk), _ends_at(plan, pk, at)) for pk in sorted({*now.people, *standby}))
    in_force = {version.roster_id: version for version in versions if version.valid_from <= at}
    fallback = dict.fromkeys(int(pk) for version in in_force.values() for pk in version.fallback)
    return Duty(people=people, is_gap=now.is_gap, fallback=tuple(fallback))


def shifts(desk_pk: int, start: datetime, end: datetime) -> tuple[DeskShift, ...]:
    """The final plan of a desk over [start, end), all rosters together, without holes between the shifts."""
    return _plan(desk_pk, start, end)[1]


def compiled(version: RosterVersion, changes: Iterable[Change] = ()) -> rotation.Roster:
    """A version as the arithmetic wants it, people named by their key in text. Raises rotation.RosterError."""
    return rotation.Roster(
        timezone=version.timezone,
        layers=tuple(_layer(layer) for layer in version.layers),
        holidays=tuple(
            rotation.DutyHoliday(date.fromisoformat(day["on"]), day.get("like_weekday")) for day in version.holidays
        ),
        fallback=tuple(str(pk) for pk in version.fallback),
        overrides=tuple(_override(change) for change in changes if change[0] in (None, version.roster_id)),
    )  # fmt: skip


def _layer(layer: dict[str, Any]) -> rotation.Layer:
    window = layer.get("window")
    return rotation.Layer(
        priority=layer.get("priority", 0),
        rotation=_rotation(layer["rotation"]) if layer.get("rotation") else None,
        people=tuple(str(pk) for pk in layer.get("people", ())),
        window=rotation.DailyWindow(frozenset(window["days"]), window["start"], window["end"]) if window else None,
    )


def _rotation(turns: dict[str, Any]) -> rotation.Rotation:
    days, minutes, begins = turns.get("days"), turns.get("duration_minutes"), turns.get("active_from")
    return rotation.Rotation(
        unit=turns["unit"],
        start=datetime.fromisoformat(turns["start"]),
        groups=tuple(tuple(str(pk) for pk in group) for group in turns["groups"]),
        step=turns.get("step", 1),
        hold=turns.get("hold", 1),
        days=frozenset(days) if days is not None else None,
        duration=timedelta(minutes=minutes) if minutes is not None else None,
        active_from=datetime.fromisoformat(begins) if begins else None,
    )


def _override(change: Change) -> rotation.Override:
    _, kind, start, end, person, instead_of, priority = change
    return rotation.Override(
        kind=kind, start=start, end=end, person=str(person),  # type: ignore[arg-type]
        instead_of=str(instead_of) if instead_of else None, priority=priority,
    )  # fmt: skip


_plans: "OrderedDict[tuple[object, ...], tuple[DeskShift, ...]]" = OrderedDict()
_plans_lock = Lock()


def _plan(desk_pk: int, start: datetime, end: datetime) -> tuple[list[RosterVersion], tuple[DeskShift, ...]]:
    versions, changes = _versions(desk_pk, start, end), _changes(desk_pk, start, end)
    key = (desk_pk, start, end, *(_print(version) for version in versions), *changes)
    with _plans_lock:
        if key in _plans:
            return versions, _plans[key]
    plan = _merged([_shifts_of(version, until, changes, start, end) for version, until in _spans(versions, end)],
                   start, end)  # fmt: skip
    with _plans_lock:
        _plans[key] = plan
        while len(_plans) > PLANS_KEPT:
            _plans.popitem(last=False)
    return versions, plan


def _print(version: RosterVersion) -> tuple[object, ...]:
    """All that a plan takes from a version."""
    content = (version.layers, version.holidays, version.timezone, version.roster.kind, version.roster.standby_for)
    return version.pk, version.valid_from, repr(content)


def _versions(desk_pk: int, start: datetime, end: datetime) -> list[RosterVersion]:
    """For each roster the version in force at `start` and those that begin before `end`, oldest first."""
    return _VERSIONS.ask(desk=desk_pk, start=start, end=end)


def _versions_of_a_desk() -> QuerySet[RosterVersion]:
    start = when("start")
    older = RosterVersion.objects.filter(roster_id=OuterRef("roster_id"), valid_from__lte=start)
    at_start = Subquery(older.order_by("-valid_from", "-number").values("pk")[:1])
    return (
        RosterVersion.objects.filter(roster__desk_id=Slot("desk"), valid_from__lt=when("end"))
        .filter(Q(pk=at_start) | Q(valid_from__gt=start))
        .select_related("roster")
        .order_by("roster_id", "valid_from", "number")
    )


def _changes(desk_pk: int, start: datetime, end: datetime) -> list[Change]:
    """Overrides of the desk's rosters, and absences of its people, that touch [start, end)."""
    return sorted(_CHANGES.ask(desk=desk_pk, start=start, end=end), key=str)


def _changes_at_a_desk() -> QuerySet[Any]:
    touching = Q(starts_at__lt=when("end"), ends_at__gt=when("start"))
    nobody, everywhere = Cast(Value(None), BigIntegerField()), Cast(Value(None), BigIntegerField())
    overrides = Override.objects.filter(touching, roster__desk_id=Slot("desk")).values_list(
        "roster_id", "kind", "starts_at", "ends_at", "person_id", "instead_of_id", "priority"
    )
    absences = (
        Absence.objects.filter(touching)
        .annotate(
            engineer=Subquery(
                Engineer.objects.filter(desk_id=Slot("desk"), user_id=OuterRef("user_id")).values("pk")[:1]
            )
        )
        .filter(engineer__isnull=False)
        .values_list(
            everywhere, Value("remove", CharField()), "starts_at", "ends_at", F("engineer"), nobody,
            Value(0, SmallIntegerField()),
        )
    )  # fmt: skip
    return overrides.union(absences, all=True)


_VERSIONS: Question[RosterVersion] = Question(_versions_of_a_desk)
_CHANGES: Question[Change] = Question(_changes_at_a_desk)


def _spans(versions: Sequence[RosterVersion], end: datetime) -> list[tuple[RosterVersion, datetime]]:
    """Each version with the moment at which the next one of its roster takes over."""
    return [
        (version, later.valid_from if later and later.roster_id == version.roster_id else end)
        for version, later in zip_longest(versions, versions[1:])
    ]


def _shifts_of(
    version: RosterVersion, until: datetime, changes: Sequence[Change], start: datetime, end: datetime
) -> list[tuple[datetime, datetime, tuple[int, ...], frozenset[int] | None]]:
    standby = frozenset(version.roster.standby_for) if version.roster.kind == Roster.Kind.STANDBY else None
    begin, stop = max(start, version.valid_from), min(end, until)
    if begin >= stop:
        return []
    return [
        (shift.start, shift.end, tuple(int(name) for name in shift.people), standby)
        for shift in rotation.shifts(compiled(version, changes), begin, stop)
        if shift.people and not shift.is_gap
    ]


def _merged(
    rosters: Sequence[list[tuple[datetime, datetime, tuple[int, ...], frozenset[int] | None]]],
    start: datetime,
    end: datetime,
) -> tuple[DeskShift, ...]:
    """All rosters laid over each other. Who works and stands by at once works."""
    pieces = [piece for roster in rosters for piece in roster]
    edges = sorted({start, end, *(moment for piece in pieces for moment in piece[:2])})
    merged: list[DeskShift] = []
    for left, right in pairwise(edges):
        working: set[int] = set()
        standby: dict[int, frozenset[int]] = {}
        for begin, stop, people, severities in pieces:
            if begin <= left and right <= stop:
                if severities is None:
                    working.update(people)
                else:
                    standby.update({pk: standby.get(pk, frozenset()) | severities for pk in people})
        rest = tuple(sorted((pk, severities) for pk, severities in standby.items() if pk not in working))
        shift = DeskShift(tuple(sorted(working)), rest, left, right)
        if merged and (merged[-1].people, merged[-1].standby) == (shift.people, shift.standby):
            shift = DeskShift(shift.people, shift.standby, merged.pop().start, right)
        merged.append(shift)
    return tuple(merged)


def _ends_at(plan: Sequence[DeskShift], engineer_pk: int, at: datetime) -> datetime | None:
    for shift in plan:
        if shift.end > at and not shift.holds(engineer_pk):
            return shift.start
    return None

"""Who is on duty at a moment: rotations in layers, holidays, temporary schedules, overrides.

Nothing is stored and nothing advances: any instant, past or future, is answerable from the roster alone. Moments are
aware and answers are UTC; fields called naive are the wall clock of the roster's zone. The rules are those of PURE.md
and of DESIGN.md section 7. Wrong data raises RosterError when it is constructed, a wrong question when it is asked.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import count, takewhile
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from duty import wallclock
from duty.beats import UNITS, Beat, beat

Reason = Literal[
    "no_people", "bad_step", "bad_hold", "bad_timezone", "bad_window", "overlong_duration", "bad_interval", "bad_kind"
]
Because = Literal["layer", "temporary", "set", "override", "fallback", "nobody"]
T = TypeVar("T")

HORIZON = timedelta(days=400)
"""How far ahead `next_change` looks."""

_DAY = timedelta(days=1)


class RosterError(ValueError):
    """Data or a question without a right answer; `reason` is the name to act on, the text is for people."""

    reason: Reason

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {detail}")


@dataclass(frozen=True, slots=True)
class Rotation:
    """Turns on the wall clock, served by groups in order; `start` and `active_from` are naive.

    Turn k is served by groups[(k // hold) % len(groups)]. With `days` there is a turn at start's clock time on each
    of these weekdays and `unit` and `step` are not used. `duration` None = until the next turn.
    """

    unit: Literal["hour", "day", "week", "month"]
    start: datetime
    groups: tuple[tuple[str, ...], ...]
    step: int = 1
    hold: int = 1
    days: frozenset[int] | None = None
    duration: timedelta | None = None
    active_from: datetime | None = None

    def __post_init__(self) -> None:
        _require(len(self.groups) > 0, "no_people", "a rotation without groups")
        for group in self.groups:
            _require_names(group)
        _require(isinstance(self.step, int) and self.step >= 1, "bad_step", f"a turn every {self.step!r} units")
        _require(self.unit in UNITS, "bad_step", f"unit {self.unit!r}")
        _require(isinstance(self.hold, int) and self.hold >= 1, "bad_hold", f"groups hold {self.hold!r} turns")
        _require(self.days is None or _are_weekdays(self.days), "bad_step", f"turns on days {self.days!r}")
        for moment in (self.start, self.active_from or self.start):
            _require(moment.tzinfo is None, "bad_interval", f"{moment!r} has a zone; a rotation has the roster's")
        made = _beat(self)
        if self.duration is not None:
            _require(self.duration > timedelta(0), "bad_interval", f"a duration of {self.duration}")
            distance = made.shortest()
            _require(self.duration <= distance, "overlong_duration", f"{self.duration} in a turn of {distance}")


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """Open from `start` to `end`, minutes of the local day, on the weekdays on which it starts.

    end <= start runs into the next day; end == start is 24 hours.
    """

    days: frozenset[int]
    start: int
    end: int

    def __post_init__(self) -> None:
        _require(_are_weekdays(self.days), "bad_window", f"a window on days {self.days!r}")
        whole = isinstance(self.start, int) and isinstance(self.end, int)
        _require(whole and 0 <= self.start < 1440 and 0 <= self.end <= 1440, "bad_window", f"{self.start}-{self.end}")


@dataclass(frozen=True, slots=True)
class Layer:
    """People by rotation or by name (exactly one of them), all the time or in a daily window; higher priority wins."""

    priority: int
    rotation: Rotation | None = None
    people: tuple[str, ...] = ()
    window: DailyWindow | None = None

    def __post_init__(self) -> None:
        _require((self.rotation is None) == bool(self.people), "no_people", "a layer has a rotation or people")
        if self.people:
            _require_names(self.people)


@dataclass(frozen=True, slots=True)
class Override:
    """A change for a time. `instead_of` is for replace; among several sets the highest priority wins, equals share."""

    kind: Literal["add", "remove", "replace", "set"]
    start: datetime
    end: datetime
    person: str
    instead_of: str | None = None
    priority: int = 0

    def __post_init__(self) -> None:
        _require(self.kind in ("add", "remove", "replace", "set"), "bad_kind", f"an override to {self.kind!r}")
        _require_names((self.person,))
        _require(self.kind != "replace" or bool(self.instead_of), "no_people", f"{self.person} instead of nobody")
        _require_length(self.start, self.end)


@dataclass(frozen=True, slots=True)
class TemporarySchedule:
    """Replaces the layers from start to end, even by silence. `shifts` are (person, start, end), cut to that time."""

    start: datetime
    end: datetime
    shifts: tuple[tuple[str, datetime, datetime], ...]

    def __post_init__(self) -> None:
        _require_length(self.start, self.end)
        for person, start, end in self.shifts:
            _require_names((person,))
            _require_length(start, end)


@dataclass(frozen=True, slots=True)
class DutyHoliday:
    """A local date on which nobody is on by layer, or whose windows follow another weekday's mask."""

    on: date
    like_weekday: int | None = None

    def __post_init__(self) -> None:
        like = self.like_weekday
        _require(like is None or _are_weekdays((like,)), "bad_window", f"a date like weekday {like!r}")


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """The plan of who is on. `timezone` is an IANA name; the fallback answers when nobody is on."""

    timezone: str
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    temporaries: tuple[TemporarySchedule, ...] = ()
    holidays: tuple[DutyHoliday, ...] = ()
    fallback: tuple[str, ...] = ()
    _plan: "_Plan" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check(self)
        object.__setattr__(self, "_plan", _plan(self))


@dataclass(frozen=True, slots=True)
class OnDuty:
    """`people` are sorted, without repetition; in a gap nobody was on and they are all of the fallback."""

    people: tuple[str, ...]
    is_gap: bool
    because: Because


@dataclass(frozen=True, slots=True)
class Shift:
    """One answer for all of [start, end)."""

    people: tuple[str, ...]
    start: datetime
    end: datetime
    is_gap: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person can do, for `coverage`."""

    tier: int
    skills: frozenset[str]
    languages: frozenset[str]


def check(roster: Roster) -> None:
    """Raise RosterError for what only the whole roster can show: zone, fallback, contradicting holidays.

    Runs at construction; rotations, windows, layers and overrides have then checked themselves.
    """
    _zone(roster.timezone)
    if roster.fallback:
        _require_names(roster.fallback)
    dates = Counter(holiday.on for holiday in set(roster.holidays))
    for on, times in dates.items():
        _require(times == 1, "bad_window", f"{on} is several holidays at once")


def on_duty(roster: Roster, at: datetime) -> OnDuty:
    """Who is on at `at`, and which rule decided. O(layers + overrides live at that moment)."""
    return _answer(roster, _utc(at))


def shifts(roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """The final schedule of [start, end): pieces without holes, gaps included, neighbours differ."""
    return list(_pieces(roster, *_interval(start, end)))


def next_change(roster: Roster, at: datetime) -> datetime | None:
    """The first moment later than `at` with other people or at which a gap begins or ends; None beyond 400 days."""
    at = _utc(at)
    first = next(_pieces(roster, at, at + HORIZON + timedelta.resolution))
    return first.end if first.end <= at + HORIZON else None


def handoffs(roster: Roster, layer: Layer, start: datetime, end: datetime) -> list[datetime]:
    """The start of every served turn in [start, end), whatever window and holidays say; [] for a layer of people."""
    start, end = _interval(start, end)
    if layer.rotation is None:
        return []
    turns = _Turns(layer.rotation, roster._plan.zone, _beat(layer.rotation))
    begun = takewhile(lambda k: turns.start(k) < end, count(max(turns.current(start), 0)))
    return [turns.start(k) for k in begun if turns.is_served(k) and start <= turns.start(k) < turns.end(k)]


def gaps(roster: Roster, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The pieces of [start, end) in which nobody is on and the fallback, if any, answers."""
    return [(piece.start, piece.end) for piece in shifts(roster, start, end) if piece.is_gap]


def coverage(
    roster: Roster,
    people: Mapping[str, Profile],
    start: datetime,
    end: datetime,
    *,
    needed: Iterable[tuple[int, str, str]],
) -> dict[tuple[int, str, str], int]:
    """Whole minutes of [start, end) without anybody of at least that tier with that skill and language, per need.

    The fallback and people without a profile do not count. Fractions of a minute are dropped once, at the end.
    """
    lengths: dict[frozenset[Profile], timedelta] = {}
    for piece in shifts(roster, start, end):
        on = () if piece.is_gap else piece.people
        able = frozenset(people[name] for name in on if name in people)
        lengths[able] = lengths.get(able, timedelta(0)) + (piece.end - piece.start)

    def missing(tier: int, skill: str, language: str) -> timedelta:
        def can(person: Profile) -> bool:
            return person.tier >= tier and skill in person.skills and language in person.languages

        return sum((length for able, length in lengths.items() if not any(map(can, able))), timedelta(0))

    return {need: missing(*need) // timedelta(minutes=1) for need in needed}


# The order of evaluation


def _answer(roster: Roster, at: datetime) -> OnDuty:
    live = roster._plan.overrides.at(at)
    planned, because = _planned(roster._plan, live, at)
    on = _overridden(planned, live)
    if on:
        return OnDuty(tuple(sorted(on)), False, because if on == planned else "override")
    if roster.fallback:
        return OnDuty(tuple(sorted(set(roster.fallback))), True, "fallback")
    return OnDuty((), True, "nobody")


def _planned(plan: "_Plan", live: Collection[Override], at: datetime) -> tuple[set[str], Because]:
    """Who is on before personal overrides: a `set` beats a temporary schedule, which beats the layers."""
    sets = [override for override in live if override.kind == "set"]
    if sets:
        top = max(override.priority for override in sets)
        return {override.person for override in sets if override.priority == top}, "set"
    temporary = plan.temporaries.at(at)
    if temporary:
        return {person for person in temporary if person is not None}, "temporary"
    return plan.by_layer(at), "layer"


def _overridden(on: set[str], live: Collection[Override]) -> set[str]:
    """Remove and replace look at the same people `on`, so they do not chain; then add. An absence wins over both."""
    absent = {override.person for override in live if override.kind == "remove"}
    swaps = [override for override in live if override.kind == "replace" and override.instead_of in on]
    left = on - absent - {override.instead_of for override in swaps}
    came = {override.person for override in swaps} | {override.person for override in live if override.kind == "add"}
    return left | (came - absent)


def _pieces(roster: Roster, start: datetime, end: datetime) -> Iterator[Shift]:
    """The schedule of [start, end), lazily: an answer can only change at a moment that the plan names."""
    if start == end:
        return
    begun, answer = start, _answer(roster, start)
    for moment in roster._plan.moments(start, end):
        now = _answer(roster, moment)
        if (now.people, now.is_gap) != (answer.people, answer.is_gap):
            yield Shift(answer.people, begun, moment, answer.is_gap)
            begun, answer = moment, now
    yield Shift(answer.people, begun, end, answer.is_gap)


# The plan: a roster made ready for questions


@dataclass(frozen=True, slots=True)
class _Plan:
    zone: ZoneInfo
    levels: tuple[tuple["_Post", ...], ...]  # from the highest priority down
    closed: frozenset[date]
    temporaries: "_Timeline[str | None]"  # None marks the schedule itself, which may be silent
    overrides: "_Timeline[Override]"

    def by_layer(self, at: datetime) -> set[str]:
        if wallclock.shown(self.zone, at).date() in self.closed:
            return set()
        for level in self.levels:
            on = {person for post in level for person in post.people(at)}
            if on:
                return on
        return set()

    def moments(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every moment between start and end at which the answer may change, in order, once."""
        changes = [post.changes(start) for level in self.levels for post in level]
        dates = [on for on in self.closed if start.date() - 3 * _DAY < on < end.date() + 3 * _DAY]
        midnights = sorted(
            {moment for on in dates for day in (on, on + _DAY) for moment in wallclock.midnight(self.zone, day)}
        )
        last = start
        for moment in merge(*changes, self.temporaries.after(start), self.overrides.after(start), midnights):
            if moment >= end:
                return
            if moment > last:
                last = moment
                yield moment


def _plan(roster: Roster) -> _Plan:
    zone = _zone(roster.timezone)
    like = {holiday.on: holiday.like_weekday for holiday in roster.holidays if holiday.like_weekday is not None}
    levels: dict[int, list[_Post]] = {}
    for layer in sorted(roster.layers, key=lambda layer: -layer.priority):
        turns = _Turns(layer.rotation, zone, _beat(layer.rotation)) if layer.rotation else None
        hours = _Hours(layer.window, zone, like) if layer.window else None
        levels.setdefault(layer.priority, []).append(_Post(layer.people, turns, hours))
    temporary: list[tuple[datetime, datetime, str | None]] = []
    for schedule in roster.temporaries:
        opens, closes = _utc(schedule.start), _utc(schedule.end)
        temporary.append((opens, closes, None))
        temporary += [(max(_utc(start), opens), min(_utc(end), closes), who) for who, start, end in schedule.shifts]
    return _Plan(
        zone,
        tuple(tuple(posts) for posts in levels.values()),
        frozenset(holiday.on for holiday in roster.holidays if holiday.like_weekday is None),
        _timeline(temporary),
        _timeline([(_utc(override.start), _utc(override.end), override) for override in roster.overrides]),
    )


@dataclass(frozen=True, slots=True)
class _Post:
    """A layer in its zone."""

    named: tuple[str, ...]
    turns: "_Turns | None"
    hours: "_Hours | None"

    def people(self, at: datetime) -> Collection[str]:
        if self.hours is not None and not self.hours.is_open(at):
            return ()
        return self.named if self.turns is None else self.turns.people(at)

    def changes(self, after: datetime) -> Iterator[datetime]:
        return merge(*(part.changes(after) for part in (self.turns, self.hours) if part is not None))


@dataclass(frozen=True, slots=True)
class _Timeline(Generic[T]):
    """What is live from each moment to the next."""

    moments: list[datetime]
    live: list[list[T]]

    def at(self, at: datetime) -> list[T]:
        place = bisect_right(self.moments, at) - 1
        return self.live[place] if place >= 0 else []

    def after(self, start: datetime) -> list[datetime]:
        return self.moments[bisect_right(self.moments, start) :]


def _timeline(spans: Collection[tuple[datetime, datetime, T]]) -> _Timeline[T]:
    moments = sorted({moment for start, end, _ in spans for moment in (start, end)})
    live: list[list[T]] = [[] for _ in moments]
    for start, end, item in spans:
        for place in range(bisect_left(moments, start), bisect_left(moments, end)):
            live[place].append(item)
    return _Timeline(moments, live)


@dataclass(frozen=True, slots=True)
class _Hours:
    """A daily window in its zone; `like` maps the dates that follow another weekday's mask."""

    window: DailyWindow
    zone: ZoneInfo
    like: Mapping[date, int]

    def is_open(self, at: datetime) -> bool:
        today = wallclock.shown(self.zone, at).date()
        # A repeated midnight (St. John's until 2011) shows tomorrow before today: four dates can matter, not two.
        near = (today + timedelta(days=shift) for shift in (-2, -1, 0, 1))
        return any(self.opens(day) <= at < self.closes(day) for day in near if self.has(day))

    def has(self, day: date) -> bool:
        return self.like.get(day, day.weekday()) in self.window.days

    def opens(self, day: date) -> datetime:
        return wallclock.first(self.zone, datetime.combine(day, time()) + timedelta(minutes=self.window.start))

    def closes(self, day: date) -> datetime:
        minutes = self.window.end + (1440 if self.window.end <= self.window.start else 0)
        return wallclock.last(self.zone, datetime.combine(day, time()) + timedelta(minutes=minutes))

    def changes(self, after: datetime) -> Iterator[datetime]:
        return merge(map(self.opens, self._days(after)), map(self.closes, self._days(after)))

    def _days(self, after: datetime) -> Iterator[date]:
        earliest = wallclock.shown(self.zone, after).date() - 2 * _DAY
        return filter(self.has, (earliest + timedelta(days=ahead) for ahead in count()))


# Turns


@dataclass(frozen=True, slots=True)
class _Turns:
    """A rotation in its zone."""

    rotation: Rotation
    zone: ZoneInfo
    beat: Beat

    def start(self, k: int) -> datetime:
        return wallclock.first(self.zone, self.beat.turn(k))

    def end(self, k: int) -> datetime:
        if self.rotation.duration is None:
            return self.start(k + 1)
        return wallclock.last(self.zone, self.beat.turn(k) + self.rotation.duration)

    def is_served(self, k: int) -> bool:
        return self.rotation.active_from is None or self.beat.turn(k) >= self.rotation.active_from

    def current(self, at: datetime) -> int:
        """The last turn that has started; -1 before turn 0.

        The wall clock gives a turn that has started, because it never shows a time before its first occurrence. In a
        repeated hour a later one may have started too, which only UTC can tell: without it the hour would go back a
        person.
        """
        wall = wallclock.shown(self.zone, at)
        k = self.beat.last(wall) if wall >= self.beat.first else -1
        while self.start(k + 1) <= at:
            k += 1
        return k

    def people(self, at: datetime) -> set[str]:
        """Everybody whose turn has not ended: two turns where a repeated hour lets a duration run into the next."""
        groups = self.rotation.groups
        on: set[str] = set()
        for k in range(self.current(at), -1, -1):
            if self.end(k) <= at:
                break
            if self.is_served(k):
                on.update(groups[(k // self.rotation.hold) % len(groups)])
        return on

    def changes(self, after: datetime) -> Iterator[datetime]:
        k = max(self.current(after), 0)
        if self.rotation.duration is None:
            return map(self.start, count(k))
        while k > 0 and self.end(k - 1) > after:
            k -= 1
        return merge(map(self.start, count(k)), map(self.end, count(k)))


def _beat(rotation: Rotation) -> Beat:
    try:
        return beat(rotation.unit, rotation.start.replace(fold=0), rotation.step, rotation.days)
    except (OverflowError, ValueError):
        raise RosterError("bad_step", f"{rotation.step} {rotation.unit}s reach past the calendar") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):  # ZoneInfoNotFoundError is a KeyError; "Europe" a directory
        raise RosterError("bad_timezone", f"no IANA zone: {name!r}") from None


# Wrong input


def _require(fact: bool, reason: Reason, detail: str) -> None:
    if not fact:
        raise RosterError(reason, detail)


def _require_names(names: Collection[str]) -> None:
    """A string is a collection of strings too: ("ann") is no group of one, and would be three people."""
    _require(len(names) > 0 and not isinstance(names, str) and all(names), "no_people", f"no people: {names!r}")


def _are_weekdays(days: Collection[int]) -> bool:
    return len(days) > 0 and all(isinstance(day, int) and 0 <= day <= 6 for day in days)


def _utc(moment: datetime) -> datetime:
    """Everything is compared in UTC: Python compares two moments of one zone by the wall clock, folds ignored."""
    _require(moment.utcoffset() is not None, "bad_interval", f"{moment!r} has no zone")
    return moment.astimezone(UTC)


def _interval(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    start, end = _utc(start), _utc(end)
    _require(start <= end, "bad_interval", f"it ends at {end}, before it starts at {start}")
    return start, end


def _require_length(start: datetime, end: datetime) -> None:
    start, end = _interval(start, end)
    _require(start < end, "bad_interval", f"nothing between {start} and {end}")

"""Working time: how much of it lies between two moments, and when so much of it will have passed.

A calendar is compiled once into a table of merged windows with running totals, in UTC epoch seconds; every question is
then a bisection. Rules: DESIGN section 6. Durations are real elapsed seconds.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from operator import sub
from typing import Literal
from zoneinfo import ZoneInfo

Window = tuple[int, int]
"""Minutes of the local day, half-open; 1440 is 24:00. An end before the start is on the next day."""
Pauses = Sequence[tuple[datetime, datetime]]
Reason = Literal["no_working_time", "empty_window", "bad_time", "bad_timezone", "overlap"]
Light = Literal["open", "closed", "holiday", "break"]
Spans = list[tuple[int, int]]
"""Half-open pieces of time: epoch seconds within a table, epoch microseconds in a question."""

HORIZON = 400 * 86_400
"""Seconds. What does not happen within them never happens (DESIGN section 2)."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLION = 1_000_000
DAY = 24 * 60
ALWAYS = 1 << 40
"""Epoch seconds later than any datetime."""


class CalendarError(ValueError):
    """A calendar that nobody can have meant; `reason` is the word for it."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Table:
    """The windows around [first, last); `totals[i]` is the working time of all windows before window i.

    Window 0 is empty and before all time, so that some window always began earlier; `totals` has one entry more.
    """

    first: int
    last: int
    starts: list[int]
    ends: list[int]
    totals: list[int]


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """When somebody works. Keep one object per calendar version and process, for the sake of its table."""

    timezone: str
    weekly: Mapping[int, Sequence[Window]]
    holidays: frozenset[date] = frozenset()
    overrides: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    breaks: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    holiday_rule: Literal["calendar_date", "shift_start"] = "calendar_date"
    _table: "Table | None" = field(default=None, init=False, repr=False)


def window(start: str, end: str) -> Window:
    """Read "09:00" and "24:00". Raises CalendarError: bad_time for another spelling, empty_window for equal times."""
    read = (_minutes(start), _minutes(end))
    _check_window(read)
    return read


def check(calendar: WorkCalendar) -> None:
    """Refuse a calendar that nobody can have meant. Raises CalendarError.

    Overlaps are looked for within what is written for one weekday or one date, and across the midnights of the weekly
    plan. Where an override meets the night before or the day after, and where breaks overlap, they are merged.
    """
    _zone(calendar.timezone)
    if not calendar.weekly.keys() <= set(range(7)):
        raise CalendarError("bad_time", "weekdays are 0, Monday, to 6")
    for plan in (calendar.weekly, calendar.overrides, calendar.breaks):
        for pieces in plan.values():
            for piece in pieces:
                _check_window(piece)
    if any(end < start for pieces in calendar.breaks.values() for start, end in pieces):
        raise CalendarError("bad_time", "a break does not cross midnight")
    week = sorted(_laid_out(day, piece) for day, pieces in calendar.weekly.items() for piece in pieces)
    _check_apart(week + [(start + 7 * DAY, end + 7 * DAY) for start, end in week[:1]])
    for pieces in calendar.overrides.values():
        _check_apart(sorted(_laid_out(0, piece) for piece in pieces))
    if not week and not any(calendar.overrides.values()):
        raise CalendarError("no_working_time", "no weekday and no date has a window")


def add(calendar: WorkCalendar, start: datetime, seconds: int, *, pauses: Pauses = ()) -> datetime | None:
    """The earliest instant by which `seconds` of working time outside the pauses have passed since `start`, in UTC.

    Exactly at closing stays at closing; no seconds give `start` itself, open or not. None beyond `start` + 400 days.
    Raises ValueError for negative seconds, naive datetimes, and a pause that ends before it starts.
    """
    try:
        since = start - EPOCH
    except TypeError:
        raise ValueError(f"{start} is naive") from None
    at = since.days * 86_400 + since.seconds
    table = calendar._table
    if table is None or at < table.first or at + HORIZON > table.last:
        table = _widened(calendar, at, at + HORIZON)
    # What _worked() does, inline and in whole seconds with the fraction aside: every deadline passes through here.
    starts, totals = table.starts, table.totals
    i = bisect_right(starts, at) - 1
    if at < table.ends[i]:
        goal, fraction = totals[i] + at - starts[i] + seconds, since.microseconds
    else:
        goal, fraction = totals[i + 1] + seconds, 0
    if pauses:
        begin = at * MILLION + since.microseconds
        goal, fraction = divmod(_behind(table, begin, goal * MILLION + fraction, pauses), MILLION)
    if seconds <= 0:
        return _itself(start, seconds)
    k = (bisect_right(totals, goal) if fraction else bisect_left(totals, goal)) - 1
    if k == len(starts):
        return None
    reached = starts[k] + goal - totals[k]
    if reached - at > HORIZON:
        return None
    moment = datetime.fromtimestamp(reached, UTC)
    return moment.replace(microsecond=fraction) if fraction else moment


def between(calendar: WorkCalendar, start: datetime, end: datetime, *, pauses: Pauses = ()) -> int:
    """Working seconds from `start` to `end` outside the pauses; a fraction of a second is dropped once, at the end.

    0 when `end` is not after `start`. Raises ValueError for naive datetimes and a pause that ends before it starts.
    """
    begin, finish = _micros(start), _micros(end)
    shut = _clipped(pauses, begin, finish)
    if finish <= begin:
        return 0
    table = _covering(calendar, begin, finish)
    paused = sum(_worked(table, until) - _worked(table, since) for since, until in shut)
    return (_worked(table, finish) - _worked(table, begin) - paused) // MILLION


def is_open(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether a window holds the moment: at its opening yes, at its closing no. Raises ValueError when naive."""
    moment = _micros(at)
    return bool(_open_spans(calendar, moment, moment + 1))


def next_opening(calendar: WorkCalendar, at: datetime) -> datetime | None:
    """The first open moment from `at` on, in UTC: `at` itself when open, None beyond 400 days.

    Raises ValueError for a naive datetime.
    """
    if is_open(calendar, at):
        return _itself(at, 0)
    moment = _micros(at)
    latest = moment + HORIZON * MILLION
    table = _covering(calendar, moment, latest)
    i = bisect_right(table.starts, moment // MILLION)
    if i == len(table.starts) or table.starts[i] * MILLION > latest:
        return None
    return _moment(table.starts[i] * MILLION)


def windows(calendar: WorkCalendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open pieces of [start, end) in UTC, merged, clipped, in order. Raises ValueError for naive datetimes."""
    spans = _open_spans(calendar, _micros(start), _micros(end))
    return ((_moment(since), _moment(until)) for since, until in spans)


def lights(calendar: WorkCalendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime, Light]]:
    """[start, end) in UTC without gaps, each piece open or shut for one reason: for people who ask why.

    A shut moment is "holiday" on the local date of a holiday that no override beats, else "break" within a break, else
    "closed". Raises ValueError for naive datetimes.
    """
    begin, finish = _micros(start), _micros(end)
    if finish <= begin:
        return []
    zone, days = _zone(calendar.timezone), _days_around(begin // MILLION, finish // MILLION)
    layers: list[tuple[Light, Spans]] = [
        ("open", _open_spans(calendar, begin, finish)),
        ("holiday", [(a * MILLION, b * MILLION) for a, b in _holiday_spans(calendar, zone, days)]),
        ("break", [(a * MILLION, b * MILLION) for a, b in _break_spans(calendar, zone, days)]),
        ("closed", [(begin, finish)]),
    ]
    lit: list[tuple[int, int, Light]] = []
    for light, spans in layers:
        clipped = _merged((max(since, begin), min(until, finish)) for since, until in spans)
        lit += [(*span, light) for span in _without(clipped, [(since, until) for since, until, _ in lit])]
    return [(_moment(since), _moment(until), light) for since, until, light in sorted(lit)]


# Reading and checking


def _minutes(text: str) -> int:
    if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", text):
        raise CalendarError("bad_time", f"{text!r} is not a time from 00:00 to 24:00")
    return int(text[:2]) * 60 + int(text[3:])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise CalendarError("bad_timezone", f"{name!r} is no IANA time zone") from None


def _check_window(piece: Window) -> None:
    start, end = piece
    if not (0 <= start < DAY and 0 <= end <= DAY):
        raise CalendarError("bad_time", f"{piece} does not lie within a day's {DAY} minutes")
    if start == end:
        raise CalendarError("empty_window", f"{piece} is empty")


def _check_apart(pieces: Sequence[Window]) -> None:
    for (_, end), (start, _) in pairwise(pieces):
        if start < end:
            raise CalendarError("overlap", f"a window begins {end - start} minutes before the one before it ends")


def _laid_out(day: int, piece: Window) -> Window:
    """Minutes since the midnight of day 0, the end after the start."""
    start, end = piece
    return day * DAY + start, day * DAY + end + (DAY if end < start else 0)


# Moments as whole microseconds


def _micros(at: datetime) -> int:
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(f"{at} is naive") from None
    return (since.days * 86_400 + since.seconds) * MILLION + since.microseconds


def _moment(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _itself(at: datetime, seconds: int) -> datetime:
    if seconds < 0:
        raise ValueError(f"{seconds} s: working time does not run backwards")
    try:
        return at.astimezone(UTC)
    except OverflowError:  # within hours of the first and the last year UTC has no name for it
        return at


def _clipped(pauses: Pauses, begin: int, finish: int) -> Spans:
    """The pauses within [begin, finish), merged, in microseconds."""
    spans = [(_micros(since), _micros(until)) for since, until in pauses]
    if any(until < since for since, until in spans):
        raise ValueError("a pause ends before it starts")
    return _merged((max(since, begin), min(until, finish)) for since, until in spans)


def _behind(table: Table, begin: int, goal: int, pauses: Pauses) -> int:
    """Where the goal moves when what is worked within the pauses is not counted; every pause that it passes pushes it.

    The goal and the answer are microseconds of running total.
    """
    for since, until in _clipped(pauses, begin, begin + HORIZON * MILLION):
        before = _worked(table, since)
        if before >= goal:
            break
        goal += _worked(table, until) - before
    return goal


# The table


def _worked(table: Table, micros: int) -> int:
    """Working microseconds from the beginning of the table to the moment."""
    i = bisect_right(table.starts, micros // MILLION) - 1
    return (table.totals[i] - table.starts[i]) * MILLION + min(micros, table.ends[i] * MILLION)


def _open_spans(calendar: WorkCalendar, begin: int, finish: int) -> Spans:
    if finish <= begin:
        return []
    table = _covering(calendar, begin, finish)
    inside = range(bisect_right(table.starts, begin // MILLION) - 1, bisect_left(table.starts, -(-finish // MILLION)))
    return _merged((max(table.starts[i] * MILLION, begin), min(table.ends[i] * MILLION, finish)) for i in inside)


def _covering(calendar: WorkCalendar, begin: int, finish: int) -> Table:
    """The calendar's table, widened if these microseconds lie outside."""
    table = calendar._table
    first, last = begin // MILLION, finish // MILLION + 1
    return _widened(calendar, first, last) if table is None or first < table.first or last > table.last else table


def _widened(calendar: WorkCalendar, first: int, last: int) -> Table:
    """Compile whole years around these epoch seconds and the years that stand already, if they are not a century away.

    Threads may do so at once: each answers from the table that it made, and the calendar keeps one of them.
    """
    old, years = calendar._table, [_date(first).year, _date(last).year]
    if old is not None:
        known = [_date(old.first).year, _date(old.last - 1).year]
        if max(years[0] - known[1], known[0] - years[1]) < 100:
            years = [min(years[0], known[0]), max(years[1], known[1])]
    margin = 1 + (years[1] - years[0]) // 4
    table = _compiled(calendar, max(years[0] - margin, date.min.year), min(years[1] + margin, date.max.year))
    object.__setattr__(calendar, "_table", table)
    return table


def _compiled(calendar: WorkCalendar, first_year: int, last_year: int) -> Table:
    first = _second(date(first_year, 1, 1)) if first_year > date.min.year else -ALWAYS
    last = _second(date(last_year + 1, 1, 1)) if last_year < date.max.year else ALWAYS
    zone, days = _zone(calendar.timezone), _days_around(first, last)
    shut = list(_break_spans(calendar, zone, days))
    if calendar.holiday_rule == "calendar_date":
        shut += _holiday_spans(calendar, zone, days)
    spans = _without(_merged(_window_spans(calendar, zone, days)), shut)
    starts = [-ALWAYS, *(start for start, _ in spans)]
    ends = [-ALWAYS, *(end for _, end in spans)]
    return Table(first, last, starts, ends, [0, *accumulate(map(sub, ends, starts))])


def _second(day: date) -> int:
    """Epoch seconds of the midnight in UTC."""
    return (day.toordinal() - EPOCH.toordinal()) * 86_400


def _date(second: int) -> date:
    """The date in UTC, or the first or last one that there is."""
    ordinal = second // 86_400 + EPOCH.toordinal()
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def _days_around(first: int, last: int) -> range:
    """Ordinals of the local dates that can touch these epoch seconds: an offset, a night and a skipped date away.

    The first and the last date that there are, 0001-01-01 and 9999-12-31, have no windows: UTC cannot write all of
    them down.
    """
    lowest, highest = _date(first).toordinal() - 3, _date(last).toordinal() + 3
    return range(max(lowest, date.min.toordinal() + 1), min(highest, date.max.toordinal() - 1) + 1)


# From the wall to UTC


def _edge(zone: ZoneInfo, day: date, minutes: int, fold: int = 0) -> int:
    """Epoch seconds of a local time; fold 0 is our rule for clock changes.

    With it, zoneinfo moves a time inside a gap forward by the gap and takes the first of two occurrences.
    """
    wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(0, minutes * 60)
    since = (wall.replace(fold=1) if fold else wall) - EPOCH
    return since.days * 86_400 + since.seconds


def _window_spans(calendar: WorkCalendar, zone: ZoneInfo, days: range) -> Iterator[tuple[int, int]]:
    """What the dates open; a window made empty by a gap comes out with its end first. Nothing is shut off yet."""
    dropped = calendar.holidays if calendar.holiday_rule == "shift_start" else frozenset()
    midnight = _edge(zone, date.fromordinal(days.start), 0)
    for day in map(date.fromordinal, days):
        began, midnight = midnight, _edge(zone, day, DAY)
        pieces = calendar.overrides.get(day)
        if pieces is None:
            pieces = () if day in dropped else calendar.weekly.get(day.weekday(), ())
        if began < midnight:  # else the clocks jumped over the date
            for start, end in (_laid_out(0, piece) for piece in pieces):
                yield _edge(zone, day, start), _edge(zone, day, end)


def _break_spans(calendar: WorkCalendar, zone: ZoneInfo, days: range) -> Iterator[tuple[int, int]]:
    for day, pieces in calendar.breaks.items():
        if day.toordinal() in days and _edge(zone, day, 0) < _edge(
            zone, day, DAY
        ):  # a date that never was closes nothing
            for start, end in pieces:
                yield _edge(zone, day, start), _edge(zone, day, end)


def _holiday_spans(calendar: WorkCalendar, zone: ZoneInfo, days: range) -> Iterator[tuple[int, int]]:
    """Every instant of the holidays' local dates, but for those that an override beats.

    A date is two pieces where the clocks go back across midnight (St. John's until 2011), and none if it was skipped.
    """
    for day in calendar.holidays - calendar.overrides.keys():
        if day.toordinal() in days:
            readings = [[_edge(zone, day, midnight, fold) for fold in (0, 1)] for midnight in (0, DAY)]
            cuts = {cut for pair in readings for cut in (*pair, _change(zone, min(pair), max(pair)))}
            yield from (span for span in pairwise(sorted(cuts)) if datetime.fromtimestamp(span[0], zone).date() == day)


def _change(zone: ZoneInfo, first: int, last: int) -> int:
    """The second at which the zone's offset changes between two readings of one wall-clock time."""

    def offset(second: int) -> timedelta | None:
        return datetime.fromtimestamp(second, zone).utcoffset()

    return first + bisect_left(range(first, last), True, key=lambda second: offset(second) != offset(first))


# Spans


def _merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """In order, without the empty ones, joined where they touch."""
    merged: Spans = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif start < end:
            merged.append((start, end))
    return merged


def _gaps(spans: Spans) -> Spans:
    """All other time."""
    edges = [-ALWAYS * MILLION, *(edge for span in spans for edge in span), ALWAYS * MILLION]
    return [(end, start) for end, start in zip(edges[::2], edges[1::2], strict=True) if end < start]


def _without(spans: Spans, holes: Spans) -> Spans:
    """What the holes leave of the merged spans."""
    return _gaps(_merged(_gaps(spans) + holes))

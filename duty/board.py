"""Calendars as those who manage duty look at them: the list, a year day by day, versions, and what a draft changes."""

from calendar import Calendar as Months
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duty import businesstime, daybook, hours
from duty.businesstime import WorkCalendar
from duty.daybook import Dated, Pairs
from duty.models import Calendar, CalendarDay, CalendarVersion
from duty.models.inside import CalendarPublication
from kit.words import for_reader

LOOKS_AHEAD = 60
"""Days from a draft's start in which a deadline that moves is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A version as people compare it, stored or only drafted. `weekly` has all seven days."""

    name: str
    name_zh: str
    timezone: str
    weekly: Mapping[int, Pairs]
    holiday_rule: str
    days: tuple[Dated, ...]
    known_until: date | None
    calendar: WorkCalendar = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendar", _compiled(self))

    def of_year(self, year: int) -> list[Dated]:
        return [day for day in self.days if day.on.year == year]

    @property
    def week(self) -> list[tuple[int, str]]:
        """Each weekday with its windows in words."""
        return [(day, daybook.spelled(self.weekly[day])) for day in range(7)]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One date. `kind`: open, short (less than the usual day), off, holiday, workday, or unknown, which is not yet
    published; `windows` in words; `has_break`."""

    on: date
    kind: str
    hours: str
    windows: str
    name: str
    has_break: bool
    is_today: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working_days: int

    @property
    def weekdays(self) -> list[str]:
        """Short names, Monday first."""
        names = [date_format(date(2024, 1, day), "D") for day in range(1, 8)]
        return [name.removeprefix("星期") for name in names]


@dataclass(frozen=True, slots=True)
class Year:
    """`is_known` is false when some date of it lies after the last published one."""

    number: int
    months: tuple[Month, ...]
    is_known: bool
    working_days: int
    holidays: int
    adjusted: int


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the history; `state`: now, coming, past or other (it continues an older promise alone)."""

    number: int
    valid_from: datetime
    known_until: date | None
    state: str
    continues: int | None
    by: str
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A calendar in the list."""

    code: str
    name: str
    plan: Plan
    number: int
    opens: datetime | None
    is_open: bool
    coming: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A promise made at `start` under both versions."""

    label: str
    start: datetime
    before: datetime | None
    after: datetime | None

    @property
    def moves(self) -> bool:
        return self.before != self.after


def listed(at: datetime) -> list[Row]:
    """Every calendar with the version in force; one that has not begun shows the first that will."""
    rows = []
    for calendar in Calendar.objects.order_by("code"):
        version = _in_force(calendar, at) or calendar.versions.order_by("valid_from").first()
        if version is None:
            continue
        plan = plan_of(version)
        rows.append(
            Row(
                code=calendar.code, name=for_reader(calendar.name, calendar.name_zh), plan=plan, number=version.number,
                opens=businesstime.next_opening(plan.calendar, at), is_open=businesstime.is_open(plan.calendar, at),
                coming=calendar.versions.filter(valid_from__gt=at).count(),
            )
        )  # fmt: skip
    return rows


def version_of(code: str, at: datetime, number: int | None = None) -> CalendarVersion:
    """That version; without a number the one in force, or the first that will be.

    Raises CalendarVersion.DoesNotExist.
    """
    versions = CalendarVersion.objects.filter(calendar__code=code).select_related("calendar")
    if number is not None:
        return versions.get(number=number)
    found = versions.in_force(at).first() or versions.order_by("valid_from").first()
    if found is None:
        raise CalendarVersion.DoesNotExist
    return found


def newest(code: str) -> int:
    """The number of the newest version; 0 for a calendar that is not there."""
    numbers = CalendarVersion.objects.filter(calendar__code=code).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def plan_of(version: CalendarVersion) -> Plan:
    days = [
        Dated(row.on, row.kind, tuple((start, end) for start, end in row.windows), row.name, row.name_zh)
        for row in version.days.order_by("on", "kind")
    ]
    return Plan(
        name=version.calendar.name, name_zh=version.calendar.name_zh, timezone=version.timezone,
        weekly={day: tuple((a, b) for a, b in version.weekly.get(str(day), ())) for day in range(7)},
        holiday_rule=version.holiday_rule, days=tuple(days), known_until=version.known_until,
    )  # fmt: skip


def history(code: str, at: datetime) -> list[Edition]:
    """All versions, the newest first, with who published them."""
    versions = list(CalendarVersion.objects.filter(calendar__code=code).select_related("continues").order_by("-number"))
    signed = CalendarPublication.objects.filter(version__in=versions).select_related("by")
    by_version = {one.version_id: one for one in signed}
    begun = sorted((one for one in versions if one.valid_from <= at), key=lambda one: (one.valid_from, one.number))
    now = begun[-1].pk if begun else None
    return [_edition(one, by_version.get(one.pk), now, at) for one in versions]


def year(plan: Plan, number: int, today: date, *, beside: Plan | None = None) -> Year:
    """Every date of a year; dates that `beside` has otherwise are marked as changed."""
    cells = {}
    first = date(number, 1, 1)
    usual = max((_worked(plan.calendar, first + timedelta(7 + day)) for day in range(7)), default=0)
    for offset in range((date(number + 1, 1, 1) - first).days):
        on = first + timedelta(offset)
        cells[on] = _cell(plan, on, usual, today, beside)
    months = tuple(_month(number, month, cells) for month in range(1, 13))
    return Year(
        number=number, months=months, is_known=plan.known_until is None or plan.known_until >= date(number, 12, 31),
        working_days=sum(month.working_days for month in months),
        holidays=sum(cell.kind == "holiday" for cell in cells.values()),
        adjusted=sum(cell.kind == "workday" for cell in cells.values()),
    )  # fmt: skip


def changes(old: Plan, new: Plan) -> list[tuple[str, str, str]]:
    """What is otherwise, as rows for the diff component."""
    rows = [
        ("changed", f"{label}: {was}", f"{label}: {now}")
        for label, was, now in _named_parts(old, new)
        if was != now
    ]  # fmt: skip
    was, now = ({(day.on, day.kind == "break"): day for day in plan.days} for plan in (old, new))
    for key in sorted(was.keys() | now.keys()):
        before, after = was.get(key), now.get(key)
        if before != after:
            kind = "added" if before is None else "removed" if after is None else "changed"
            rows.append((kind, said(before, old), said(after, new)))
    return rows


def said(day: Dated | None, plan: Plan) -> str:
    """A date in words: 1 May 2026: closed, Labour Day."""
    if day is None:
        return ""
    what = {
        "holiday": pgettext("hours of a day", "closed"), "override": daybook.spelled(day.windows),
        "break": _("break %(windows)s") % {"windows": daybook.spelled(day.windows)},
    }[day.kind]  # fmt: skip
    name = for_reader(day.name, day.name_zh)
    pieces = {"on": day.on.isoformat(), "what": what, "name": name}
    return (_("%(on)s: %(what)s, %(name)s") if name else _("%(on)s: %(what)s")) % pieces


def samples(old: Plan, new: Plan, targets: Iterable[tuple[str, int]], since: datetime) -> list[Sample]:
    """For each promise (its words, its seconds) one that moves, if any does; else one as it stays."""
    zone = ZoneInfo(new.timezone)
    day = since.astimezone(zone).date()
    starts = [
        start.astimezone(UTC)
        for offset in range(LOOKS_AHEAD)
        for hour in (10, 16)
        if (start := datetime.combine(day + timedelta(offset), time(hour), zone)) >= since
    ]
    return [_sample(old, new, label, seconds, starts) for label, seconds in targets]


def _sample(old: Plan, new: Plan, label: str, seconds: int, starts: Sequence[datetime]) -> Sample:
    found = (
        Sample(label, at, businesstime.add(old.calendar, at, seconds), businesstime.add(new.calendar, at, seconds))
        for at in starts
    )
    first = next(found)
    return first if first.moves else next((one for one in found if one.moves), first)


def _named_parts(old: Plan, new: Plan) -> list[tuple[str, str, str]]:
    parts = [(_("Name"), for_reader(old.name, old.name_zh), for_reader(new.name, new.name_zh))]
    parts += [(_("Time zone"), old.timezone, new.timezone)]
    parts += [(_("Holidays"), rule_words(old.holiday_rule), rule_words(new.holiday_rule))]
    for day in range(7):
        was, now = (daybook.spelled(plan.weekly[day]) or pgettext("hours of a day", "closed") for plan in (old, new))
        parts.append((weekday(day), was, now))
    return parts


def rule_words(rule: str) -> str:
    return {
        "calendar_date": _("close the whole date"), "shift_start": _("drop the windows that begin on the date"),
    }[rule]  # fmt: skip


def weekday(day: int) -> str:
    """The name of a weekday, 0 = Monday."""
    return date_format(date(2024, 1, 1) + timedelta(day), "l")


def _compiled(plan: Plan) -> WorkCalendar:
    version = CalendarVersion(
        timezone=plan.timezone, weekly={str(day): pieces for day, pieces in plan.weekly.items()},
        holiday_rule=plan.holiday_rule,
    )  # fmt: skip
    return hours.calendar_of(version, [CalendarDay(on=d.on, kind=d.kind, windows=d.windows) for d in plan.days])


def _in_force(calendar: Calendar, at: datetime) -> CalendarVersion | None:
    return CalendarVersion.objects.in_force(at).filter(calendar=calendar).select_related("calendar").first()


def _edition(version: CalendarVersion, signed: CalendarPublication | None, now: int | None, at: datetime) -> Edition:
    older = version.continues is not None and version.valid_from == version.continues.valid_from
    state = "now" if version.pk == now else "coming" if version.valid_from > at else "other" if older else "past"
    return Edition(
        number=version.number, valid_from=version.valid_from, known_until=version.known_until, state=state,
        continues=version.continues.number if version.continues else None,
        by=signed.by.name if signed else "", at=signed.at if signed else None, note=signed.note if signed else "",
    )  # fmt: skip


def _midnight(zone: ZoneInfo, on: date) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)


def _worked(calendar: WorkCalendar, on: date) -> int:
    zone = ZoneInfo(calendar.timezone)
    return businesstime.between(calendar, _midnight(zone, on), _midnight(zone, on + timedelta(1)))


def _cell(plan: Plan, on: date, usual: int, today: date, beside: Plan | None) -> DayCell:
    calendar, zone = plan.calendar, ZoneInfo(plan.timezone)
    begin, end = _midnight(zone, on), _midnight(zone, on + timedelta(1))
    open_ = list(businesstime.windows(calendar, begin, end))
    worked = sum(int((until - since).total_seconds()) for since, until in open_)
    words = ", ".join(f"{_clock(since, zone)}–{_clock(until, zone, on)}" for since, until in open_)
    changed = beside is not None and words != _words_of(beside, on)
    return DayCell(
        on=on, kind=_kind(plan, on, worked, usual), hours=f"{worked / 3600:g}", windows=words,
        name=next((for_reader(day.name, day.name_zh) for day in plan.of_year(on.year) if day.on == on), ""),
        has_break=on in calendar.breaks, is_today=on == today, is_changed=changed,
    )  # fmt: skip


def _words_of(plan: Plan, on: date) -> str:
    zone = ZoneInfo(plan.timezone)
    pieces = businesstime.windows(plan.calendar, _midnight(zone, on), _midnight(zone, on + timedelta(1)))
    return ", ".join(f"{_clock(since, zone)}–{_clock(until, zone, on)}" for since, until in pieces)


def _kind(plan: Plan, on: date, worked: int, usual: int) -> str:
    calendar = plan.calendar
    if on in calendar.holidays and on not in calendar.overrides:
        return "holiday"
    if on in calendar.overrides and not calendar.weekly.get(on.weekday()):
        return "workday"
    if plan.known_until is not None and on > plan.known_until:
        return "unknown"
    return "off" if not worked else "short" if worked < usual else "open"


def _clock(at: datetime, zone: ZoneInfo, day: date | None = None) -> str:
    """The hour where the calendar is; the midnight that ends `day` is 24:00."""
    local = at.astimezone(zone)
    return "24:00" if day is not None and local.date() > day else f"{local:%H:%M}"


def _month(number: int, month: int, cells: Mapping[date, DayCell]) -> Month:
    weeks = tuple(
        tuple(cells[day] if day.month == month else None for day in week)
        for week in Months().monthdatescalendar(number, month)
    )
    days = [cell for week in weeks for cell in week if cell]
    return Month(date(number, month, 1), weeks, sum(bool(cell.windows) for cell in days))

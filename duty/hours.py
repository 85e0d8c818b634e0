"""Calendars as the arithmetic wants them: one compiled object for each calendar version and process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from duty.businesstime import Window, WorkCalendar, window
from duty.models import CalendarDay, CalendarVersion


class NoCalendar(LookupError):
    """The calendar has no version that has begun."""

    def __init__(self, calendar_id: int, at: datetime) -> None:
        self.calendar_id, self.at = calendar_id, at
        super().__init__(f"calendar {calendar_id} has no version in force at {at}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What else people are told of a version: its names, number, and until when its days are known."""

    calendar_id: int
    name: str
    name_zh: str
    number: int
    known_until: date | None


def in_force(calendar_id: int, at: datetime) -> int:
    """The primary key of the version in force at `at`. Raises NoCalendar."""
    version = CalendarVersion.objects.in_force(at).filter(calendar_id=calendar_id).values_list("pk", flat=True).first()
    if version is None:
        raise NoCalendar(calendar_id, at)
    return version


def compiled(version_pk: int) -> WorkCalendar:
    """The calendar of a version. A version never changes, so it is read once a process."""
    return _read(version_pk)[0]


def facts(version_pk: int) -> Facts:
    """The words that belong to a version; read together with it."""
    return _read(version_pk)[1]


def is_provisional(version_pk: int, due_at: datetime | None) -> bool:
    """Whether `due_at` lies on a date for which the official schedule was not yet published (DESIGN 6.3)."""
    calendar, told = _read(version_pk)
    if due_at is None or told.known_until is None:
        return False
    return due_at.astimezone(ZoneInfo(calendar.timezone)).date() > told.known_until


def is_day_and_night(calendar: WorkCalendar) -> bool:
    """Whether every minute counts: no closing time, no holiday, no break."""
    whole = all(list(calendar.weekly.get(day, ())) == [(0, 1440)] for day in range(7))
    return whole and not (calendar.holidays or calendar.breaks or calendar.overrides)


def forget() -> None:
    """Drop what this process remembers. For a database that was made anew, as tests do."""
    _read.cache_clear()


def calendar_of(version: CalendarVersion, days: Sequence[CalendarDay]) -> WorkCalendar:
    """The rows of a version, stored or not, as arithmetic. Raises CalendarError for a time that is none."""
    kind = CalendarDay.Kind
    return WorkCalendar(
        timezone=version.timezone,
        weekly={int(day): windows(pieces) for day, pieces in version.weekly.items()},
        holidays=frozenset(day.on for day in days if day.kind == kind.HOLIDAY),
        overrides={day.on: windows(day.windows) for day in days if day.kind == kind.OVERRIDE},
        breaks={day.on: windows(day.windows) for day in days if day.kind == kind.BREAK},
        holiday_rule=version.holiday_rule,  # type: ignore[arg-type]
    )


@cache
def _read(version_pk: int) -> tuple[WorkCalendar, Facts]:
    version = CalendarVersion.objects.select_related("calendar").prefetch_related("days").get(pk=version_pk)
    named = version.calendar
    return calendar_of(version, list(version.days.all())), Facts(
        calendar_id=named.pk, name=named.name, name_zh=named.name_zh or named.name, number=version.number,
        known_until=version.known_until,
    )  # fmt: skip


def windows(pieces: Sequence[Sequence[str]]) -> tuple[Window, ...]:
    """Windows as they are written down, [["09:00", "18:00"]], as minutes. Raises CalendarError."""
    return tuple(window(start, end) for start, end in pieces)

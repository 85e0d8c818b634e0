"""Verbs on working calendars."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict

from django.db.models import Max

from duty import businesstime, hours
from duty.models import Calendar, CalendarDay, CalendarVersion
from kit.verbs import verb


class Day(TypedDict, total=False):
    """One date that differs from the week. `windows` are left out for a holiday."""

    on: date
    kind: str
    windows: Sequence[Sequence[str]]
    name: str
    name_zh: str


@verb
def publish(
    code: str, *, name: str, timezone: str, weekly: Mapping[int, Sequence[Sequence[str]]], valid_from: datetime,
    name_zh: str = "", days: Iterable[Day] = (), known_until: date | None = None,
    holiday_rule: str = CalendarVersion.HolidayRule.CALENDAR_DATE,
) -> CalendarVersion:  # fmt: skip
    """A new version of the calendar `code`, which is made if it is new. What was promised keeps its version.

    Raises CalendarError for a calendar that nobody can have meant; nothing is written then.
    """
    days = list(days)
    _check(timezone, weekly, days, holiday_rule)
    calendar, _ = Calendar.objects.update_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    Calendar.objects.select_for_update().get(pk=calendar.pk)  # two versions at once would take the same number
    last = CalendarVersion.objects.filter(calendar=calendar).aggregate(n=Max("number"))["n"] or 0
    version = CalendarVersion.objects.create(
        calendar=calendar, number=last + 1, valid_from=valid_from, timezone=timezone,
        weekly={str(day): [list(piece) for piece in pieces] for day, pieces in weekly.items()},
        holiday_rule=holiday_rule, known_until=known_until,
    )  # fmt: skip
    CalendarDay.objects.bulk_create(
        CalendarDay(
            version=version, on=day["on"], kind=day["kind"], windows=[list(piece) for piece in day.get("windows", ())],
            name=day.get("name", ""), name_zh=day.get("name_zh", ""),
        )
        for day in days
    )  # fmt: skip
    return version


def _check(timezone: str, weekly: Mapping[int, Sequence[Sequence[str]]], days: list[Day], holiday_rule: str) -> None:
    kind = CalendarDay.Kind
    businesstime.check(
        businesstime.WorkCalendar(
            timezone=timezone,
            weekly={day: hours.windows(pieces) for day, pieces in weekly.items()},
            holidays=frozenset(day["on"] for day in days if day["kind"] == kind.HOLIDAY),
            overrides={day["on"]: hours.windows(day["windows"]) for day in days if day["kind"] == kind.OVERRIDE},
            breaks={day["on"]: hours.windows(day["windows"]) for day in days if day["kind"] == kind.BREAK},
            holiday_rule=holiday_rule,  # type: ignore[arg-type]
        )
    )

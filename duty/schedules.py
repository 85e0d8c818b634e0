"""Official schedules as they come: the documented JSON, or an iCalendar file of any office. Files may be hostile.

JSON: {"years": {"2027": {"off_days": ["2027-01-01", ...], "working_weekend_days": [...], "names": {"2027-01-01":
["New Year", "元旦"]}}}}; names may be left out. iCalendar: what takes whole local days becomes dates, recurring events
too, for one year; what takes hours is left out and counted.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal
from zoneinfo import ZoneInfo

import icalendar
from dateutil.rrule import rruleset, rrulestr

from duty.daybook import Dated

Means = Literal["marked", "closed", "work"]
"""What an event of an iCalendar file is: closed, work, or work where its title says so (班) and closed elsewhere."""
Reason = Literal["unreadable", "too_large", "too_many", "no_dates", "bad_date", "bad_rule"]
LARGEST = 1_000_000
EVENTS, RECURRING, LONGEST = 2_000, 100, 366
EARLIEST = 1970
FOREVER = 100_000
"""More recurrences than there are days since EARLIEST."""
RULES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
WORK_MARKS = ("班", "working day", "workday")
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
"""What readers raise of files that were made to break them."""


class BadSchedule(ValueError):
    """A file that is no schedule; `about` is the piece that could not be read."""

    def __init__(self, reason: Reason, about: str = "") -> None:
        self.reason, self.about = reason, about[:80]
        super().__init__(f"{reason}: {about[:80]}")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of one year, each once; `others` is how many events or dates of other years or of hours there were."""

    days: tuple[Dated, ...]
    others: int


def read(raw: bytes, year: int, timezone: str, means: Means = "marked") -> Schedule:
    """Read a file or pasted text of either kind. Working days have no windows. Raises BadSchedule."""
    if len(raw) > LARGEST:
        raise BadSchedule("too_large")
    text = raw.decode("utf-8-sig", "replace").strip()
    found, others = _json(text, year) if text.startswith(("{", "[")) else _ical(text, year, timezone, means)
    if not found:
        raise BadSchedule("no_dates")
    return Schedule(tuple(found[on] for on in sorted(found)), others)


def _json(text: str, year: int) -> tuple[dict[date, Dated], int]:
    try:
        years = json.loads(text)["years"]
        told = years.get(str(year), {})
        names = dict(told.get("names", {}))
        found = {}
        for kind, field in (("holiday", "off_days"), ("override", "working_weekend_days")):
            for written in told.get(field, ()):
                on = _date(written, year)
                name = [str(one)[:80] for one in names.get(written, ("", ""))] or ["", ""]
                found[on] = Dated(on, kind, (), name[0], name[-1])
        return found, sum(len(one.get("off_days", ())) for key, one in years.items() if key != str(year))
    except BadSchedule:
        raise
    except BROKEN as broken:
        raise BadSchedule("unreadable", str(broken)) from None


def _date(written: Any, year: int) -> date:
    try:
        on = date.fromisoformat(written)
    except (TypeError, ValueError):
        raise BadSchedule("bad_date", str(written)) from None
    if on.year != year:
        raise BadSchedule("bad_date", str(written))
    return on


def _ical(text: str, year: int, timezone: str, means: Means) -> tuple[dict[date, Dated], int]:
    try:
        events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    except BROKEN as broken:
        raise BadSchedule("unreadable", str(broken)) from None
    if len(events) > EVENTS or sum("RRULE" in event for event in events) > RECURRING:
        raise BadSchedule("too_many")
    found: dict[date, Dated] = {}
    others, zone = 0, ZoneInfo(timezone)
    for event in events:
        title = " ".join(str(event.get("SUMMARY", "")).split())[:80]
        try:
            dates = [on for on in _dates(event, year, zone) if on.year == year]
        except BadSchedule:
            raise
        except BROKEN as broken:
            raise BadSchedule("unreadable", title or str(broken)) from None
        others += not dates
        is_work = means == "work" or (means == "marked" and any(mark in title.lower() for mark in WORK_MARKS))
        for on in dates:
            if on not in found or is_work:
                found[on] = Dated(on, "override" if is_work else "holiday", (), title, title)
    return found, others


def _dates(event: Any, year: int, zone: ZoneInfo) -> Iterator[date]:
    """The whole local dates that an event takes, each of its recurrences in the year and its neighbours."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    start = event.decoded("DTSTART")
    end = event.decoded("DTEND") if "DTEND" in event else start + _lasts(event, start)
    first, days = _whole(start, end, zone)
    if first is None or not 0 < days <= LONGEST:
        return
    for begins in _recurring(event, first, year) if "RRULE" in event or "RDATE" in event else (first,):
        yield from (begins + timedelta(day) for day in range(days))


def _lasts(event: Any, start: date) -> timedelta:
    if "DURATION" in event:
        return event.decoded("DURATION")  # type: ignore[no-any-return]
    return timedelta() if isinstance(start, datetime) else timedelta(1)


def _whole(start: date, end: date, zone: ZoneInfo) -> tuple[date | None, int]:
    """The first date and how many; none for what begins or ends within a local day."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return (start, (end - start).days) if type(start) is date and type(end) is date else (None, 0)
    here, there = (one.astimezone(zone) if one.tzinfo else one for one in (start, end))
    if here.time() != time() or there.time() != time():
        return None, 0
    return here.date(), (there.date() - here.date()).days


def _recurring(event: Any, first: date, year: int) -> Iterator[date]:
    """Recurrences from the year before to the year's end, without the dates that are excepted."""
    if first.year < EARLIEST:
        raise BadSchedule("bad_rule", str(event.get("SUMMARY", "")))
    begins, until = datetime.combine(first, time()), datetime(year, 12, 31)  # noqa: DTZ001
    wanted = rruleset()
    for rule in _listed(event.get("RRULE")):
        if str(rule.get("FREQ", [""])[0]).upper() not in RULES or int(rule.get("INTERVAL", [1])[0]) < 1:
            raise BadSchedule("bad_rule", str(event.get("SUMMARY", "")))
        ends = [datetime.combine(_as_date(one), time()) for one in rule.pop("UNTIL", [])]
        count = int(rule.pop("COUNT", [FOREVER])[0])
        parsed: Any = rrulestr(rule.to_ical().decode(), dtstart=begins)
        for one in islice(parsed.replace(until=min([until, *ends])), min(count, FOREVER)):
            wanted.rdate(one)
    for stamp in _listed(event.get("RDATE")):
        wanted.rdate(datetime.combine(_as_date(stamp.dts[0].dt), time()))
    for stamps in _listed(event.get("EXDATE")):
        for stamp in stamps.dts:
            wanted.exdate(datetime.combine(_as_date(stamp.dt), time()))
    since = datetime(year - 1, 1, 1)  # noqa: DTZ001
    yield from (one.date() for one in islice(wanted.between(since, until, inc=True), 2 * LONGEST))


def _as_date(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value  # type: ignore[no-any-return]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]

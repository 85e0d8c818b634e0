"""Verbs on working calendars: publish a version, and load dates that were not yet published."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from duty import businesstime, hours
from duty.models import Calendar, CalendarDay, CalendarVersion
from duty.models.inside import CalendarPublication
from kit.verbs import Actor, Refused, verb

Kind = CalendarDay.Kind


class Day(TypedDict, total=False):
    """One date that differs from the week. `windows` are left out for a holiday.

    A working day of a loaded year without windows takes those of the version's usual day.
    """

    on: date
    kind: str
    windows: Sequence[Sequence[str]]
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who publishes, when, and in a line why."""

    by: Actor
    at: datetime
    note: str = ""


class NothingToLoad(Refused):
    """These dates are published already, or the calendar needs no official schedule."""

    def __init__(self, until: date) -> None:
        self.until = until
        super().__init__(
            _("Nothing to load: up to %(until)s the official schedule is known already, or this calendar has none.")
            % {"until": until.isoformat()}
        )


class YearMissing(Refused):
    """Dates before these are not published yet; `since` is the first of them."""

    def __init__(self, since: date) -> None:
        self.since = since
        super().__init__(_("Load the schedule from %(since)s on first.") % {"since": since.isoformat()})


class Overtaken(Refused):
    """Somebody published a version while this one was being written; `number` is theirs."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            _("Version %(number)d was published meanwhile. Look at it, then preview again; what you typed is kept.")
            % {"number": number}
        )


class InThePast(Refused):
    """A version begins now or later: what was promised stays as it was."""

    def __init__(self) -> None:
        super().__init__(_("A version begins today or later: what was promised before stays as it was."))


@verb
def publish(
    code: str, *, name: str, timezone: str, weekly: Mapping[int, Sequence[Sequence[str]]], valid_from: datetime,
    name_zh: str = "", days: Iterable[Day] = (), known_until: date | None = None,
    holiday_rule: str = CalendarVersion.HolidayRule.CALENDAR_DATE, signed: Signature | None = None,
    after: int | None = None,
) -> CalendarVersion:  # fmt: skip
    """A new version of the calendar `code`, which is made if it is new. What was promised keeps its version.

    `after` is the number of the newest version that whoever signs has seen, 0 for none. Raises CalendarError for a
    calendar that nobody can have meant, InThePast, Overtaken; nothing is written then.
    """
    if signed and valid_from < signed.at:
        raise InThePast
    calendar, _made = Calendar.objects.update_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    Calendar.objects.select_for_update().get(pk=calendar.pk)  # two versions at once would take the same number
    version = CalendarVersion(
        calendar=calendar, valid_from=valid_from, timezone=timezone, holiday_rule=holiday_rule, known_until=known_until,
        weekly={str(day): [list(piece) for piece in pieces] for day, pieces in weekly.items()},
    )  # fmt: skip
    if after is not None and (newest := _newest(calendar)) != after:
        raise Overtaken(newest)
    return _write(version, list(days), signed)


@verb
def load(code: str, *, since: date, until: date, days: Iterable[Day], signed: Signature) -> list[CalendarVersion]:
    """Load the official schedule of `since` to `until`, both included, which was not published before.

    Every version of the calendar that knows the time before and nobody has continued is continued by one that differs
    in these dates alone: hours that were edited meanwhile never reach an older promise. The version in force is
    continued from this moment on, each other one from its own beginning, so that it comes before or after as it did.
    Raises Calendar.DoesNotExist, NothingToLoad, YearMissing, CalendarError; nothing is written then.
    """
    calendar = Calendar.objects.select_for_update().get(code=code)
    in_force = hours.in_force(calendar.pk, signed.at)
    behind = list(_not_continued(calendar).filter(known_until__lt=until).prefetch_related("days").order_by("number"))
    if not behind:
        raise NothingToLoad(until)
    reached = [version for version in behind if version.known_until and version.known_until >= since - timedelta(1)]
    if in_force in {version.pk for version in behind} - {version.pk for version in reached} or not reached:
        raise YearMissing(min(version.known_until for version in behind if version.known_until) + timedelta(1))
    fresh = [day for day in days if since <= day["on"] <= until]
    return [_continue(version, fresh, until, signed, is_in_force=version.pk == in_force) for version in reached]


def _not_continued(calendar: Calendar) -> QuerySet[CalendarVersion]:
    continued = CalendarVersion.objects.filter(calendar=calendar, continues__isnull=False).values("continues")
    return CalendarVersion.objects.filter(calendar=calendar).exclude(pk__in=continued)


def _continue(
    version: CalendarVersion, fresh: Sequence[Day], until: date, signed: Signature, *, is_in_force: bool
) -> CalendarVersion:
    known, usual = version.known_until, _usual(version)
    official = [
        Day(**{**day, "windows": day.get("windows") or (usual if day["kind"] == Kind.OVERRIDE else [])})  # type: ignore[typeddict-item]
        for day in fresh
        if known is None or day["on"] > known
    ]
    taken = {day["on"] for day in official}
    kept = [
        Day(on=row.on, kind=row.kind, windows=row.windows, name=row.name, name_zh=row.name_zh)
        for row in version.days.all()
        if row.kind == Kind.BREAK or row.on not in taken
    ]
    following = CalendarVersion(
        calendar=version.calendar, continues=version, timezone=version.timezone, weekly=version.weekly,
        valid_from=signed.at if is_in_force else version.valid_from, holiday_rule=version.holiday_rule,
        known_until=until,
    )  # fmt: skip
    return _write(following, [*kept, *official], signed)


def _usual(version: CalendarVersion) -> Sequence[Sequence[str]]:
    """The windows of the first weekday that has any: what is worked on a weekend that pays for a free day."""
    return next((pieces for _day, pieces in sorted(version.weekly.items()) if pieces), [])


def _write(version: CalendarVersion, days: Sequence[Day], signed: Signature | None) -> CalendarVersion:
    """Number, check and save it. The calendar is locked."""
    version.number = _newest(version.calendar) + 1
    rows = [
        CalendarDay(
            version=version, on=day["on"], kind=day["kind"], windows=[list(piece) for piece in day.get("windows", ())],
            name=day.get("name", ""), name_zh=day.get("name_zh", ""),
        )
        for day in days
    ]  # fmt: skip
    businesstime.check(hours.calendar_of(version, rows))
    version.save()
    CalendarDay.objects.bulk_create(rows)
    if signed:
        CalendarPublication.objects.create(version=version, by_id=signed.by.pk, at=signed.at, note=signed.note)
    return version


def _newest(calendar: Calendar) -> int:
    return CalendarVersion.objects.filter(calendar=calendar).aggregate(n=Max("number"))["n"] or 0

"""What is in force for a policy's code, and what was pinned: compiled once for each version and process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import OuterRef, Subquery

from duty import businesstime, hours
from duty.businesstime import WorkCalendar
from duty.models import CalendarVersion
from kit.questions import Slot
from promises import clock
from promises.clock import PolicyTerms
from promises.models import PolicyVersion, Term
from promises.units import working_day

CLOSES_AFTER_DAYS, REOPENS_WITHIN_DAYS = 7, 30
REMINDS_AFTER_DAYS, ENDS_AFTER_DAYS = 3, 3
"""Where no policy says otherwise, as for community tickets."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What one severity is promised by one version of a policy, in the hours of one version of a calendar."""

    version_pk: int
    calendar_version_pk: int
    severity: int
    policy: PolicyTerms
    calendar: WorkCalendar
    acknowledge_minutes: int
    clause: str
    closes_after_days: int
    reopens_within_days: int
    number: int
    """Of the policy's version, as people know it."""
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class _Version:
    """A policy version as it was read: it never changes."""

    row: PolicyVersion
    terms: Mapping[int, Term]


def in_force(code: str, severity: int, at: datetime) -> Terms | None:
    """The terms that a promise made at `at` gets; None when the policy says nothing for this severity. One query."""
    found = PolicyVersion.objects.in_force(code, at).values_list("pk", calendar_version(severity, at)).first()
    if found is None or found[1] is None:
        return None
    version_pk, calendar_version_pk = found
    return usable(version_pk, calendar_version_pk, severity)


def calendar_version(severity: int | Slot, at: datetime, version: str = "pk") -> Subquery:
    """The calendar version of a term, as a column of a query whose `version` is a policy version."""
    calendars = Term.objects.filter(version=OuterRef(OuterRef(version)), severity=severity).values("calendar")
    return Subquery(CalendarVersion.objects.in_force(at).filter(calendar__in=calendars).values("pk")[:1])


def pinned(version_pk: int, calendar_version_pk: int, severity: int) -> Terms | None:
    """The terms as they were promised, whatever was published since; None when the severity has none."""
    return _compiled(version_pk, calendar_version_pk, severity)


def usable(version_pk: int, calendar_version_pk: int, severity: int) -> Terms | None:
    """As `pinned`, for a promise that is about to be made: None also where its rows cannot be read as terms.

    A wrong configuration stops no ticket; what is wrong is said by `promises.faults`.
    """
    return (
        pinned(version_pk, calendar_version_pk, severity)
        if _is_readable(version_pk, calendar_version_pk, severity)
        else None
    )


def moved(version_pk: int, calendar_version_pk: int, severity: int, at: datetime) -> Terms | None:
    """The terms of another severity of the same promise; None where it has none that can be used.

    Its calendar stays the version that was pinned where it is the same calendar, else it is the one in force at `at`.
    """
    term = _version(version_pk).terms.get(severity)
    if term is None:
        return None
    if term.calendar_id != hours.facts(calendar_version_pk).calendar_id:
        try:
            calendar_version_pk = hours.in_force(term.calendar_id, at)
        except hours.NoCalendar:
            return None
    return usable(version_pk, calendar_version_pk, severity)


def days_to_close(version_pk: int | None) -> tuple[int, int]:
    """After how many days a solved ticket closes, and for how many it may be reopened, by this version or without."""
    if version_pk is None:
        return CLOSES_AFTER_DAYS, REOPENS_WITHIN_DAYS
    row = _version(version_pk).row
    return row.closes_after_days, row.reopens_within_days


def waits_until(version_pk: int | None, calendar_version_pk: int | None, since: datetime, days: int) -> datetime:
    """So many working days after `since` in the hours of the promise; without hours, days as they pass."""
    if version_pk is not None and calendar_version_pk is not None:
        calendar = hours.compiled(calendar_version_pk)
        moment = businesstime.add(calendar, since, days * working_day(calendar))
        if moment is not None:
            return moment
    return since + timedelta(days=days)


def days_of_waiting(version_pk: int | None) -> tuple[int, int]:
    """After how many working days a waiting customer is reminded, and how many later the ticket is ended."""
    if version_pk is None:
        return REMINDS_AFTER_DAYS, ENDS_AFTER_DAYS
    row = _version(version_pk).row
    return row.reminds_after_days, row.ends_waiting_after_days


def forget() -> None:
    """Drop what this process remembers. For a database that was made anew, as tests do."""
    _version.cache_clear()
    _compiled.cache_clear()
    _is_readable.cache_clear()
    hours.forget()


def policy_of(row: PolicyVersion, term: Term) -> PolicyTerms:
    """A row of a policy as the clocks read it."""
    return PolicyTerms(
        targets={
            "first_response": term.first_response, "next_response": term.next_response, "update": term.update,
            "resolution": term.resolution,
        },
        pausing=frozenset(row.pausing),
        on_reopen=row.on_reopen,  # type: ignore[arg-type]
        on_change=row.on_change,  # type: ignore[arg-type]
        opening_starts_next_response=row.opening_starts_next_response,
    )  # fmt: skip


@cache
def _version(version_pk: int) -> _Version:
    row = PolicyVersion.objects.select_related("policy").prefetch_related("terms").get(pk=version_pk)
    return _Version(row, {term.severity: term for term in row.terms.all()})


@cache
def _is_readable(version_pk: int, calendar_version_pk: int, severity: int) -> bool:
    """Whether the rows are terms that the arithmetic can work with. Versions never change, so it is asked once."""
    try:
        found = pinned(version_pk, calendar_version_pk, severity)
        if found is not None:
            clock.check(found.policy)
            businesstime.next_opening(found.calendar, businesstime.EPOCH)
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return False
    return True


@cache
def _compiled(version_pk: int, calendar_version_pk: int, severity: int) -> Terms | None:
    version = _version(version_pk)
    term = version.terms.get(severity)
    if term is None:
        return None
    row = version.row
    return Terms(
        version_pk=version_pk, calendar_version_pk=calendar_version_pk, severity=severity,
        policy=policy_of(row, term), calendar=hours.compiled(calendar_version_pk),
        acknowledge_minutes=term.acknowledge_minutes, clause=term.clause,
        closes_after_days=row.closes_after_days, reopens_within_days=row.reopens_within_days,
        number=row.number, name=row.policy.name, name_zh=row.policy.name_zh or row.policy.name,
    )  # fmt: skip

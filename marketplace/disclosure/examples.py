"""A worked example: the same S1, filed on a Friday evening, in the calendar of every plan on the shelf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from duty import businesstime, hours
from duty.businesstime import WorkCalendar
from duty.models import CalendarDay
from kit.projection import projection
from kit.words import for_reader
from marketplace.disclosure.plans import PlanCard
from promises import terms

SEVERITY = 1
FRIDAY, SENT_AT, MORNING = 4, time(17, 45), time(6)
WEEKS_AHEAD, WEEKS_BACK = 20, 40


@projection
class Piece:
    """A stretch of a lane: `counted` until the answer is due, else `open` or `closed`."""

    starts_at: datetime
    ends_at: datetime
    kind: Literal["counted", "open", "closed"]


@projection
class Lane:
    """One plan: what it promises, when that is due, and which time counts."""

    slug: str
    title: str
    seconds: int
    due_at: datetime
    hours: str
    pieces: tuple[Piece, ...]


@projection
class Day:
    """One local date under the lanes. `holiday` is its name, "holiday" where it has none, else empty."""

    starts_at: datetime
    holiday: str


@projection
class Example:
    """All lanes on one axis, in the zone of the contract's calendar."""

    sent_at: datetime
    starts_at: datetime
    ends_at: datetime
    timezone: str
    days: tuple[Day, ...]
    lanes: tuple[Lane, ...]

    @property
    def holiday(self) -> str:
        """The first named holiday in the way."""
        return next((day.holiday for day in self.days if day.holiday), "")


@dataclass(frozen=True, slots=True)
class _Promised:
    """A plan with the terms of its S1 and when the example's first answer is due."""

    plan: PlanCard
    term: terms.Terms
    seconds: int


def example(plans: Sequence[PlanCard], at: datetime) -> Example | None:
    """The example for these plans, by the terms in force at `at`; None when no plan promises an S1 a first answer."""
    promised = [one for plan in plans if (one := _promised(plan, at))]
    if not promised:
        return None
    contract = next((one.term for one in promised if not hours.is_day_and_night(one.term.calendar)), promised[0].term)
    zone = ZoneInfo(contract.calendar.timezone)
    sent_at = telling_friday(contract.calendar, at)
    due = {one.plan.slug: businesstime.add(one.term.calendar, sent_at, one.seconds) for one in promised}
    answered = [moment for moment in due.values() if moment is not None]
    if not answered:
        return None
    last = max(answered).astimezone(zone).date()
    starts_at, ends_at = _local(sent_at.date(), MORNING, zone), _local(last + timedelta(days=1), time(0), zone)
    return Example(
        sent_at=sent_at, starts_at=starts_at, ends_at=ends_at, timezone=contract.calendar.timezone,
        days=_days(contract, sent_at.date(), last, zone),
        lanes=tuple(
            _lane(one, (starts_at, sent_at, due_at, ends_at))
            for one in promised
            if (due_at := due[one.plan.slug]) is not None
        ),
    )  # fmt: skip


def telling_friday(calendar: WorkCalendar, at: datetime) -> datetime:
    """A Friday at 17:45, in the calendar's zone, that shows most: the next one before a holiday, else the last such.

    Without a holiday near, it is the next Friday that is open then, or simply the next one.
    """
    zone = ZoneInfo(calendar.timezone)
    today = at.astimezone(zone).date()
    coming = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    weeks = [*range(WEEKS_AHEAD), *range(-1, -WEEKS_BACK, -1)]
    fridays = [_local(coming + timedelta(weeks=week), SENT_AT, zone) for week in weeks]
    working = [friday for friday in fridays if businesstime.is_open(calendar, friday)]
    before_a_holiday = [friday for friday in working if _meets_holiday(calendar, friday)]
    return next(iter([*before_a_holiday, *working, *fridays]))


def _meets_holiday(calendar: WorkCalendar, friday: datetime) -> bool:
    return any(friday.date() + timedelta(days=ahead) in calendar.holidays for ahead in (1, 2, 3))


def _promised(plan: PlanCard, at: datetime) -> _Promised | None:
    term = terms.in_force(plan.policy, SEVERITY, at)
    seconds = term and term.policy.targets.get("first_response")
    return _Promised(plan, term, seconds) if term and seconds else None


def _lane(one: _Promised, moments: tuple[datetime, datetime, datetime, datetime]) -> Lane:
    facts = hours.facts(one.term.calendar_version_pk)
    return Lane(
        slug=one.plan.slug, title=one.plan.title, seconds=one.seconds, due_at=moments[2],
        hours=for_reader(facts.name, facts.name_zh), pieces=tuple(_pieces(one.term.calendar, *moments)),
    )  # fmt: skip


def _pieces(
    calendar: WorkCalendar, start: datetime, sent_at: datetime, due_at: datetime, end: datetime
) -> Iterator[Piece]:
    """Start to end without a gap: closed between the windows, and the windows cut where counting begins and ends."""
    seen = start
    for opens, closes in businesstime.windows(calendar, start, end):
        if seen < opens:
            yield Piece(starts_at=seen, ends_at=opens, kind="closed")
        cuts = [opens, *(cut for cut in (sent_at, due_at) if opens < cut < closes), closes]
        for left, right in pairwise(cuts):
            yield Piece(starts_at=left, ends_at=right, kind="counted" if sent_at <= left < due_at else "open")
        seen = closes
    if seen < end:
        yield Piece(starts_at=seen, ends_at=end, kind="closed")


def _days(contract: terms.Terms, first: date, last: date, zone: ZoneInfo) -> tuple[Day, ...]:
    named = CalendarDay.objects.filter(
        version_id=contract.calendar_version_pk, on__range=(first, last), kind=CalendarDay.Kind.HOLIDAY
    )
    names = {day.on: for_reader(day.name, day.name_zh) or _("holiday") for day in named}
    dates = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return tuple(Day(starts_at=_local(on, time(0), zone), holiday=names.get(on, "")) for on in dates)


def _local(on: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, clock, tzinfo=zone)

"""Deadlines in working time: per second, against the library that others use and against two references of our own.

The references say what is right (`plain`, day by day) and what is possible (`prefix`, sums and a bisection, nothing
else). All of them must agree before anything is timed.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import pytz

from bench.frame import Ratio, absolute, at_least, per_second, ratio, take_turns
from duty import businesstime

ZONE = ZoneInfo("Europe/Berlin")
OPENS, CLOSES = time(9), time(17)
YEARS = range(2024, 2030)
HOLIDAYS = frozenset(holidays.country_holidays("DE", years=YEARS))
CASES, SAMPLE = 1500, 200
BUDGETS = {"8 h": timedelta(hours=8), "80 h": timedelta(hours=80)}

Deadline = Callable[[datetime, timedelta], datetime]


class Disagreement(Exception):
    """One of the ways computes another deadline: nothing is worth timing."""


def product() -> Deadline:
    """What the house uses: `duty.businesstime`."""
    weekly = {day: [businesstime.window("09:00", "17:00")] for day in range(5)}
    calendar = businesstime.WorkCalendar("Europe/Berlin", weekly, holidays=HOLIDAYS)

    def deadline(start: datetime, budget: timedelta) -> datetime:
        reached = businesstime.add(calendar, start, int(budget.total_seconds()))
        assert reached is not None
        return reached

    return deadline


def library() -> Deadline:
    """businesstimedelta, as its documentation says."""
    zone = pytz.timezone(ZONE.key)
    week = businesstimedelta.WorkDayRule(start_time=OPENS, end_time=CLOSES, working_days=[0, 1, 2, 3, 4], tz=zone)
    closed = businesstimedelta.HolidayRule(holidays.country_holidays("DE", years=YEARS), tz=zone)
    rules = businesstimedelta.Rules([week, closed])
    return lambda start, budget: start + businesstimedelta.BusinessTimeDelta(rules, timedelta=budget)


def plain() -> Deadline:
    """Day by day through the calendar, until the budget is spent."""

    def deadline(start: datetime, budget: timedelta) -> datetime:
        day, left, now = start.astimezone(ZONE).date(), budget, start.astimezone(UTC)
        while True:
            if (hours := _hours(day)) and now < hours[1]:
                begin = max(now, hours[0])
                if left <= hours[1] - begin:
                    return begin + left
                left -= hours[1] - begin
            day += timedelta(days=1)

    return deadline


def prefix() -> Deadline:
    """Running totals of all opening hours and two bisections."""
    first, days = date(YEARS[0], 1, 1), 365 * len(YEARS)
    hours = [found for offset in range(days) if (found := _hours(first + timedelta(days=offset)))]
    starts = [begin.timestamp() for begin, _ in hours]
    ends = [end.timestamp() for _, end in hours]
    totals = [0.0, *accumulate(end - begin for begin, end in zip(starts, ends, strict=True))]

    def deadline(start: datetime, budget: timedelta) -> datetime:
        at = start.timestamp()
        i = bisect_right(starts, at) - 1
        goal = totals[i] + min(at, ends[i]) - starts[i] + budget.total_seconds()
        k = bisect_left(totals, goal) - 1
        return datetime.fromtimestamp(starts[k] + goal - totals[k], UTC)

    return deadline


def _hours(day: date) -> tuple[datetime, datetime] | None:
    if day.weekday() > 4 or day in HOLIDAYS:
        return None
    return tuple(datetime.combine(day, edge, ZONE).astimezone(UTC) for edge in (OPENS, CLOSES))  # type: ignore[return-value]


def measure() -> list[Ratio]:
    """All ratios. Raises Disagreement first, if there is one."""
    ways = {"product": product(), "library": library(), "plain": plain(), "prefix": prefix()}
    chance = random.Random(20261124)
    first = datetime(2025, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=chance.randrange(3 * 365 * 86_400)) for _ in range(CASES)]
    _agree(ways, starts)
    sides = {
        f"{name} {length}": per_second(_batch(way, starts[:SAMPLE] if name != "library" else starts[:20], budget))
        for name, way in ways.items()
        for length, budget in BUDGETS.items()
    }
    rounds = take_turns(sides)
    return [
        ratio("businesstime : businesstimedelta, 8 h", rounds, "product 8 h", "library 8 h", at_least(40, 70, 85)),
        ratio("businesstime, 80 h : 8 h", rounds, "product 80 h", "product 8 h", at_least(0.7, 0.9, 0.95)),
        ratio("businesstime : sums and bisection, 8 h", rounds, "product 8 h", "prefix 8 h", at_least(0.4, 0.7, 0.95)),
        ratio("businesstime : day by day, 80 h", rounds, "product 80 h", "plain 80 h"),
        absolute("deadlines a second here, 8 h", rounds, "product 8 h"),
    ]


def _batch(way: Deadline, starts: list[datetime], budget: timedelta) -> Callable[[], int]:
    def work() -> int:
        for start in starts:
            way(start, budget)
        return len(starts)

    return work


def _agree(ways: dict[str, Deadline], starts: list[datetime]) -> None:
    for length, budget in BUDGETS.items():
        for start in starts:
            right = ways["plain"](start, budget)
            for name in ("product", "library", "prefix"):
                if (said := ways[name](start, budget)) != right:
                    raise Disagreement(f"{name}, {length} from {start}: {said}, not {right}")

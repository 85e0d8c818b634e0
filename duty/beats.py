"""When turns begin on the wall clock: a fixed pattern of hours, days, weeks or weekdays, or months that keep their day.

All times are naive. Turn 0 is the first; `beat` makes the right one for a rotation.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_DAY = timedelta(days=1)
_LENGTHS = {"hour": timedelta(hours=1), "day": _DAY, "week": 7 * _DAY}
_FOUR_YEARS = 48
"""Months after which the lengths of months repeat, but for the leap day that three of four centuries drop."""
UNITS = (*_LENGTHS, "month")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Turns that repeat on the wall clock after a fixed time: hours, days, weeks, weekdays of a mask."""

    first: datetime
    period: timedelta
    offsets: tuple[timedelta, ...] = (timedelta(0),)

    def turn(self, k: int) -> datetime:
        periods, place = divmod(k, len(self.offsets))
        return self.first + periods * self.period + self.offsets[place]

    def last(self, wall: datetime) -> int:
        """The last turn at or before `wall`."""
        periods, rest = divmod(wall - self.first, self.period)
        return periods * len(self.offsets) + bisect_right(self.offsets, rest) - 1

    def shortest(self) -> timedelta:
        return min(self.turn(k + 1) - self.turn(k) for k in range(len(self.offsets)))


@dataclass(frozen=True, slots=True)
class Months:
    """Turns every `step` months that keep the first one's day, clamped to the end of shorter months."""

    first: datetime
    step: int

    def turn(self, k: int) -> datetime:
        years, month = divmod(self.first.month - 1 + k * self.step, 12)
        year = self.first.year + years
        return self.first.replace(year, month + 1, min(self.first.day, monthrange(year, month + 1)[1]))

    def last(self, wall: datetime) -> int:
        """The last turn at or before `wall`."""
        k = ((wall.year - self.first.year) * 12 + wall.month - self.first.month) // self.step
        return k if self.turn(k) <= wall else k - 1

    def shortest(self) -> timedelta:
        in_calendar = (date.max.year - self.first.year) * 12 // self.step
        return min(self.turn(k + 1) - self.turn(k) for k in range(max(1, min(_FOUR_YEARS, in_calendar))))


Beat = Pattern | Months


def beat(unit: str, start: datetime, step: int, days: Collection[int] | None) -> Beat:
    """The beat of a turn every `step` units from `start` on, or at start's time on each of the weekdays `days`.

    Raises OverflowError or ValueError when not even turn 1 lies within the calendar.
    """
    if days is not None:
        ahead = sorted((day - start.weekday()) % 7 * _DAY for day in days)
        return Pattern(start + ahead[0], 7 * _DAY, tuple(one - ahead[0] for one in ahead))
    made: Beat = Months(start, step) if unit == "month" else Pattern(start, step * _LENGTHS[unit])
    made.turn(1)
    return made

"""Targets as people write them down: minutes, hours, and working days of the calendar in which they count."""

from collections import Counter
from typing import Literal

from duty.businesstime import WorkCalendar

Unit = Literal["min", "h", "d"]
WHOLE_DAY = 86_400


def working_day(calendar: WorkCalendar) -> int:
    """How many seconds a working day has: as most weekdays with windows do, the longest of these; else 24 hours."""
    lengths = Counter(
        sum((end - start) % 1440 or 1440 for start, end in pieces) * 60 for pieces in calendar.weekly.values() if pieces
    )
    return max(lengths, key=lambda length: (lengths[length], length), default=WHOLE_DAY)


def seconds(amount: int, unit: Unit, day: int) -> int:
    """A target in working seconds; `day` is a working day's length in seconds."""
    return amount * {"min": 60, "h": 3600, "d": day}[unit]


def written(target: int, day: int) -> tuple[int, Unit]:
    """The largest unit in which a target is a whole number; minutes are rounded up."""
    if target % day == 0:
        return target // day, "d"
    return (target // 3600, "h") if target % 3600 == 0 else (-(-target // 60), "min")

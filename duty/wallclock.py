"""The wall clock of rotations: which instant a local time names when clocks change.

Not shared with businesstime, where a skipped time moves by the gap and an end is its first occurrence.
"""

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo


def shown(zone: ZoneInfo, at: datetime) -> datetime:
    """What the clock of the zone shows at an instant, naive."""
    return at.astimezone(zone).replace(tzinfo=None)


def first(zone: ZoneInfo, wall: datetime) -> datetime:
    """For starts: the first instant at which the clock shows `wall`, or the first after a gap that skips it."""
    return _instant(zone, wall, fold=0)


def last(zone: ZoneInfo, wall: datetime) -> datetime:
    """For ends: the second occurrence of a repeated time, so that clock changes leave an overlap and never a gap."""
    return _instant(zone, wall, fold=1)


def _instant(zone: ZoneInfo, wall: datetime, fold: Literal[0, 1]) -> datetime:
    found = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if shown(zone, found) == wall:
        return found
    # Skipped: zoneinfo's two readings lie on both sides of the gap, 02:30 as 01:30 and as 03:30; it ends between.
    before, after = (wall.replace(tzinfo=zone, fold=side).astimezone(UTC) for side in (1, 0))
    return turning_point(before, after, lambda at: shown(zone, at) >= wall)


def midnight(zone: ZoneInfo, day: date) -> set[datetime]:
    """Every instant at which the local date becomes `day`, or turns back from it because midnight is repeated."""
    struck = datetime.combine(day, time())
    once, again = first(zone, struck), last(zone, struck)
    if once == again:
        return {once}
    return {once, turning_point(once, again, lambda at: shown(zone, at) < struck), again}


def turning_point(start: datetime, end: datetime, is_past: Callable[[datetime], bool]) -> datetime:
    """The first whole second in [start, end] from which on `is_past` holds; clocks change at whole seconds."""
    start = start.replace(microsecond=0)
    seconds = range((end - start) // timedelta(seconds=1) + 1)
    return start + timedelta(seconds=bisect_left(seconds, True, key=lambda s: is_past(start + timedelta(seconds=s))))

"""The sections of a list of work: rows that belong together by time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from desk.models.work import BACK_IN_FRONT

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECTIONS = ("lost", "hour", "today", "later", "broken", "still", "ended")
"""Broken for over 8 h, within the hour, today, later, broken, not counting, solved or closed: in this order."""

UNTIL = ("lost", "broken", "hour", "today")
"""Those that end at a moment, the earliest first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the sections end at one moment. Today is the reader's day."""

    at: datetime
    until: tuple[tuple[str, datetime], ...]
    """(section, its last moment), earliest first; what comes later is "later"."""

    def section(self, moment: datetime | None) -> str:
        """One of SECTIONS, by when the promise was broken or else is due."""
        if moment is None:
            return "still"
        return next((name for name, last in self.until if moment <= last), "later")


def bounds(at: datetime) -> Bounds:
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return Bounds(
        at=at,
        until=(
            ("lost", at - BACK_IN_FRONT), ("broken", at), ("hour", at + HOUR),
            ("today", midnight - timedelta(microseconds=1)),
        ),
    )  # fmt: skip

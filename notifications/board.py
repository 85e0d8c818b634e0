"""What could not be told: notices that wait longer than they should, and those that were given up."""

from dataclasses import dataclass
from datetime import datetime

from notifications.models import AddressedNotice, Notice
from notifications.models.inside import InsideNotice
from notifications.models.notices import NoticeQuerySet, NoticeRow

SHOWN = 50
MODELS = (Notice, InsideNotice, AddressedNotice)


@dataclass(frozen=True, slots=True)
class Line:
    """One notice that has not arrived."""

    key: str
    kind: str
    to: str
    made_at: datetime
    attempts: int
    next_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Counts are of everything, lines of the oldest `SHOWN`. `waiting` have not been tried, `retrying` have failed."""

    waiting: int
    oldest_at: datetime | None
    retrying: tuple[Line, ...]
    dead: tuple[Line, ...]
    dead_count: int


def undelivered() -> Undelivered:
    """All kinds of notices. Reads partial indexes: it costs what is undelivered, not what was ever sent."""
    pending = [model.objects.pending() for model in MODELS]
    dead = [model.objects.dead() for model in MODELS]
    firsts = [rows.filter(attempts=0).order_by("pk").values_list("made_at", flat=True).first() for rows in pending]
    return Undelivered(
        waiting=sum(rows.filter(attempts=0).count() for rows in pending),
        oldest_at=min(filter(None, firsts), default=None),
        retrying=_lines([rows.filter(attempts__gt=0) for rows in pending]),
        dead=_lines(dead),
        dead_count=sum(rows.count() for rows in dead),
    )


def _lines(of_both: list[NoticeQuerySet]) -> tuple[Line, ...]:
    rows = [row for rows in of_both for row in rows.with_reader().order_by("pk")[:SHOWN]]
    return tuple(_line(row) for row in sorted(rows, key=lambda row: row.made_at)[:SHOWN])


def _line(row: NoticeRow) -> Line:
    return Line(
        key=row.key, kind=row.kind, to=row.to, made_at=row.made_at, attempts=row.attempts,
        next_at=row.lease_until, error=row.error,
    )  # fmt: skip

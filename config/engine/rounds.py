"""What each part of the engine did lately, a line each, for operations."""

from dataclasses import dataclass
from datetime import datetime

from config.engine.auditor import AUDIT
from config.engine.health import patience
from config.engine.models import Beat
from config.engine.ticker import TICKER, installed
from kit import leases


@dataclass(frozen=True, slots=True)
class Round:
    """The last round of one part. `age` is None when it never ran."""

    name: str
    period: int
    beat_at: datetime | None
    age: int | None
    took_ms: int
    error: str
    is_stale: bool

    @property
    def is_well(self) -> bool:
        return not self.is_stale and not self.error


def rounds() -> list[Round]:
    """The ticker, the auditor, then every sweep of this process in the order of the timetable."""
    now = leases.clock()
    beats = {beat.name: beat for beat in Beat.objects.all()}
    parts = [(TICKER, 2), (AUDIT, 60), *installed()]
    return [_round(name, period, beats.get(name), now) for name, period in parts]


def _round(name: str, period: int, beat: Beat | None, now: datetime) -> Round:
    if beat is None:
        return Round(name, period, None, None, 0, "", is_stale=True)
    age = int((now - beat.beat_at).total_seconds())
    return Round(name, period, beat.beat_at, age, beat.took_ms, beat.error, is_stale=age > patience(period))

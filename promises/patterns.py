"""Plans that companies of the trade publish, as patterns to start a policy from: numbers with their sources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from promises.clock import KINDS, ClockKind
from promises.units import Unit

PLANS = Path(__file__).parent / "data" / "plans.json"
HoursOfWeek = Mapping[int, list[list[str]]]
"""Weekdays, 0 = Monday, with their windows, as calendars are written down."""


@dataclass(frozen=True, slots=True)
class TermPattern:
    """One severity. `hours` names a week of the file; `due` are worked deadlines for a ticket filed at `filed`."""

    severity: int
    hours: str
    targets: Mapping[ClockKind, tuple[int, Unit]]
    due: Mapping[ClockKind, datetime]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One plan: who sells it, where its numbers were read, and what it says that no clock can."""

    key: str
    seller: str
    name: str
    source: str
    note: str
    terms: tuple[TermPattern, ...]

    def __str__(self) -> str:
        return f"{self.seller} {self.name}"


def plans() -> Mapping[str, Pattern]:
    """All by key, in the order of the file."""
    return _read()[0]


def weeks() -> Mapping[str, HoursOfWeek]:
    """The weeks that terms name, such as 8x5."""
    return _read()[1]


def filed() -> datetime:
    """The moment to which the worked deadlines belong: a Friday afternoon, in the zone of the calendars."""
    return _read()[2]


@cache
def _read() -> tuple[Mapping[str, Pattern], Mapping[str, HoursOfWeek], datetime]:
    paper = json.loads(PLANS.read_text(encoding="utf-8"))
    zone = ZoneInfo(paper["timezone"])
    found = {}
    for plan in paper["plans"]:
        rows = tuple(_term(term, zone) for term in plan.pop("terms"))
        found[plan["key"]] = Pattern(**plan, terms=rows)
    weekly = {name: {int(day): windows for day, windows in week.items()} for name, week in paper["hours"].items()}
    return found, weekly, _moment(paper["filed"], zone)


def _term(said: dict[str, str], zone: ZoneInfo) -> TermPattern:
    due: Mapping[ClockKind, str] = said["due"]  # type: ignore[assignment]
    return TermPattern(
        severity=int(said["severity"]), hours=said["hours"],
        targets={kind: _target(said[kind]) for kind in KINDS if kind in said},
        due={kind: _moment(words, zone) for kind, words in due.items()},
    )  # fmt: skip


def _target(words: str) -> tuple[int, Unit]:
    amount, unit = words.split()
    return int(amount), unit  # type: ignore[return-value]


def _moment(words: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)

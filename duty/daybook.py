"""Windows and dated exceptions as people write them, a line each; Chinese and English words mean the same.

    2026-05-01 closed Labour Day | 劳动节
    2026-05-09 work Labour Day | 劳动节            the windows of a usual day, as on a weekend that pays for a holiday
    2026-12-24 morning Christmas Eve | 平安夜      or afternoon: the day's windows up to, or from, 12:00
    2026-06-30 10:00-12:00 13:00-16:00 Stocktaking
    2026-03-03 break 12:00-13:00 Fire drill

A name follows, English and Chinese on both sides of a bar; one alone stands for both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from duty import businesstime
from duty.businesstime import CalendarError

Pairs = tuple[tuple[str, str], ...]
"""Windows as they are stored: (("09:00", "18:00"),)."""
Word = Literal["closed", "work", "morning", "afternoon", "break"]
WORDS: dict[str, dict[Word, str]] = {
    "en": {"closed": "closed", "work": "work", "morning": "morning", "afternoon": "afternoon", "break": "break"},
    "zh": {"closed": "休", "work": "班", "morning": "上午", "afternoon": "下午", "break": "停"},
}
READ: dict[str, Word] = {spelled: word for words in WORDS.values() for word, spelled in words.items()}
NOON = "12:00"
PIECE = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至到]\s*(\d{1,2}:\d{2})[\s,，、;；]*")


@dataclass(frozen=True, slots=True)
class Dated:
    """One date that differs. `kind` is holiday, override or break; a holiday has no windows."""

    on: date
    kind: str
    windows: Pairs = ()
    name: str = ""
    name_zh: str = ""


class BadLine(ValueError):
    """A line that cannot be read; `number` counts from 1, `reason` is one of the words below or of CalendarError."""

    def __init__(self, number: int, text: str, reason: str) -> None:
        self.number, self.text, self.reason = number, text, reason
        super().__init__(f"line {number}, {text!r}: {reason}")


def windows(text: str) -> Pairs:
    """Read "09:00-12:00, 13:00-18:00"; nothing is closed. Raises CalendarError: bad_time, empty_window, overlap."""
    pieces, rest = _windows(text.strip())
    if rest:
        raise CalendarError("bad_time", f"{rest!r} is no window")
    return pieces


def spelled(pieces: Sequence[Sequence[str]]) -> str:
    """The other way: "09:00-12:00, 13:00-18:00"."""
    return ", ".join(f"{start}-{end}" for start, end in pieces)


def read(text: str, weekly: Mapping[int, Sequence[Sequence[str]]], *, year: int | None = None) -> list[Dated]:
    """Read all lines; empty ones and those that begin with # say nothing. `weekly` says what a usual day is.

    Raises BadLine: bad_date, other_year, bad_word, no_hours (a half of a day that has none), twice (a date may have a
    holiday or windows, and a break beside), or what is wrong with its windows.
    """
    found: dict[tuple[date, bool], Dated] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            one = _line(line.strip(), weekly)
            if year is not None and one.on.year != year:
                raise _Unread("other_year")
            if (one.on, one.kind == "break") in found:
                raise _Unread("twice")
        except (_Unread, CalendarError) as wrong:
            raise BadLine(number, line.strip()[:60], wrong.reason) from None
        found[one.on, one.kind == "break"] = one
    return sorted(found.values(), key=lambda one: (one.on, one.kind))


def written(days: Sequence[Dated], weekly: Mapping[int, Sequence[Sequence[str]]], language: str) -> str:
    """The lines of these dates, which `read` reads again."""
    words = WORDS["zh" if language.startswith("zh") else "en"]
    return "\n".join(_written(one, weekly, words) for one in sorted(days, key=lambda one: (one.on, one.kind)))


def usual(weekly: Mapping[int, Sequence[Sequence[str]]]) -> Pairs:
    """The windows of the first weekday that has any."""
    return next((_pairs(weekly[day]) for day in range(7) if weekly.get(day)), ())


class _Unread(ValueError):
    def __init__(self, reason: str) -> None:
        self.reason = reason


def _line(line: str, weekly: Mapping[int, Sequence[Sequence[str]]]) -> Dated:
    first, _, rest = line.partition(" ")
    try:
        on = date.fromisoformat(first)
    except ValueError:
        raise _Unread("bad_date") from None
    rest = rest.strip()
    word = READ.get(rest.split(" ", 1)[0].lower()) if rest else None
    if word is not None:
        rest = rest.partition(" ")[2].strip()
    pieces, name = _windows(rest) if word in (None, "break") else ((), rest)
    if word in ("work", "morning", "afternoon"):
        pieces = _of_day(word, on, weekly)
    if not pieces and word != "closed":
        raise _Unread("bad_word")
    kind = {"closed": "holiday", "break": "break"}.get(word or "", "override")
    english, bar, chinese = (part.strip() for part in name.partition("|"))
    return Dated(on, kind, pieces, english[:80], (chinese if bar else english)[:80])


def _of_day(word: str, on: date, weekly: Mapping[int, Sequence[Sequence[str]]]) -> Pairs:
    pieces = _pairs(weekly.get(on.weekday(), ())) or usual(weekly)
    if word == "morning":
        pieces = tuple((start, min(end, NOON) if end > start else NOON) for start, end in pieces if start < NOON)
    elif word == "afternoon":
        pieces = tuple((max(start, NOON), end) for start, end in pieces if end > NOON or end < start)
    if not pieces:
        raise _Unread("no_hours")
    return pieces


def _windows(text: str) -> tuple[Pairs, str]:
    """The windows at the beginning, and what follows. Hours of one digit are filled up."""
    pieces: list[tuple[str, str]] = []
    while match := PIECE.match(text):
        pieces.append((match[1].zfill(5), match[2].zfill(5)))
        text = text[match.end() :]
    _check(pieces)
    return tuple(pieces), text.strip()


def _check(pieces: Sequence[tuple[str, str]]) -> None:
    if pieces:
        day = [businesstime.window(start, end) for start, end in pieces]
        businesstime.check(businesstime.WorkCalendar(timezone="UTC", weekly={0: day}))


def _pairs(pieces: Sequence[Sequence[str]]) -> Pairs:
    return tuple((start, end) for start, end in pieces)


def _written(one: Dated, weekly: Mapping[int, Sequence[Sequence[str]]], words: Mapping[Word, str]) -> str:
    if one.kind == "holiday":
        what = words["closed"]
    elif one.kind == "break":
        what = f"{words['break']} {spelled(one.windows)}"
    else:
        what = words["work"] if one.windows == usual(weekly) else spelled(one.windows)
    name = f"{one.name} | {one.name_zh}" if one.name_zh and one.name_zh != one.name else one.name
    return f"{one.on} {what} {name}".strip()

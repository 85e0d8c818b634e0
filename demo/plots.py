"""Plots: what happened to a thread, as `data/stories/*.toml` tells it.

A plot names a thread (or, where there is none, is composed and says so), who asked, when it began, and its steps:
`[verb, when, words...]`. `when` is the time since the step before ("40m", "3h", "1d"), or with an @ the time before
the moment of the world ("@20m"). `begins` is "12d 10:20" (so many days ago, at the asker's wall clock) or "@75m".
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo import cast
from demo.promises import category_of

DATA = Path(__file__).parent / "data"
THREADS = DATA / "real_tickets.json"
SHELVES = ("live", "past_en", "past_zh", "composed")
"""Files of plots. A smaller world takes from each in turn; the first of all is a ticket that has just come in."""
ASKERS = {"en": ("nina", "jonas"), "zh": ("zhoumin", "lihang")}
"""Who files a thread that has no plot, in turn."""
LANGUAGES = {"en": "en", "zh": "zh-hans"}
SPAN = re.compile(r"(\d+)([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True)
class Thread:
    """One public issue thread as the file keeps it: quoted title, retold symptom, where it stands."""

    title: str
    language: str
    component: str
    severity: int
    symptom: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does, `wait` after the step before or `ago` before the moment of the world."""

    verb: str
    wait: timedelta
    ago: timedelta | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """One ticket and what becomes of it. `offers`: how those who are offered it answer, in order; else they take it."""

    key: str
    subject: str
    body: str
    language: str
    category: str
    severity: int
    asker: str
    begins: str
    cluster: str = ""
    is_composed: bool = False
    is_entitled: bool = True
    offers: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=())

    def begins_at(self, until: datetime) -> datetime:
        """When it was filed, in a world as of `until`."""
        if self.begins.startswith("@"):
            return until - span(self.begins[1:])
        days, clock = self.begins.split()
        zone = ZoneInfo(cast.BY_KEY[self.asker].timezone)
        on = (until.astimezone(zone) - span(days)).date()
        if self.severity > 1:
            on -= timedelta(days=max(0, on.weekday() - 4))
        return datetime.combine(on, time.fromisoformat(clock), tzinfo=zone)


def span(words: str) -> timedelta:
    """How long "1d2h30m" is."""
    return sum((timedelta(**{UNITS[unit]: int(count)}) for count, unit in SPAN.findall(words)), timedelta())


@cache
def threads() -> tuple[Thread, ...]:
    """All of them, in the order of the file."""
    return tuple(
        Thread(
            title=row["title"][:200], language=row["lang"], component=row["component"],
            severity=int(row["severity_guess"][1]), symptom=row["symptom"], url=row["url"],
        )
        for row in json.loads(THREADS.read_text(encoding="utf-8"))
    )  # fmt: skip


def plots(count: int) -> list[Plot]:
    """The first `count`: those that are written out, from each shelf in turn, then every other thread as it stands."""
    shelves = [_shelf(name) for name in SHELVES]
    written = [plot for row in zip_longest(*shelves) for plot in row if plot]
    told = {plot.key for plot in written}
    rest = [thread for thread in threads() if thread.url not in told]
    return [*written, *(_plain(thread, number) for number, thread in enumerate(rest))][:count]


@cache
def _shelf(name: str) -> tuple[Plot, ...]:
    told = tomllib.loads((DATA / "stories" / f"{name}.toml").read_text(encoding="utf-8"))
    return tuple(_plot(row, is_composed=name == "composed") for row in told["story"])


def _plot(row: dict[str, Any], *, is_composed: bool) -> Plot:
    if is_composed:
        subject, language, category, severity = row["subject"], row["language"], row["category"], 1
        key = f"composed:{row['name']}"
    else:
        thread = _by_place()[row["thread"]]
        subject, language, key = thread.title, thread.language, thread.url
        category, severity = category_of(thread.component), row.get("severity", thread.severity)
    return Plot(
        key=key, subject=subject, language=LANGUAGES[language], category=category, severity=severity,
        body=row["body"].strip(), asker=row["asker"], begins=row["begins"], cluster=row.get("cluster", ""),
        is_composed=is_composed, is_entitled=row.get("entitled", True), offers=tuple(row.get("offers", ())),
        steps=tuple(_step(*step) for step in row.get("steps", ())),
    )  # fmt: skip


def _step(verb: str, when: str, *words: str) -> Step:
    is_fixed = when.startswith("@")
    return Step(verb, timedelta() if is_fixed else span(when), span(when) if is_fixed else None,
                tuple(word.strip() for word in words))  # fmt: skip


@cache
def _by_place() -> dict[str, Thread]:
    return {thread.url.removeprefix("https://github.com/").replace("/issues/", "#"): thread for thread in threads()}


def _plain(thread: Thread, number: int) -> Plot:
    """A thread without a plot: asked in the last month, first answered by the desk's first questions, then silence."""
    asker = ASKERS[thread.language][number % 2]
    words = _first_words()[category_of(thread.component)][thread.language]
    return Plot(
        key=thread.url, subject=thread.title, body=thread.symptom, language=LANGUAGES[thread.language],
        category=category_of(thread.component), severity=max(3, thread.severity), asker=asker,
        begins=f"{4 + number * 7 % 27}d {9 + number % 7:02}:{number * 13 % 60:02}",
        steps=tuple(_plain_steps(words, number)),
    )  # fmt: skip


def _plain_steps(words: dict[str, str], number: int) -> Iterator[Step]:
    yield _step("ask", f"{20 + number * 11 % 90}m", words["ask"])
    if number % 5:
        yield _step("say", "5h", words["say"])
        yield _step("solve", "2h", words["solve"])


@cache
def _first_words() -> dict[str, dict[str, dict[str, str]]]:
    """For each category and language what the desk asks first, what customers answer, and what helps most often."""
    return tomllib.loads((DATA / "stories" / "first_words.toml").read_text(encoding="utf-8"))

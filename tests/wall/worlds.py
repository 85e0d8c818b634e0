"""Worlds: the same story played with another history between its moments, from the same beginning; what was seen."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from billing.actions import payments
from demo import cast
from kit import pdf
from tests import box, make
from tests.wall import acts
from tests.wall.dice import rolling
from tests.wall.eyes import Eyes
from tests.wall.story import BEGIN, QUARTER, Plot, Story, engine
from tests.wall.ways import ROLES

P = ParamSpec("P")
Seen = dict[str, bytes]
History = Sequence[Sequence[Any]]
MIDDLE, END = 5, 12
"""After which steps somebody looks: the customer while her matter is open, everybody at the end."""


_remembered: list[Any] = []


def remembered(tell: Callable[P, Seen]) -> Callable[P, Seen]:
    """A world that is told once a stage: on another stage the same people have other references."""
    told = cache(tell)
    _remembered.append(told)
    return told  # type: ignore[return-value]


class Papers:
    """Sets each paper once: worlds ask for the same ones again and again, and equal inputs give equal bytes."""

    def __init__(self, compiler: Any) -> None:
        self._compiler, self._made = compiler, dict[str, bytes]()

    def compile(self, source: str, **inputs: Any) -> bytes:
        key = repr((source, sorted(inputs.items())))
        if key not in self._made:
            self._made[key] = bytes(self._compiler.compile(source, **inputs))
        return self._made[key]


@contextmanager
def stage(folder: Path) -> Iterator[None]:
    """What stands before every story: the cast, the desk, plans; a mail stand-in that keeps files."""
    for told in _remembered:
        told.cache_clear()
    before = settings.EMAIL_BACKEND, settings.OUTBOX_DIR, settings.FILES_DIR, settings.SANDBOX_DIR
    settings.EMAIL_BACKEND, settings.OUTBOX_DIR = "sandbox.mail.Outbox", folder / "outbox"
    settings.FILES_DIR, settings.SANDBOX_DIR = folder / "files", folder / "sandbox"
    yesterday = BEGIN - timedelta(days=1)
    compiler, papers = pdf._compiler, Papers(pdf._compiler())
    pdf._compiler = lambda: papers  # type: ignore[assignment]
    try:
        with transaction.atomic(), time_machine.travel(yesterday, tick=False):
            cast.gather()
            make.crew()
            invoice = make.invoice("nina", yesterday, plan="premium")
            nina, fang = cast.person("nina"), cast.person("fang")
            sent = payments.announce(invoice.reference, by=nina, at=yesterday, payer="Nordlicht Logistik")
            payments.refuse(sent.reference, by=fang, at=yesterday, refusal="not_arrived")
            make.confirm(invoice.reference, yesterday, amount=invoice.gross, payer="Nordlicht Logistik")
            second = make.invoice("nina", yesterday, plan="standard")
            make.confirm(second.reference, yesterday, amount=second.gross // 2, payer="Nordlicht Logistik")
            make.paid_invoice("lihang", yesterday, plan="standard")
            box.part_by_card(second, nina, yesterday)
            yield
            transaction.set_rollback(True)
    finally:
        pdf._compiler = compiler
        settings.EMAIL_BACKEND, settings.OUTBOX_DIR, settings.FILES_DIR, settings.SANDBOX_DIR = before


def play(
    plot: Plot, history: History = (), *, do: Callable[[Any, datetime], None] = acts.do, level: str = "rnd",
    roles: tuple[str, ...] = ROLES, looks: tuple[int, ...] = (MIDDLE, END), **how: Any,
) -> Seen:  # fmt: skip
    """Play the story; in gap `i` somebody does `history[i]`. What could be seen from outside on the way.

    `do` does one act of the history and draws from the stream of `level`; `how` is for the eyes.
    """
    for mail in settings.OUTBOX_DIR.glob("*.eml"):
        mail.unlink()
    box.forget()
    _rewind()
    seen: Seen = {}
    with transaction.atomic(), rolling() as dice:
        story = Story(plot)
        for number, (stream, step) in enumerate(story.steps(), 1):
            with time_machine.travel(story.at, tick=False):
                with dice.of(stream):
                    step()
                with dice.of("engine"):
                    engine()
                if number in looks:
                    found = Eyes(dice, roles if number == END else roles[:2], **how).look()
                    seen.update({f"step {number}: {name}": content for name, content in found.items()})
            with dice.of(level):
                _between(story, history[number - 1] if number <= len(history) else (), do)
            story.at += timedelta(days=3) if number == END - 1 else QUARTER
        transaction.set_rollback(True)
    return seen


def _between(story: Story, history: Sequence[Any], do: Callable[[Any, datetime], None]) -> None:
    for act in sorted(history, key=lambda act: act.minute):
        at = story.at + timedelta(minutes=act.minute)
        with time_machine.travel(at, tick=False):
            do(act, at)


def differences(one: Seen, other: Seen) -> list[str]:
    """Channels whose bytes differ, each with its first different lines; empty when nobody outside can tell."""
    return [
        f"{name}:\n" + _first_difference(one.get(name, b"absent"), other.get(name, b"absent"))
        for name in sorted(one.keys() | other.keys())
        if one.get(name) != other.get(name)
    ]


def _first_difference(one: bytes, other: bytes) -> str:
    lines = difflib.unified_diff(
        one.decode(errors="replace").splitlines(), other.decode(errors="replace").splitlines(), lineterm="", n=0
    )
    return "\n".join(line[:200] for line in list(lines)[2:8])


def _rewind() -> None:
    """Sequences begin anew, as on a database that was made for this world; on SQLite they roll back by themselves."""
    if connection.vendor != "postgresql":
        return
    models = [model for model in apps.get_models() if model._meta.pk is not None and model._meta.pk.column == "id"]
    rewinds = ", ".join(
        f"setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        for table in (model._meta.db_table for model in models)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rewinds}")

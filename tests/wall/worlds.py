"""Worlds: the same story played with another history of R&D, from the same beginning, and what was seen of it."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from demo import cast
from tests import make
from tests.wall.acts import Act, do
from tests.wall.dice import rolling
from tests.wall.eyes import ROLES, Eyes
from tests.wall.story import BEGIN, QUARTER, Plot, Story, engine

Seen = dict[str, bytes]
MIDDLE, END = 5, 12
"""After which steps somebody looks: the customer while her matter is open, everybody at the end."""


@contextmanager
def stage(folder: Path) -> Iterator[None]:
    """What stands before every story: the cast, the desk, Nordlicht's plan; a mail stand-in that keeps files."""
    before = settings.EMAIL_BACKEND, settings.OUTBOX_DIR, settings.FILES_DIR
    settings.EMAIL_BACKEND, settings.OUTBOX_DIR = "sandbox.mail.Outbox", folder / "outbox"
    settings.FILES_DIR = folder / "files"
    try:
        with transaction.atomic(), time_machine.travel(BEGIN - timedelta(days=1), tick=False):
            cast.gather()
            make.crew()
            make.paid_invoice("nina", BEGIN - timedelta(days=1), plan="premium")
            make.paid_invoice("lihang", BEGIN - timedelta(days=1), plan="standard")
            yield
            transaction.set_rollback(True)
    finally:
        settings.EMAIL_BACKEND, settings.OUTBOX_DIR, settings.FILES_DIR = before


def play(plot: Plot, history: Sequence[Sequence[Act]] = (), *, roles: tuple[str, ...] = ROLES) -> Seen:
    """Play the story; in gap `i` R&D does `history[i]`. What could be seen from outside on the way."""
    for mail in settings.OUTBOX_DIR.glob("*.eml"):
        mail.unlink()
    _rewind()
    seen: Seen = {}
    with transaction.atomic(), rolling() as dice:
        story = Story(plot)
        for number, (level, step) in enumerate(story.steps(), 1):
            with time_machine.travel(story.at, tick=False):
                with dice.of(level):
                    step()
                with dice.of("engine"):
                    engine()
                who = {MIDDLE: ("nina",), END: roles}.get(number)
                found = Eyes(dice, who).look() if who else {}
                seen.update({f"step {number}: {name}": content for name, content in found.items()})
            with dice.of("rnd"):
                _in_the_gap(story, history[number - 1] if number <= len(history) else ())
            story.at += timedelta(days=3) if number == len(story.steps()) - 1 else QUARTER
        transaction.set_rollback(True)
    return seen


def _in_the_gap(story: Story, acts: Sequence[Act]) -> None:
    for act in sorted(acts, key=lambda act: act.minute):
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
    tables = [model._meta.db_table for model in apps.get_models() if _counts(model)]
    rewinds = ", ".join(
        f"setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rewinds}")


def _counts(model: type[Model]) -> bool:
    return model._meta.pk is not None and model._meta.pk.column == "id"

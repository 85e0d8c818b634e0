"""Worlds: the same story played with another history of R&D, from the same beginning, and what was seen of it."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from demo import cast
from tests import make
from tests.wall.acts import Act, do
from tests.wall.dice import rolling
from tests.wall.eyes import ROLES, Eyes
from tests.wall.story import BEGIN, QUARTER, Plot, Story, engine

Seen = dict[str, bytes]
LOOKS = (5, 12)
"""After which steps somebody looks: in the middle, with an open matter, and at the end."""


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


def play(
    plot: Plot, history: Sequence[Sequence[Act]] = (), *, roles: tuple[str, ...] = ROLES, looks: tuple[int, ...] = LOOKS
) -> Seen:
    """Play the story; in gap `i` R&D does `history[i]`. What can be seen from outside at `looks`."""
    for mail in settings.OUTBOX_DIR.glob("*.eml"):
        mail.unlink()
    _rewind()
    seen: Seen = {}
    with transaction.atomic(), rolling() as dice:
        story = Story(plot)
        for number, ((level, step), acts) in enumerate(
            zip_longest(story.steps(), history[: len(story.steps())], fillvalue=()), 1
        ):
            with time_machine.travel(story.at, tick=False):
                with dice.of(level):
                    step()
                with dice.of("engine"):
                    engine()
                if number in looks:
                    found = Eyes(dice, roles).look()
                    seen.update({f"step {number}: {name}": content for name, content in found.items()})
            with dice.of("rnd"):
                for act in acts:
                    at = story.at + timedelta(minutes=act.minute)
                    with time_machine.travel(at, tick=False):
                        do(act, at)
            story.at += QUARTER if step != story.nina_rates else timedelta(days=3)
        transaction.set_rollback(True)
    return seen


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
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
                if any(field.name == "id" for field in model._meta.fields) else "SELECT 1"
            )  # fmt: skip

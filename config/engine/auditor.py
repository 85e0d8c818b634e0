"""The auditor asks every app what must always hold there, and says what does not (DESIGN 14)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import connection, transaction

from config.engine.models import Beat
from kit import leases
from kit.invariants import Invariant

AUDIT = "audit"
"""The beat under which the last result stands."""
SHOWN = 20
"""So many offending rows are named; all are counted."""
SWEEP_LIMIT_MS = 10_000
"""A question that takes longer is not cheap: it is stopped and reported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule and the rows that break it. `count` may exceed the rows named."""

    invariant: Invariant
    rows: tuple[str, ...] = ()
    count: int = 0

    def __str__(self) -> str:
        return f"{self.invariant.name}: {self.count} ({', '.join(self.rows[:3])})"


def invariants() -> list[Invariant]:
    """Those of every installed app, in the order of installation. Raises ValueError when two share a name."""
    found: dict[str, Invariant] = {}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.invariants") is None:
            continue
        for invariant in getattr(import_module(f"{app.name}.invariants"), "INVARIANTS", ()):  # kit's has none
            if invariant.name in found:
                raise ValueError(f"two invariants are called {invariant.name}")
            found[invariant.name] = invariant
    return list(found.values())


def examine(*, all: bool) -> list[Finding]:
    """Every rule with what breaks it now: all of them, or the cheap ones under a time limit each."""
    return [
        _ask(invariant, limit_ms=0 if all else SWEEP_LIMIT_MS)
        for invariant in invariants()
        if all or invariant.is_cheap
    ]


def audit(*, all: bool) -> list[Finding]:
    """The rules that do not hold; empty when the house is clean."""
    return [finding for finding in examine(all=all) if finding.count]


def keep_watch() -> None:
    """Ask the cheap questions and leave the answer in the beat `audit`, where health looks."""
    started = time.monotonic()
    broken = "; ".join(str(finding) for finding in audit(all=False))
    took_ms = round((time.monotonic() - started) * 1000)
    Beat.objects.update_or_create(
        name=AUDIT, defaults={"beat_at": leases.clock(), "took_ms": took_ms, "error": broken[:2000]}
    )


def _ask(invariant: Invariant, limit_ms: int) -> Finding:
    """A question that cannot be asked is an offence too: a rule nobody checks does not hold."""
    try:
        with _snapshot(limit_ms):
            rows = list(invariant.check()) if invariant.check else _rows(invariant.query(connection.vendor))
    except Exception as error:
        return Finding(invariant, (f"could not be checked: {error!r}",), 1)
    return Finding(invariant, tuple(rows[:SHOWN]), len(rows))


def _rows(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [" ".join(str(value) for value in row) for row in cursor.fetchall()]


@contextmanager
def _snapshot(limit_ms: int) -> Iterator[None]:
    """One consistent view for all reads inside, without holding up a writer. Inside a transaction its view rules.

    Not `atomic` on SQLite: the house begins every transaction there with the write lock.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute(f"SET LOCAL statement_timeout = {int(limit_ms)}")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")

"""Leases: who may work on a row now. They compare with the database's clock, never with ours (DESIGN 3).

A row that can be claimed has `lease_until` (null = free). Business due moments are another column and another clock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, models, transaction
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0])


clock: Callable[[], datetime] = _database_now
"""Replaced by tests that need another hour."""


def free(now: datetime) -> Q:
    """The condition of a row that nobody holds at `now`."""
    return Q(lease_until=None) | Q(lease_until__lte=now)


def claim(rows: models.QuerySet[M], *, limit: int, seconds: int) -> list[M]:
    """Lease up to `limit` free rows of `rows` for `seconds`, in the order given. Two workers never get the same row.

    Runs in its own transaction: do the outside work after it returns and write the outcome with `holds`.
    """
    with transaction.atomic():
        now = clock()
        claimed = list(skip_locked(rows.filter(free(now)))[:limit])
        until = now + timedelta(seconds=seconds)
        rows.model._default_manager.filter(pk__in=[row.pk for row in claimed]).update(lease_until=until)
    for row in claimed:
        row.lease_until = until  # type: ignore[attr-defined]
    return claimed


def holds(row: M) -> Q:
    """The condition under which `row` may be written by the one who claimed it: the lease is still the same."""
    return Q(pk=row.pk, lease_until=row.lease_until)  # type: ignore[attr-defined]


def skip_locked(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Lock rows that nobody has locked; where the database cannot (SQLite), the write lock already holds them all."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows

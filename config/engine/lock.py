"""Of several tickers one works. The lock is the database's: whoever loses the connection has lost the lock."""

import logging
import time
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

import psycopg
from django.db import connection, connections
from django.db.models import Q

from config.engine.models import Lease
from kit import leases

log = logging.getLogger(__name__)

NAME = "ticker"
KEY = 7_234_107_001
"""Of the advisory lock; any number that nothing else in this database uses."""
IDLE_SECONDS = 30
"""A ticker that stands still for so long (stopped, swapped out, cut off) loses the lock by the server's clock."""
LEASE_SECONDS, RENEW_SECONDS = 15, 4


class Lock(Protocol):
    """Taken and kept by asking; `held` may answer False at any time, then nothing more may be begun."""

    def held(self) -> bool: ...
    def release(self) -> bool: ...


def lock() -> Lock:
    """The lock that this database can give."""
    return AdvisoryLock() if connection.vendor == "postgresql" else LeaseLock()


class AdvisoryLock:
    """PostgreSQL's, on a connection of its own that never comes from a pool and carries nothing else."""

    def __init__(self) -> None:
        self._session: psycopg.Connection | None = None

    def held(self) -> bool:
        """Ask the server: a lock in whose session we cannot speak is gone."""
        try:
            if self._session is not None:
                self._session.execute("SELECT 1")
                return True
            return self._take()
        except psycopg.Error as error:
            log.warning("ticker lock lost: %s", str(error).strip())
            self.release()
            return False

    def _take(self) -> bool:
        parameters = connections["default"].get_connection_params()
        limits = {"connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 5}
        session = psycopg.connect(**{**parameters, **limits}, autocommit=True)
        try:
            session.execute(f"SET idle_session_timeout = '{IDLE_SECONDS}s'")
            taken = session.execute("SELECT pg_try_advisory_lock(%s)", [KEY]).fetchone()
            if taken and taken[0]:
                self._session = session
        finally:
            if self._session is not session:
                session.close()
        return self._session is not None

    def release(self) -> bool:
        if self._session is not None:
            self._session.close()
            self._session = None
        return True


class LeaseLock:
    """A row that is leased for a while and renewed in time, by the database's clock."""

    def __init__(self) -> None:
        self._holder = uuid4().hex
        self._renew_at = 0.0

    def held(self) -> bool:
        now = time.monotonic()
        if now < self._renew_at:
            return True
        Lease.objects.get_or_create(name=NAME)
        moment = leases.clock()
        mine = Lease.objects.filter(name=NAME).filter(leases.free(moment) | Q(holder=self._holder))
        taken = mine.update(holder=self._holder, lease_until=moment + timedelta(seconds=LEASE_SECONDS))
        self._renew_at = now + RENEW_SECONDS if taken else 0.0
        return bool(taken)

    def release(self) -> bool:
        self._renew_at = 0.0
        return bool(Lease.objects.filter(name=NAME, holder=self._holder).update(lease_until=None))

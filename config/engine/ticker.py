"""The ticker runs the sweeps of the timetable itself, in its own process, without a broker (DESIGN 3).

A sweep is a function without arguments that does one bounded batch of due work and may be run by two at once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from django.apps import apps
from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django.utils.module_loading import import_string

from config.celery import TIMETABLE
from config.engine import probe
from config.engine.lock import Lock, lock
from config.engine.models import Beat
from kit import leases

log = logging.getLogger(__name__)

Timetable = Sequence[tuple[str, int]]
TICKER = "ticker"
LOOK_SECONDS = 0.2
BEAT_SECONDS = 2.0
STANDBY_SECONDS = 1.0
THREADS = 4
"""So many sweeps at once: one that waits for a slow mail server delays no routing."""
TRACEBACK_SECONDS = 60.0
"""Between two tracebacks of the same cause."""
LONGEST_PAUSE = 10.0
"""Between two tries of a sweep that finds no database."""


_told: dict[tuple[object, ...], float] = {}
"""When each cause was last logged with its traceback. As many as there are ways in which code can fail."""


@dataclass(slots=True)
class _Sweep:
    name: str
    period: float
    due: float = 0.0
    failures: int = 0
    run: "Future[_Round] | None" = None


@dataclass(frozen=True, slots=True)
class _Round:
    """What one run of a sweep came to."""

    name: str
    took_ms: int
    error: Exception | None = None

    @property
    def has_lost_the_database(self) -> bool:
        return isinstance(self.error, OperationalError | InterfaceError)


def installed(timetable: Timetable = TIMETABLE) -> list[tuple[str, int]]:
    """The sweeps of the apps that this process has."""
    return [(name, period) for name, period in timetable if apps.is_installed(name.rsplit(".tasks.", 1)[0])]


def run_once(timetable: Timetable | None = None) -> None:
    """Run every sweep of the installed apps one time, here and now, in order. For tests and commands.

    All are run whatever one of them does; afterwards an ExceptionGroup holds what was raised.
    """
    rounds = [_sweep(name) for name, _ in timetable or installed()]
    _record(rounds)
    if errors := [done.error for done in rounds if done.error]:
        raise ExceptionGroup("sweeps failed", errors)


def run(stop: Event, timetable: Timetable | None = None) -> None:
    """Tick until `stop` is set; while another ticker holds the lock, stand by."""
    gate = lock()
    sweeps = [_Sweep(name, period) for name, period in timetable or installed()]
    with ThreadPoolExecutor(THREADS, "sweep") as pool:
        while not stop.is_set():
            probe.move(TICKER)
            if _survives(gate.held):
                _tick(sweeps, pool, gate, stop)
            stop.wait(STANDBY_SECONDS)
    _survives(gate.release)


def _tick(sweeps: list[_Sweep], pool: ThreadPoolExecutor, gate: Lock, stop: Event) -> None:
    """Run what is due for as long as the lock is held."""
    log.info("ticking: %s sweeps", len(sweeps))
    rounds: dict[str, _Round] = {}
    beat_due = time.monotonic()
    while not stop.wait(LOOK_SECONDS):
        now = time.monotonic()
        for sweep in sweeps:
            if done := _turn(sweep, now, pool):
                rounds[sweep.name] = done
        if now >= beat_due:
            beat_due = now + BEAT_SECONDS
            probe.move(TICKER)
            if not _survives(gate.held):
                log.warning("the lock is gone, standing by")
                return
            if _survives(lambda: _record([*rounds.values(), _Round(TICKER, 0)])):
                rounds.clear()


def _turn(sweep: _Sweep, now: float, pool: ThreadPoolExecutor) -> _Round | None:
    """Begin a sweep that is due; hand back the round of one that has ended."""
    done = None
    if sweep.run and sweep.run.done():
        done, sweep.run = sweep.run.result(), None
        sweep.failures = sweep.failures + 1 if done.has_lost_the_database else 0
        if sweep.failures:
            sweep.due = now + min(sweep.period * 2**sweep.failures, max(sweep.period, LONGEST_PAUSE))
    if sweep.run is None and now >= sweep.due:
        sweep.due, sweep.run = now + sweep.period, pool.submit(_in_thread, sweep.name)
    return done


def _in_thread(name: str) -> _Round:
    close_old_connections()
    try:
        return _sweep(name)
    finally:
        close_old_connections()


def _sweep(name: str) -> _Round:
    """One round of one sweep. Whatever it raises is logged and kept in its beat, and stops nobody else."""
    started = time.monotonic()
    error: Exception | None = None
    try:
        import_string(name)()
    except Exception as raised:
        error = raised
        _tell(name, raised)
    return _Round(name, round((time.monotonic() - started) * 1000), error)


def _tell(name: str, error: Exception) -> None:
    """Log why a sweep failed: with its traceback once a minute for each cause, else in a line.

    A cause is the sweep, what was raised, and where; its words may hold a number that is new each time.
    """
    now, frame = time.monotonic(), error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    cause = (name, type(error), frame and (frame.tb_frame.f_code, frame.tb_lineno))
    is_new = now - _told.get(cause, -TRACEBACK_SECONDS) >= TRACEBACK_SECONDS
    if is_new:
        _told[cause] = now
    log.error("sweep failed: %s: %r", name, error, exc_info=error if is_new else None)


def _record(rounds: Sequence[_Round]) -> bool:
    """Write the beats of these rounds in one statement."""
    now = leases.clock()
    beats = [
        Beat(name=done.name, beat_at=now, took_ms=done.took_ms, error=repr(done.error)[:2000] if done.error else "")
        for done in rounds
    ]
    Beat.objects.bulk_create(
        beats, update_conflicts=True, unique_fields=["name"], update_fields=["beat_at", "took_ms", "error"]
    )
    return True


def _survives(ask: Callable[[], bool]) -> bool:
    """The answer, or False when the database is away; the next try gets a new connection."""
    try:
        return ask()
    except Error as error:
        log.warning("no database: %s", str(error).strip())
        close_old_connections()
        return False

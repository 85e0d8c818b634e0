"""The house's own Celery worker and a bare one, each with its part of one private broker, and nothing else to do."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import redis
from django.conf import settings

from bench.frame import Measure, percentile
from config.engine.leash import leashed
from tests.infra import clusters
from tests.infra.databases import ROOT, Database

CONCURRENCY = "2"
LONGEST = 120


@contextmanager
def workers(database: Database) -> Iterator[dict[str, str]]:
    """The environment in which bells reach the house's worker, and no-ops a bare one; both prefork, of two."""
    with clusters.redis_server() as address:
        environment = {**database.environment, "REDIS_URL": address, "BARE_REDIS_URL": f"{address[:-1]}1"}
        house = ["manage.py", "worker", "--pool", "prefork", "--concurrency", CONCURRENCY]
        bare = [
            "-W",
            "ignore",
            "-m",
            "celery",
            "-q",
            "-A",
            "bench.bare.bells",
            "worker",
            "-c",
            CONCURRENCY,
            "--loglevel",
            "ERROR",
        ]
        with _running(house, environment), _running(bare, environment):
            yield environment


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        leashed([sys.executable, *command]), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def until(is_true: Callable[[], object], every: float = 0.005) -> None:
    """Wait, looking so often. Raises TimeoutError."""
    limit = time.monotonic() + LONGEST
    while not is_true():
        if time.monotonic() > limit:
            raise TimeoutError(f"not within {LONGEST} s")
        time.sleep(every)


def idle() -> None:
    """Wait until the house's worker has answered every bell."""
    store = redis.from_url(settings.BROKER_URL)
    until(lambda: not store.hlen("unacked") and not any(store.llen(name) for name in settings.QUEUES))


def nothing_per_second(count: int) -> Measure:
    """So many no-ops sent, until the last one is done: how many a second."""
    from bench.bare import bells as bare

    def once() -> float:
        started = time.perf_counter()
        for _ in range(count):
            bare.nothing.delay()
        until(lambda: bare.done() >= count)
        spent = time.perf_counter() - started
        bare.forget()
        return count / spent

    return once


def nothing_seconds(percent: int, times: int) -> Measure:
    """The seconds from sending a no-op to its end, by an idle worker."""
    from bench.bare import bells as bare

    def once() -> None:
        bare.nothing.delay()
        bare.wait()

    return percentile(once, percent, times)

"""The processes of the house as command lines: the same ones under the supervisor and in production."""

import sys
from collections.abc import Sequence

from django.conf import settings

POOLS = ("threads", "prefork")


def web(bind: Sequence[str], *, workers: int, threads: int) -> list[str]:
    """gunicorn with threads. `bind` holds addresses: `host:port`, or `fd://n` for a socket that is open already."""
    places = [argument for address in bind for argument in ("--bind", address)]
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--chdir", str(settings.BASE_DIR),
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--no-control-socket", "--graceful-timeout", "8", "--log-level", "warning", *places,
    ]  # fmt: skip


def worker(*, pool: str, concurrency: int) -> list[str]:
    """The Celery worker that answers bells. `threads` is the small one; only `prefork` can end a task that hangs."""
    return [
        sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "-q", "-A", "config",
        "--workdir", str(settings.BASE_DIR), "worker", "-P", pool, "-c", str(concurrency),
        "-Q", ",".join(settings.QUEUES), "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--loglevel", "WARNING",
    ]  # fmt: skip


def ticker() -> list[str]:
    """The one that runs the sweeps."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "ticker"]

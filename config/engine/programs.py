"""The processes of the house as command lines: the same ones under the supervisor and in production."""

import sys
from collections.abc import Sequence

from django.conf import settings

POOLS = ("threads", "prefork")


def web(bind: Sequence[str], *, workers: int, threads: int) -> list[str]:
    """gunicorn with threads. `bind` holds addresses: `host:port`, or `fd://n` for a socket that is open already."""
    places = [argument for address in bind for argument in ("--bind", address)]
    most = settings.WEB_MAX_REQUESTS
    return [
        sys.executable, "-m", "gunicorn", "config.wsgi", "--chdir", str(settings.BASE_DIR),
        "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
        "--max-requests", str(most), "--max-requests-jitter", str(most // 10), "--timeout", str(settings.WEB_TIMEOUT),
        "--graceful-timeout", str(settings.WEB_GRACE), "--limit-request-line", "4094", "--limit-request-fields", "60",
        "--logger-class", "config.engine.access.Lines", "--access-logfile", "-", "--log-level", "warning",
        "--no-control-socket", *places,
    ]  # fmt: skip


def worker(*, pool: str, concurrency: int) -> list[str]:
    """The Celery worker that answers bells. `threads` is the small one; only `prefork` can end a task that hangs."""
    return [
        sys.executable, "-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "-q", "-A", "config",
        "--workdir", str(settings.BASE_DIR), "worker", "-P", pool, "-c", str(concurrency),
        "-Q", ",".join(settings.WORKER_QUEUES), "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--loglevel", "WARNING", "--max-tasks-per-child", "5000",
    ]  # fmt: skip


def ticker() -> list[str]:
    """The one that runs the sweeps."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "ticker"]

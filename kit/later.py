"""Doorbells: ring a Celery task by name after commit. The row is the message; a lost ring is found by a sweep."""

import logging
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)

QUEUE_OF = {"notifications": "mail", "billing": "money"}
"""Bells of these apps leave on a queue of their own, so that a slow mail server delays no routing."""
WAITING_BELLS = 1000


class _Ringer:
    """One daemon thread a process that publishes; when the broker is slow the queue fills and bells are dropped."""

    def __init__(self) -> None:
        self._bells: queue.Queue[tuple[str, tuple[object, ...]]] = queue.Queue(WAITING_BELLS)
        self._pid = 0
        self._lock = threading.Lock()

    def ring(self, task: str, args: tuple[object, ...]) -> None:
        self._start()
        try:
            self._bells.put_nowait((task, args))
        except queue.Full:
            log.warning("bell dropped, the sweep will find it: %s%s", task, args)

    def _start(self) -> None:
        with self._lock:
            if self._pid != os.getpid():
                self._pid, self._bells = os.getpid(), queue.Queue(WAITING_BELLS)
                threading.Thread(target=self._publish, name="bells", daemon=True).start()

    def _publish(self) -> None:
        while True:
            task, args = self._bells.get()
            try:
                current_app.send_task(task, args, queue=QUEUE_OF.get(task.split(".")[0], "bell"), retry=False)
            except Exception as error:  # whatever the broker does, the rows stand
                log.warning("bell lost, the sweep will find it: %s%s: %s", task, args, error)
            finally:
                self._bells.task_done()

    def wait(self) -> None:
        """Return when every bell was handed to the broker or lost. For commands that end, and for tests."""
        self._bells.join()


_ringer = _Ringer()


_is_silent: ContextVar[bool] = ContextVar("is_silent", default=False)


@contextmanager
def silently() -> Iterator[None]:
    """No bell rings for what is done in the block: who lays the past draws its consequences too."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)


def later(task: str, *args: object) -> None:
    """Ring `task` ("desk.tasks.take_in") after this transaction commits. Never waits for the broker."""
    if settings.BROKER_URL and not _is_silent.get():
        transaction.on_commit(lambda: _ringer.ring(task, args))


def flush() -> None:
    """Wait until the bells rung so far have left this process."""
    _ringer.wait()

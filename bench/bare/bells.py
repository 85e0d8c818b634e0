"""A Celery worker as its documentation begins, with a task that does nothing but say that it was done."""

import os

import redis
from celery import Celery

DONE = "done"
app = Celery("bare", broker=os.environ["BARE_REDIS_URL"], set_as_current=False)
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)
store = redis.from_url(os.environ["BARE_REDIS_URL"])


@app.task
def nothing() -> None:
    store.rpush(DONE, 1)


def done() -> int:
    """How many were done since the last `forget`."""
    return store.llen(DONE)  # type: ignore[return-value]


def forget() -> None:
    store.delete(DONE)


def wait() -> None:
    """Return when one more was done. Raises TimeoutError."""
    if store.blpop([DONE], timeout=10) is None:
        raise TimeoutError("no worker answers")

"""kit/later.py on a real broker: bells ring after the commit, on the right queue, and cost nobody any time."""

import time

import pytest
import redis
from django.conf import settings
from django.db import transaction

from kit import later

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queues():
    """The broker's own view, emptied."""
    client = redis.from_url(settings.BROKER_URL)
    client.flushdb()
    yield client
    client.close()


def waiting(queues, name):
    later.flush()
    return queues.llen(name)


def test_a_bell_rings_after_the_commit(queues):
    with transaction.atomic():
        later.later("desk.tasks.take_in", 1)
        assert waiting(queues, "bell") == 0
    assert waiting(queues, "bell") == 1


def test_what_is_rolled_back_rings_no_bell(queues):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later.later("desk.tasks.take_in", 1)
        _ = 1 / 0
    assert waiting(queues, "bell") == 0


def test_mail_has_a_queue_of_its_own(queues):
    later.later("notifications.tasks.deliver")
    assert (waiting(queues, "mail"), waiting(queues, "bell")) == (1, 0)


def test_a_bell_carries_json_and_names_a_task(queues):
    later.later("desk.tasks.take_in", 7)
    later.flush()
    assert b'"task": "desk.tasks.take_in"' in queues.lindex("bell", 0)
    assert b"application/json" in queues.lindex("bell", 0)


def test_ringing_waits_for_no_broker(queues):
    """Redis stands still for a second; whoever rings does not."""
    queues.execute_command("CLIENT", "PAUSE", "1000", "ALL")
    started = time.monotonic()
    for number in range(50):
        later.later("desk.tasks.take_in", number)
    assert time.monotonic() - started < 0.5
    assert waiting(queues, "bell") == 50

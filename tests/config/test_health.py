"""config/engine/health.py: fresh and clean, or not."""

from datetime import timedelta

import pytest

from config.celery import TIMETABLE
from config.engine import auditor, health
from config.engine.models import Beat
from kit import leases


@pytest.fixture
def beating(db):
    """Everything beat a moment ago, and nothing was wrong."""
    now = leases.clock()
    names = [health.TICKER, auditor.AUDIT, *(name for name, _ in TIMETABLE)]
    Beat.objects.bulk_create(Beat(name=name, beat_at=now) for name in names)


def parts(rf):
    response = health.engine(rf.get("/healthz/engine"))
    return response.status_code, response.content.decode()


def test_answering_asks_no_database(rf):
    assert health.answers(rf.get("/healthz")).content == b"ok"


def test_a_beating_engine_is_well(rf, beating):
    assert parts(rf) == (200, '{"ticker": true, "sweeps": true, "auditor": true}')


def test_an_engine_that_never_ran_is_not(rf, db):
    assert parts(rf) == (503, '{"ticker": false, "sweeps": false, "auditor": false}')


@pytest.mark.parametrize(
    ("name", "seconds", "answer"),
    [
        (health.TICKER, 31, '{"ticker": false, "sweeps": true, "auditor": true}'),
        (health.TICKER, 25, '{"ticker": true, "sweeps": true, "auditor": true}'),
        ("desk.tasks.sweep_pool", 37, '{"ticker": true, "sweeps": false, "auditor": true}'),
        ("desk.tasks.sweep_pool", 31, '{"ticker": true, "sweeps": true, "auditor": true}'),
        (auditor.AUDIT, 211, '{"ticker": true, "sweeps": true, "auditor": false}'),
    ],
)
def test_a_part_is_stale_after_its_own_time(rf, beating, name, seconds, answer):
    Beat.objects.filter(name=name).update(beat_at=leases.clock() - timedelta(seconds=seconds))
    assert parts(rf)[1] == answer


def test_a_broken_invariant_is_an_alarm(rf, beating):
    Beat.objects.filter(name=auditor.AUDIT).update(error="held_equals_count: 1")
    assert parts(rf) == (503, '{"ticker": true, "sweeps": true, "auditor": false}')


def test_the_answer_names_no_sweep_and_no_error(rf, beating):
    Beat.objects.filter(name="rnd.tasks.sweep_requests").update(error="KeyError('secret')")
    status, content = parts(rf)
    assert status == 503
    assert "rnd" not in content and "secret" not in content

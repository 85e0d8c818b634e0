"""What people read of promises: the table, a promise before it is made, and why a deadline is when it is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from demo import promises
from promises import clock, disclosure, terms
from promises.clock import ClockEvent

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _policies(cast):
    promises.lay()


def _why(code, severity, kind, events, at):
    term = terms.in_force(code, severity, events[0].at)
    state = clock.replay(term.policy, term.calendar, events, at)[kind]
    explanation = clock.explain(term.policy, term.calendar, events, kind, at)
    return disclosure.why(term, explanation, state, severity=severity, calendar_version_pk=term.calendar_version_pk)


def test_the_table_of_a_plan_says_each_severity_with_its_hours(now):
    rows = disclosure.promise_table("premium", now)
    assert [(row.severity, row.first_response, row.is_day_and_night) for row in rows] == [
        (1, 3600, True), (2, 7200, True), (3, 4 * 3600, False), (4, 9 * 3600, False),
    ]  # fmt: skip


def test_a_table_costs_one_query_once_it_is_compiled(now, django_assert_num_queries):
    disclosure.promise_table("premium", now)
    with django_assert_num_queries(1):
        disclosure.promise_table("premium", now)


def test_a_policy_that_has_not_begun_shows_nothing(now):
    assert disclosure.promise_table("premium", datetime(2024, 1, 1, tzinfo=UTC)) == ()


def test_an_s1_at_a_quarter_to_six_before_qingming_is_due_on_tuesday():
    friday = datetime(2026, 4, 3, 9, 45, tzinfo=UTC)
    promise = disclosure.preview("standard", 1, friday)
    assert promise.due_at == datetime(2026, 4, 7, 2, 45, tzinfo=UTC)
    assert promise.is_open_now


def test_a_deadline_in_an_unpublished_year_is_provisional():
    promise = disclosure.preview("standard", 4, datetime(2026, 12, 30, 9, tzinfo=UTC))
    assert promise.is_provisional


def test_nothing_is_promised_by_a_policy_without_the_severity(now):
    assert disclosure.preview("gold", 1, now) is None


@pytest.mark.parametrize(
    ("minutes", "state"), [(10, "calm"), (91, "soon"), (108, "late"), (120, "broken"), (300, "broken")]
)
def test_a_countdown_warns_by_used_working_time(now, minutes, state):
    term = terms.in_force("premium", 2, now)
    at = now + minutes * MINUTE
    shown = disclosure.countdown(term.calendar, 7200, now + 2 * HOUR, at, provisional=False)
    assert shown.state == state


def test_a_countdown_says_so_when_the_clock_does_not_run_straight():
    term = terms.in_force("standard", 1, datetime(2026, 11, 24, 9, 30, tzinfo=UTC))
    due_at = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
    shown = disclosure.countdown(term.calendar, 7200, due_at, due_at - 17 * HOUR, provisional=False)
    assert (shown.left, shown.counts_to) == (7200, None)


def test_why_counts_the_open_windows_and_names_clause_and_versions():
    friday = datetime(2026, 4, 3, 9, 45, tzinfo=UTC)
    with timezone.override("Asia/Shanghai"):
        why = _why("standard", 1, "first_response", [ClockEvent("created", friday)], friday)
    assert why.due_at == datetime(2026, 4, 7, 2, 45, tzinfo=UTC)
    assert "clause 2.1" in why.clause
    assert "17:45 – 18:00" in why.counted
    assert "10:45" in why.counted
    assert "Asia/Shanghai" in why.result
    assert "policy version 1, calendar version 1" in why.result


def test_why_names_a_pause_and_adds_it_to_the_sum(now):
    events = [
        ClockEvent("created", now), ClockEvent("public_reply", now + 30 * MINUTE),
        ClockEvent("paused", now + 30 * MINUTE), ClockEvent("customer_message", now + 90 * MINUTE),
    ]  # fmt: skip
    why = _why("premium", 2, "update", events, now + 2 * HOUR)
    assert "09:30 – 10:30" in why.pauses
    assert "1 h paused" in why.result
    assert sum(piece.counted for piece in why.pieces) == 30 * 60


def test_why_speaks_the_readers_language_of_plan_and_hours(now):
    with translation.override("zh-hans"):
        why = _why("premium", 2, "first_response", [ClockEvent("created", now)], now)
    assert "高级版" in why.clause
    assert "7×24" in why.clause

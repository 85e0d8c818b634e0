"""Terms: what is in force when a promise is made, what stays pinned, what a policy may not say."""

from datetime import UTC, datetime

import pytest

from demo import promises
from duty import hours
from duty.models import Calendar
from promises import terms
from promises.actions import policies
from promises.clock import PolicyError
from promises.models import Policy, PolicyVersion

HOUR = 3600
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _policies(cast):
    promises.lay()


def _publish(code="premium", valid_from=LATER, **term):
    offered = {"severity": 2, "calendar": "round-the-clock", "first_response": HOUR, **term}
    return policies.publish(code, name="Premium", valid_from=valid_from, terms=[offered])


def _target(found, kind="first_response"):
    return found.policy.targets[kind]


def test_premium_answers_an_s2_within_two_hours_day_and_night(now):
    found = terms.in_force("premium", 2, now)
    assert _target(found) == 2 * HOUR
    assert hours.is_day_and_night(found.calendar)


def test_a_new_version_holds_from_its_moment_on(now):
    _publish()
    assert _target(terms.in_force("premium", 2, now)) == 2 * HOUR
    assert _target(terms.in_force("premium", 2, LATER)) == HOUR


def test_what_was_pinned_stays_whatever_is_published(now):
    before = terms.in_force("premium", 2, now)
    _publish(valid_from=now)
    assert _target(terms.pinned(before.version_pk, before.calendar_version_pk, 2)) == 2 * HOUR


def test_a_severity_that_the_newest_version_leaves_out_has_no_promise(now):
    _publish(valid_from=now)
    assert terms.in_force("premium", 3, now) is None


def test_a_code_that_nobody_published_has_no_terms(now):
    assert terms.in_force("gold", 1, now) is None


def test_terms_cost_one_query_once_they_are_compiled(now, django_assert_num_queries):
    terms.in_force("premium", 2, now)
    with django_assert_num_queries(1):
        assert terms.in_force("premium", 2, now) is not None


def test_another_severity_of_the_same_promise_moves_to_its_own_calendar(now):
    s3 = terms.in_force("premium", 3, now)
    moved = terms.moved(s3.version_pk, s3.calendar_version_pk, 1, now)
    assert hours.facts(moved.calendar_version_pk).calendar_id == Calendar.objects.get(code="round-the-clock").pk


def test_another_severity_in_the_same_calendar_keeps_the_pinned_version(now):
    s3 = terms.in_force("premium", 3, now)
    assert terms.moved(s3.version_pk, s3.calendar_version_pk, 4, LATER).calendar_version_pk == s3.calendar_version_pk


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        ({"first_response": 2 * HOUR, "resolution": HOUR}, "response_exceeds_resolution"),
        ({"first_response": 0}, "bad_target"),
    ],
)
def test_a_policy_that_contradicts_itself_is_not_written(term, reason):
    with pytest.raises(PolicyError) as caught:
        _publish("odd", **term)
    assert caught.value.reason == reason
    assert not Policy.objects.filter(code="odd").exists()


def test_versions_are_counted_by_policy(now):
    _publish()
    assert sorted(PolicyVersion.objects.filter(policy__code="premium").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(("version", "days"), [(None, (7, 30)), ("own", (3, 10))])
def test_days_to_close_are_the_policys_or_the_houses(now, version, days):
    own = policies.publish("quick", name="Quick", valid_from=now, terms=[], closes_after_days=3, reopens_within_days=10)
    assert terms.days_to_close(own.pk if version else None) == days

"""Nineteen plans that companies sell, published as policies, with deadlines worked out by hand."""

import pytest

from duty.actions import calendars
from duty.businesstime import WorkCalendar, window
from promises import clock, patterns, terms, units
from promises.actions import policies
from promises.clock import ClockEvent

SINCE = patterns.filed().replace(year=2026, month=1)
HOUR = 3600


@pytest.fixture
def hours(db):
    for code, weekly in patterns.weeks().items():
        calendars.publish(code, name=code, timezone="Europe/Berlin", weekly=weekly, valid_from=SINCE)


def _publish(plan):
    rows = []
    for term in plan.terms:
        day = units.working_day(_calendar(patterns.weeks()[term.hours]))
        targets = {kind: units.seconds(amount, unit, day) for kind, (amount, unit) in term.targets.items()}
        rows.append(policies.TermOffered(severity=term.severity, calendar=term.hours, **targets))
    return policies.publish(plan.key, name=str(plan), valid_from=SINCE, terms=rows)


def _calendar(weekly):
    return WorkCalendar("Europe/Berlin", {day: [window(*one) for one in ones] for day, ones in weekly.items()})


def test_all_nineteen_can_be_published_and_give_the_deadlines_worked_out_by_hand(hours):
    assert len(patterns.plans()) == 19
    at = patterns.filed()
    for plan in patterns.plans().values():
        _publish(plan)
        for term in plan.terms:
            found = terms.in_force(plan.key, term.severity, at)
            clocks = clock.replay(found.policy, found.calendar, [ClockEvent("created", at)], at)
            due = {kind: state.due_at for kind, state in clocks.items() if state.due_at}
            assert due == dict(term.due), f"{plan.key} S{term.severity}"


def test_a_rhythm_of_news_runs_from_answer_to_answer_in_the_hours_of_its_severity(hours):
    plan = patterns.plans()["hashicorp-silver"]
    _publish(plan)
    monday = patterns.filed().replace(month=11, day=30, hour=10, minute=0)
    due = {}
    for severity in (1, 2, 3):
        found = terms.in_force(plan.key, severity, monday)
        events = [ClockEvent("created", patterns.filed()), ClockEvent("public_reply", monday)]
        due[severity] = clock.replay(found.policy, found.calendar, events, monday)["update"].due_at - monday
    assert [span.total_seconds() / HOUR for span in due.values()] == [24, 48, 7 * 24]

"""promises/escalation.py: each rule of PURE.md by its name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty.businesstime import WorkCalendar
from promises.clock import ClockEvent, ClockState, PolicyTerms, replay, warnings
from promises.escalation import Step, next_step
from tests.proof import examples

CALENDAR = WorkCalendar("UTC", {day: [(540, 1020)] for day in range(5)})
START = datetime(2026, 6, 1, 16, tzinfo=UTC)  # a Monday, an hour before closing
NOBODY = ClockState(None, None, 0, 0, None, None)
IDLE = dict.fromkeys(["first_response", "next_response", "update", "resolution"], NOBODY)


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


def after(number: int, n: int, *who: str, **more) -> Step:
    return Step(number, after=minutes(n), who=who, **more)


def percent(number: int, n: int, *who: str) -> Step:
    return Step(number, percent=n, who=who)


def asked(ladder, done=0, *, clocks=IDLE, at=START, repeated=0):
    """Number and minutes since the start, or None."""
    found = next_step(ladder, done, START, clocks, CALENDAR, at, repeated=repeated)
    return found and (found[0].number, (found[1] - START) / minutes(1))


def clocks_at(at: datetime, **targets: int):
    return replay(PolicyTerms(targets), CALENDAR, [ClockEvent("created", START)], at)


LADDER = [after(1, 10, "duty"), after(2, 90, "lead"), after(3, 90, "manager", working=True)]


@pytest.mark.parametrize(
    ("done", "expected"),
    [(0, (1, 10)), (1, (2, 90)), (2, (3, 17 * 60 + 30)), (3, None), (9, None)],
)
def test_steps_come_by_number_each_at_its_time_since_the_ladder_started_and_none_after_the_last(done, expected):
    assert asked(LADDER[::-1], done) == expected


def test_a_moment_that_has_passed_is_told_as_it_was():
    assert asked(LADDER, 0, at=START + timedelta(days=9)) == (1, 10)


@pytest.mark.parametrize(("repeated", "expected"), [(0, (1, 20)), (1, (1, 30)), (2, (2, 15))])
def test_a_step_is_repeated_so_many_times_more_each_after_later(repeated, expected):
    ladder = [after(1, 10, "duty", repeat=2), after(2, 15, "lead")]
    assert asked(ladder, 1, repeated=repeated) == expected


def test_a_repeat_in_working_time_is_each_after_later_in_working_time():
    ladder = [after(1, 45, "duty", working=True, repeat=1)]
    assert [asked(ladder, 0), asked(ladder, 1), asked(ladder, 1, repeated=1)] == [(1, 45), (1, 17 * 60 + 30), None]


def test_a_step_without_anybody_is_never_returned_and_the_next_one_takes_its_moment():
    ladder = [after(1, 10), after(2, 20), after(3, 60, "lead"), after(4, 90, "manager")]
    assert [asked(ladder, 0), asked(ladder, 1), asked(ladder, 3)] == [(3, 10), (3, 20), (4, 90)]


def test_nobody_on_the_last_steps_is_the_end():
    assert asked([after(1, 10, "duty"), after(2, 20)], 1) is None


def test_an_empty_step_that_waits_has_no_moment_to_leave():
    assert asked([percent(1, 50), after(2, 60, "lead")]) == (2, 60)


def test_the_step_after_an_empty_percent_takes_its_moment():
    assert asked([percent(1, 50), after(2, 600, "lead")], clocks=clocks_at(START, resolution=3600)) == (2, 30)


@pytest.mark.parametrize(
    ("n", "worked", "expected"),
    [(50, 0, (1, 30)), (50, 29, (1, 30)), (50, 30, (1, 30)), (50, 45, (1, 45)), (100, 0, (1, 60))],
)
def test_a_percent_step_is_due_when_so_much_is_spent_and_now_if_it_is(n, worked, expected):
    at = START + minutes(worked)
    assert asked([percent(1, n, "lead")], at=at, clocks=clocks_at(at, resolution=3600)) == expected


def test_a_percent_is_rounded_up_to_whole_seconds():
    assert asked([percent(1, 50, "lead")], clocks=clocks_at(START, resolution=121)) == (1, 61 / 60)


def test_a_percent_is_of_the_running_clock_with_the_smallest_due_moment():
    clocks = clocks_at(START, resolution=3600, first_response=1200)
    assert asked([percent(1, 50, "lead")], clocks=clocks) == (1, 10)


def test_a_percent_step_waits_while_no_clock_runs():
    assert asked([percent(1, 50, "lead")]) is None
    paused = [ClockEvent("created", START), ClockEvent("paused", START + minutes(10))]
    at = START + minutes(40)
    assert (
        asked([percent(1, 50, "lead")], at=at, clocks=replay(PolicyTerms({"resolution": 3600}), CALENDAR, paused, at))
        is None
    )


def test_a_percent_knows_the_pauses_behind_it():
    events = [
        ClockEvent("created", START),
        ClockEvent("paused", START + minutes(10)),
        ClockEvent("resumed", START + minutes(15)),
    ]
    at = START + minutes(20)
    clocks = replay(PolicyTerms({"resolution": 3600}), CALENDAR, events, at)
    assert asked([percent(1, 50, "lead")], at=at, clocks=clocks) == (1, 35)


def test_a_clock_that_tells_only_what_is_spent_is_enough_for_a_percent():
    clock = ClockState(3600, START + minutes(45), 900, 0, None, None)
    assert asked([percent(1, 50, "lead")], clocks={**IDLE, "resolution": clock}) == (1, 15)


def test_working_time_of_a_step_is_rounded_up_to_whole_seconds():
    step = Step(1, after=timedelta(seconds=1.5), working=True, who=("duty",))
    assert next_step([step], 0, START, IDLE, CALENDAR, START) == (step, START + timedelta(seconds=2))


def test_a_working_step_that_is_never_reached_waits():
    closed = WorkCalendar("UTC", {})
    assert next_step([after(1, 10, "duty", working=True)], 0, START, IDLE, closed, START) is None


def test_minutes_of_a_ladder_are_real_ones_over_a_clock_change():
    start = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    [step] = [after(1, 60, "duty")]
    assert next_step([step], 0, start, IDLE, CALENDAR, start) == (step, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Step(1, who=("duty",)),
        lambda: Step(1, after=minutes(5), percent=50, who=("duty",)),
        lambda: Step(1, percent=50, repeat=1, who=("duty",)),
        lambda: asked([after(1, 5, "duty")], at=START.replace(tzinfo=None)),
        lambda: next_step([after(1, 5, "duty")], 0, START.replace(tzinfo=None), IDLE, CALENDAR, START),
    ],
)
def test_a_step_of_no_kind_or_of_both_and_naive_moments_are_refused(build):
    with pytest.raises(ValueError, match=r"either|repeat|aware"):
        build()


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(60, 200_000), st.integers(1, 100), st.integers(0, 100_000))
def test_a_percent_step_comes_when_the_warning_of_that_percent_comes(target, share, later):
    at = START + timedelta(seconds=later)
    clocks = clocks_at(at, resolution=target)
    found = next_step([percent(1, share, "lead")], 0, START, clocks, CALENDAR, at)
    [moment] = warnings(CALENDAR, START, target, [share])
    assert found == (replace(percent(1, share, "lead")), max(moment, at) if found[1] == at else moment)
    assert found[1] >= at

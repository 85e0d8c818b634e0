"""promises/clock.py: each rule of PURE.md by its name, and against a ticket that lives minute by minute."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty.businesstime import WorkCalendar, add, between, is_open
from promises import clock
from promises.clock import ClockError, ClockEvent, ClockState, PolicyError, PolicyTerms, replay
from tests.proof import examples

HOUR = 3600
MINUTE = timedelta(minutes=1)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
OFFICE = WorkCalendar("UTC", {day: [(540, 1020)] for day in range(5)})
ALWAYS = WorkCalendar("UTC", {day: [(0, 1440)] for day in range(7)})
KINDS = ("first_response", "next_response", "update", "resolution")
TARGETS = {"first_response": HOUR, "next_response": 2 * HOUR, "update": 3 * HOUR, "resolution": 8 * HOUR}
TERMS = PolicyTerms(TARGETS)
RESTART = PolicyTerms(TARGETS, on_reopen="restart")


def often(n):
    return settings(max_examples=examples(n), deadline=None)


def at(text: str) -> datetime:
    """ "10:30" is on Monday, "3 10:30" on the third."""
    day, _, time = f"1 {text}".rpartition(" ")
    hours, minutes = time.split(":")
    return MONDAY + timedelta(days=int(day.split()[-1]) - 1, hours=int(hours), minutes=float(minutes))


def story(*lines: str, **more) -> list[ClockEvent]:
    """ "10:30 paused"; `more` goes to the events of targets_changed, or by= to created."""
    events = []
    for line in lines:
        time, _, kind = line.rpartition(" ")
        extra = {
            "targets_changed": {k: v for k, v in more.items() if k != "by"},
            "created": {"by": more.get("by", "customer")},
        }
        events.append(ClockEvent(kind, at(time), **extra.get(kind, {})))
    return events


def state(kind: str, now: str, *lines: str, policy=TERMS, calendar=OFFICE, **more) -> ClockState:
    return replay(policy, calendar, story("9:00 created", *lines, **more), at(now))[kind]


# check


@pytest.mark.parametrize(
    ("reason", "targets"),
    [
        ("response_exceeds_resolution", {"first_response": 3601, "resolution": 3600}),
        ("bad_target", {"update": 0}),
        ("bad_target", {"update": -1}),
        ("bad_target", {"update": 1.5}),
        ("bad_target", {"update": True}),
        ("bad_target", {"lunch": 3600}),
    ],
)
def test_check_refuses(reason, targets):
    with pytest.raises(PolicyError) as caught:
        clock.check(PolicyTerms(targets))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "targets",
    [{}, TARGETS, {"first_response": 60, "resolution": 60}, {"first_response": 60, "resolution": None}, {"update": 1}],
)
def test_check_takes_promises_that_can_be_kept(targets):
    clock.check(PolicyTerms(targets))


# What a history must be


@pytest.mark.parametrize(
    "events",
    [
        story("9:00 paused"),
        story("9:00 created", "10:00 paused", "9:59 resumed"),
        story("9:00 created", "10:00 created"),
        story("9:00 created", "10:00 lunch"),
        [ClockEvent("created", at("9:00").replace(tzinfo=None))],
        story("9:00 created", "23:00 paused", "22:59 resumed"),
    ],
)
def test_unsorted_events_naive_datetimes_and_another_beginning_than_created_are_refused(events):
    with pytest.raises(ClockError):
        replay(TERMS, OFFICE, events, at("12:00"))


def test_a_naive_moment_is_refused():
    with pytest.raises(ClockError):
        replay(TERMS, OFFICE, story("9:00 created"), at("12:00").replace(tzinfo=None))


def test_the_order_of_events_is_that_of_instants_not_of_wall_clocks():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = datetime(2026, 10, 25, 2, 10, tzinfo=berlin, fold=1)
    events = [ClockEvent("created", first), ClockEvent("solved", second)]
    assert replay(TERMS, ALWAYS, events, second)["resolution"].spent == 40 * 60


@pytest.mark.parametrize("events", [[], story("10:00 created")])
def test_before_anything_has_happened_all_four_keys_are_there_and_no_cycle(events):
    clocks = replay(TERMS, OFFICE, events, at("9:00"))
    assert clocks == {kind: ClockState(TARGETS[kind], None, 0, 0, None, None) for kind in KINDS}


def test_events_later_than_the_moment_are_ignored():
    assert state("resolution", "12:00", "12:01 solved", "12:02 reopened") == state("resolution", "12:00")
    assert state("resolution", "12:00", "12:00 solved").kept_at == at("12:00")


# Which clock begins when, and what keeps it

BEGINS = [
    ("first_response", "9:30", [], "9:00", 1),
    ("resolution", "9:30", [], "9:00", 1),
    ("next_response", "9:30", [], None, 0),
    ("update", "9:30", [], None, 0),
    ("next_response", "9:30", ["9:20 customer_message"], None, 0),
    ("next_response", "11:00", ["9:20 public_reply"], None, 0),
    ("next_response", "11:00", ["9:20 public_reply", "9:40 customer_message"], "9:40", 1),
    ("next_response", "11:00", ["9:20 public_reply", "9:40 customer_message", "9:50 customer_message"], "9:40", 1),
    ("update", "11:00", ["9:20 public_reply"], "9:20", 1),
    ("update", "11:00", ["9:20 public_reply", "9:50 public_reply"], "9:50", 2),
    ("update", "11:00", ["9:20 internal_note"], None, 0),
]


@pytest.mark.parametrize(("kind", "now", "lines", "started", "cycle"), BEGINS)
def test_a_cycle_starts_as_the_table_says(kind, now, lines, started, cycle):
    found = state(kind, now, *lines)
    assert (found.started_at, found.cycle) == (started and at(started), cycle)


KEPT = [
    ("first_response", ["9:30 public_reply"], "9:30"),
    ("first_response", ["9:30 internal_note"], None),
    ("first_response", ["9:30 solved"], None),
    ("first_response", ["9:30 closed"], None),
    ("first_response", ["9:30 set_aside"], None),
    ("next_response", ["9:30 public_reply", "10:00 customer_message", "10:30 public_reply"], "10:30"),
    ("next_response", ["9:30 public_reply", "10:00 customer_message", "10:30 set_aside"], None),
    ("next_response", ["9:30 public_reply", "10:00 customer_message", "10:30 solved"], None),
    ("update", ["9:30 public_reply", "10:30 public_reply"], None),
    ("resolution", ["10:30 solved"], "10:30"),
    ("resolution", ["10:30 public_reply"], None),
    ("resolution", ["10:30 closed"], None),
    ("resolution", ["10:00 closed", "10:30 solved"], None),
]


@pytest.mark.parametrize(("kind", "lines", "kept"), KEPT)
def test_a_clock_is_kept_by_its_act_and_by_no_other(kind, lines, kept):
    assert state(kind, "14:00", *lines).kept_at == (kept and at(kept))


def test_the_engineers_own_ticket_promises_no_first_response():
    found = state("first_response", "16:00", by="engineer")
    assert (found.cycle, found.due_at, found.broken_at) == (0, None, None)


OPENING = PolicyTerms(TARGETS, opening_starts_next_response=True)


@pytest.mark.parametrize(("by", "started"), [("customer", "9:00"), ("engineer", None)])
def test_the_opening_may_start_the_next_response_if_a_customer_wrote_it(by, started):
    found = state("next_response", "10:30", "10:00 customer_message", policy=OPENING, by=by)
    assert (found.started_at, found.due_at) == (started and at(started), started and at("11:00"))


def test_the_reply_gives_the_update_its_full_target_again():
    found = state("update", "13:30", "9:30 public_reply", "12:00 public_reply")
    assert (found.due_at, found.spent, found.broken_at) == (at("15:00"), 90 * 60, None)


def test_set_aside_ends_the_next_response_without_counting():
    lines = ["9:30 public_reply", "10:00 customer_message", "10:30 set_aside"]
    found = state("next_response", "16:00", *lines)
    assert (found.due_at, found.kept_at, found.broken_at, found.longest, found.spent) == (None, None, None, 0, 1800)
    assert state("next_response", "16:00", *lines, "11:00 customer_message").due_at == at("13:00")


def test_set_aside_leaves_an_open_question_waiting():
    lines = ["9:10 public_reply", "9:20 customer_message", "9:30 paused", "9:40 set_aside"]
    assert state("resolution", "12:00", *lines).due_at is None


def test_longest_is_the_longest_finished_exchange():
    lines = ["9:10 public_reply"]
    for start, end in (("10:00", "10:20"), ("11:00", "11:50"), ("12:00", "12:05")):
        lines += [f"{start} customer_message", f"{end} public_reply"]
    found = state("next_response", "16:00", *lines, "13:00 customer_message")
    assert (found.longest, found.cycle, found.spent) == (50 * 60, 4, 3 * HOUR)


# Due, broken, late


def test_a_target_is_due_in_working_time():
    assert state("resolution", "9:00").due_at == at("17:00")
    assert state("resolution", "9:00", policy=PolicyTerms({"resolution": 9 * HOUR})).due_at == at("2 10:00")


@pytest.mark.parametrize("targets", [{}, {"resolution": None}])
def test_absent_or_none_is_no_promise(targets):
    found = state("resolution", "2 12:00", policy=PolicyTerms(targets))
    assert (found.target, found.due_at, found.broken_at) == (None, None, None)


def test_a_promise_never_reached_within_400_days_has_no_due_moment():
    assert state("resolution", "10:00", calendar=WorkCalendar("UTC", {})).due_at is None


@pytest.mark.parametrize(
    ("now", "lines", "kept", "broken"),
    [
        ("10:00", ["10:00 public_reply"], "10:00", None),
        ("16:00", ["10:00 public_reply"], "10:00", None),
        ("10:00", [], None, "10:00"),
        ("9:59", [], None, None),
        ("16:00", ["10:01 public_reply"], "10:01", "10:00"),
        ("16:00", ["10:00 internal_note", "10:00 public_reply"], "10:00", None),
    ],
)
def test_an_act_at_exactly_the_due_moment_keeps_and_without_one_it_is_broken_from_then_on(now, lines, kept, broken):
    found = state("first_response", now, *lines)
    assert (found.kept_at, found.broken_at) == (kept and at(kept), broken and at(broken))


def test_a_broken_clock_that_still_runs_keeps_its_past_due_moment():
    found = state("first_response", "12:00")
    assert (found.due_at, found.broken_at, found.spent) == (at("10:00"), at("10:00"), 3 * HOUR)


def test_broken_and_then_paused_has_no_due_moment_but_stays_broken():
    lines = ["2 9:30 paused"]
    found = state("resolution", "2 11:00", *lines)
    assert (found.due_at, found.broken_at, found.spent) == (None, at("17:00"), 8 * HOUR + 1800)
    assert state("resolution", "2 12:00", *lines, "2 11:30 resumed").due_at == at("17:00")


def test_paused_at_exactly_the_due_moment_is_broken_all_the_same():
    assert state("resolution", "2 11:00", "17:00 paused").broken_at == at("17:00")


def test_kept_late_has_both_moments_and_no_due_one():
    found = state("resolution", "3 12:00", "2 10:00 solved")
    assert (found.kept_at, found.broken_at, found.due_at, found.spent) == (at("2 10:00"), at("17:00"), None, 9 * HOUR)


# Pauses


def test_a_pause_stops_the_clocks_that_pause_and_no_others():
    policy = PolicyTerms(TARGETS, pausing=frozenset({"resolution"}))
    clocks = replay(policy, OFFICE, story("9:00 created", "9:10 paused"), at("9:30"))
    assert [clocks[kind].spent for kind in ("resolution", "first_response")] == [600, 1800]
    assert [clocks[kind].due_at for kind in ("resolution", "first_response")] == [None, at("10:00")]


def test_by_default_update_and_resolution_pause():
    clocks = replay(TERMS, OFFICE, story("9:00 created", "9:10 public_reply", "9:20 paused"), at("9:30"))
    assert {kind for kind in KINDS if clocks[kind].paused} == {"update", "resolution"}


ENDS = ["resumed", "customer_message"]


@pytest.mark.parametrize("end", ENDS)
def test_a_pause_ends(end):
    found = state("resolution", "12:00", "10:00 paused", f"11:00 {end}")
    assert (found.due_at, found.spent, found.paused) == (at("2 10:00"), 2 * HOUR, HOUR)
    assert found.pauses == ((at("10:00"), at("11:00")),)


@pytest.mark.parametrize("end", ["solved", "closed"])
def test_solved_and_closed_end_a_pause(end):
    found = state("resolution", "14:00", "10:00 paused", f"11:00 {end}", "12:00 reopened")
    assert (found.due_at, found.spent, found.paused) == (at("2 11:00"), 3 * HOUR, 2 * HOUR)


@pytest.mark.parametrize("act", ["public_reply", "internal_note", "set_aside"])
def test_a_pause_goes_on_over(act):
    assert state("resolution", "12:00", "10:00 paused", f"11:00 {act}").due_at is None


def test_paused_twice_counts_once():
    found = state("resolution", "14:00", "10:00 paused", "10:30 paused", "11:00 resumed", "11:30 resumed")
    assert (found.due_at, found.pauses) == (at("2 10:00"), ((at("10:00"), at("11:00")),))


def test_resumed_without_a_pause_and_reopened_without_an_end_are_nothing():
    assert state("resolution", "14:00", "10:00 resumed", "10:30 reopened", policy=RESTART) == state(
        "resolution", "14:00"
    )


def test_an_internal_note_changes_no_clock():
    plain, noted = (story("9:00 created", "9:10 paused", *notes) for notes in ([], ["9:20 internal_note"]))
    assert replay(TERMS, OFFICE, noted, at("14:00")) == replay(TERMS, OFFICE, plain, at("14:00"))


def test_a_cycle_that_begins_within_a_pause_stands_still():
    found = state("update", "12:00", "10:00 paused", "10:30 public_reply", "11:00 resumed")
    assert (found.spent, found.due_at, found.pauses) == (HOUR, at("14:00"), ((at("10:30"), at("11:00")),))


def test_what_is_spent_stands_still_while_paused_and_after_keeping():
    paused, kept = "10:00 paused", "10:00 solved"
    assert [state("resolution", now, paused).spent for now in ("10:00", "12:00", "3 12:00")] == [HOUR] * 3
    assert [state("resolution", now, kept).spent for now in ("10:00", "12:00", "3 12:00")] == [HOUR] * 3


def test_a_pause_that_lasts_ends_at_the_asking():
    found = state("resolution", "12:00", "10:00 paused")
    assert (found.pauses, found.paused) == (((at("10:00"), at("12:00")),), 2 * HOUR)


# Solved, closed, reopened


@pytest.mark.parametrize("end", ["solved", "closed"])
def test_while_solved_or_closed_no_clock_runs_and_the_time_is_not_counted(end):
    lines = ["9:10 public_reply", "9:20 customer_message", f"9:30 {end}"]
    clocks = replay(TERMS, OFFICE, story("9:00 created", *lines), at("3 12:00"))
    assert [clocks[kind].due_at for kind in KINDS] == [None] * 4
    assert [clocks[kind].spent // 60 for kind in KINDS] == [10, 10, 20, 30]
    assert [clocks[kind].broken_at for kind in KINDS] == [None] * 4


@pytest.mark.parametrize("end", ["solved", "closed"])
@pytest.mark.parametrize(
    ("kind", "lines", "due"),
    [
        ("first_response", [], "12:30"),
        ("next_response", ["9:10 public_reply", "9:20 customer_message"], "13:50"),
        ("update", ["9:20 public_reply"], "14:50"),
        ("resolution", [], "2 11:30"),
    ],
)
def test_what_is_not_answered_stands_still_and_goes_on_at_reopened(end, kind, lines, due):
    found = state(kind, "12:15", *lines, f"9:30 {end}", "12:00 reopened")
    assert (found.due_at, found.cycle) == (at(due), 1)
    assert found.pauses == ((at("9:30"), at("12:00")),)


def test_a_reply_to_a_solved_ticket_still_answers():
    found = state("first_response", "16:00", "9:30 solved", "15:00 public_reply")
    assert (found.kept_at, found.broken_at, found.spent) == (at("15:00"), None, 1800)


def test_a_word_to_a_solved_ticket_waits_for_the_reopening():
    lines = ["9:10 public_reply", "9:30 solved", "10:00 customer_message"]
    assert state("next_response", "12:00", *lines).due_at is None
    assert state("next_response", "12:00", *lines, "11:00 reopened").due_at == at("13:00")


def test_closed_ends_what_still_runs_without_keeping_it():
    found = state("resolution", "3 12:00", "10:00 closed")
    assert (found.due_at, found.kept_at, found.broken_at, found.spent) == (None, None, None, HOUR)


def test_closing_a_solved_ticket_changes_nothing():
    lines = ["10:00 solved", "11:00 reopened"]
    assert state("resolution", "12:00", lines[0], "10:30 closed", lines[1]) == state("resolution", "12:00", *lines)


def test_a_reopened_solution_resumes_with_what_was_spent():
    found = state("resolution", "12:00", "10:00 solved", "11:00 reopened")
    assert (found.spent, found.paused, found.due_at, found.kept_at) == (2 * HOUR, HOUR, at("2 10:00"), None)
    assert (found.started_at, found.cycle, found.pauses) == (at("9:00"), 1, ((at("10:00"), at("11:00")),))


def test_reopened_at_once_is_no_pause():
    assert state("resolution", "12:00", "10:00 solved", "10:00 reopened") == state("resolution", "12:00")


def test_a_solution_that_came_late_is_still_late_when_reopened():
    found = state("resolution", "2 12:00", "2 10:00 solved", "2 11:00 reopened")
    assert (found.broken_at, found.due_at, found.kept_at) == (at("17:00"), at("17:00"), None)


def test_a_solution_of_the_last_moment_has_nothing_left_when_reopened():
    found = state("resolution", "2 12:00", "17:00 solved", "2 10:00 reopened")
    assert (found.broken_at, found.due_at, found.broken_by_change) == (at("17:00"), at("17:00"), False)


@pytest.mark.parametrize("end", ["solved", "closed"])
def test_a_reopened_solution_restarts_from_zero_when_the_policy_says_so(end):
    found = state("resolution", "2 13:00", f"2 10:00 {end}", "2 12:00 reopened", policy=RESTART)
    assert (found.spent, found.paused, found.due_at, found.broken_at) == (HOUR, 0, at("3 12:00"), None)
    assert (found.started_at, found.cycle, found.pauses) == (at("2 12:00"), 2, ())


def test_restarting_the_solution_leaves_the_other_clocks_to_resume():
    assert state("first_response", "12:15", "9:30 solved", "12:00 reopened", policy=RESTART).due_at == at("12:30")


def test_a_question_asked_after_solving_pauses_nothing():
    assert state("resolution", "12:00", "10:00 solved", "10:30 paused", "11:00 reopened").due_at == at("2 10:00")


# Changes


def changed(kind, now, *lines, policy=TERMS, targets=None, calendar=None):
    return state(kind, now, *lines, policy=policy, targets=targets, **({"calendar": calendar} if calendar else {}))


def test_a_change_measures_the_running_cycle_anew_from_its_own_start_with_the_pauses_kept():
    lines = ["9:30 paused", "10:00 resumed", "11:00 targets_changed"]
    found = changed("resolution", "11:00", *lines, targets={"resolution": 4 * HOUR})
    assert (found.target, found.due_at, found.started_at) == (4 * HOUR, at("13:30"), at("9:00"))


def test_the_cycle_is_measured_wholly_in_the_new_calendar():
    """Created on Monday at 9:00; open day and night from 19:00 on, so also before."""
    lines = ["19:00 targets_changed"]
    found = changed("resolution", "20:00", *lines, targets={"resolution": 16 * HOUR}, calendar=ALWAYS)
    assert (found.spent, found.due_at) == (11 * HOUR, at("2 01:00"))


def test_a_calendar_of_none_is_unchanged():
    found = changed("resolution", "20:00", "19:00 targets_changed", targets={"resolution": 9 * HOUR})
    assert found.due_at == at("2 10:00")


def test_a_breach_stands_even_if_the_new_due_moment_lies_in_the_future():
    found = changed("first_response", "11:30", "11:00 targets_changed", targets={"first_response": 4 * HOUR})
    assert (found.due_at, found.broken_at, found.broken_by_change) == (at("13:00"), at("10:00"), False)


def test_there_is_no_second_breach_for_the_same_promise():
    lines = ["11:00 targets_changed", "14:00 internal_note"]
    found = changed("first_response", "16:00", *lines, targets={"first_response": 4 * HOUR})
    assert (found.due_at, found.broken_at) == (at("13:00"), at("10:00"))
    earlier = changed("first_response", "16:00", *lines, targets={"first_response": HOUR // 2})
    assert (earlier.due_at, earlier.broken_at, earlier.broken_by_change) == (at("9:30"), at("10:00"), False)


def test_a_due_moment_that_the_change_puts_into_the_past_is_broken_by_the_change():
    found = changed("resolution", "15:00", "14:00 targets_changed", targets={"resolution": 4 * HOUR})
    assert (found.due_at, found.broken_at, found.broken_by_change) == (at("13:00"), at("14:00"), True)


def test_the_next_cycle_knows_nothing_of_a_breach_in_the_last():
    lines = ["9:00 public_reply", "11:00 targets_changed"]
    assert changed("update", "12:00", *lines, targets={"update": HOUR}).broken_by_change
    found = changed("update", "12:30", *lines, "12:00 public_reply", targets={"update": HOUR})
    assert (found.broken_at, found.broken_by_change) == (None, False)


def test_a_due_moment_at_the_change_itself_is_not_in_the_past():
    lines = ["14:00 targets_changed"]
    found = changed("resolution", "15:00", *lines, targets={"resolution": 5 * HOUR})
    assert (found.due_at, found.broken_at, found.broken_by_change) == (at("14:00"), at("14:00"), False)
    assert changed("resolution", "15:00", *lines, "14:00 solved", targets={"resolution": 5 * HOUR}).broken_at is None


def test_a_change_breaks_also_what_stands_still_but_only_by_what_was_used():
    lines = ["12:00 paused", "14:00 targets_changed"]
    used_up = changed("resolution", "15:00", *lines, targets={"resolution": 2 * HOUR})
    assert (used_up.due_at, used_up.broken_at, used_up.broken_by_change) == (None, at("14:00"), True)
    assert changed("resolution", "15:00", *lines, targets={"resolution": 4 * HOUR}).broken_at is None


def test_a_change_may_restart_from_the_change():
    policy = PolicyTerms(TARGETS, on_change="restart")
    lines = ["9:30 paused", "10:00 resumed", "11:00 targets_changed"]
    found = changed("resolution", "12:00", *lines, policy=policy, targets={"resolution": 4 * HOUR})
    assert (found.started_at, found.spent, found.due_at, found.pauses) == (at("11:00"), HOUR, at("15:00"), ())
    assert found.cycle == 1


def test_a_restart_within_a_pause_stands_still_from_the_change():
    policy = PolicyTerms(TARGETS, on_change="restart")
    lines = ["9:30 paused", "11:00 targets_changed", "12:00 resumed"]
    found = changed("resolution", "13:00", *lines, policy=policy, targets={"resolution": 4 * HOUR})
    assert (found.spent, found.due_at, found.pauses) == (HOUR, at("16:00"), ((at("11:00"), at("12:00")),))


def test_a_restart_does_not_undo_a_breach():
    policy = PolicyTerms(TARGETS, on_change="restart")
    found = changed("first_response", "11:30", "11:00 targets_changed", policy=policy, targets=TARGETS)
    assert (found.due_at, found.broken_at) == (at("12:00"), at("10:00"))


@pytest.mark.parametrize("on_change", ["recompute", "restart"])
def test_kept_clocks_stay_as_they_were(on_change):
    policy = PolicyTerms(TARGETS, on_change=on_change)
    before = state("first_response", "16:00", "9:30 public_reply", policy=policy)
    lines = ["9:30 public_reply", "11:00 targets_changed"]
    assert (
        changed("first_response", "16:00", *lines, policy=policy, targets={"first_response": 60}, calendar=ALWAYS)
        == before
    )


def test_targets_of_none_mean_that_no_policy_applies_any_more():
    clocks = replay(TERMS, OFFICE, story("9:00 created", "11:00 targets_changed"), at("3 12:00"))
    assert [(c.target, c.due_at) for c in clocks.values()] == [(None, None)] * 4
    assert clocks["first_response"].broken_at == at("10:00")


def test_cycles_that_begin_after_a_change_are_measured_by_it():
    lines = ["9:10 public_reply", "11:00 targets_changed", "16:00 customer_message"]
    found = changed("next_response", "16:30", *lines, targets={"next_response": 4 * HOUR}, calendar=ALWAYS)
    assert (found.target, found.due_at) == (4 * HOUR, at("20:00"))


def test_a_solution_that_is_resumed_takes_the_terms_of_its_reopening():
    lines = ["12:00 solved", "13:00 targets_changed", "14:00 reopened"]
    assert changed("resolution", "13:30", *lines, targets={"resolution": 4 * HOUR}).target == 8 * HOUR
    assert changed("resolution", "14:30", *lines, targets={"resolution": 4 * HOUR}).due_at == at("15:00")
    broken = changed("resolution", "14:30", *lines, targets={"resolution": 2 * HOUR})
    assert (broken.due_at, broken.broken_at, broken.broken_by_change) == (at("11:00"), at("14:00"), True)


# next_deadline, warnings, explain


def test_the_next_deadline_is_the_smallest_past_ones_included():
    assert clock.next_deadline(replay(TERMS, OFFICE, story("9:00 created"), at("12:00"))) == at("10:00")


def test_without_a_running_promise_there_is_no_next_deadline():
    assert clock.next_deadline(replay(TERMS, OFFICE, story("9:00 created", "9:30 solved"), at("12:00"))) is None


def test_warnings_come_when_a_share_of_the_target_is_used_in_working_time():
    moments = clock.warnings(OFFICE, at("15:00"), 4 * HOUR, [50, 75, 90])
    assert moments == [at("17:00"), at("2 10:00"), at("2 10:36")]


def test_the_share_is_rounded_up_to_whole_seconds():
    assert clock.warnings(OFFICE, at("9:00"), 101, [50]) == [at("9:00") + timedelta(seconds=51)]


def test_warnings_know_pauses():
    pauses = [(at("9:30"), at("11:00"))]
    assert clock.warnings(OFFICE, at("9:00"), 2 * HOUR, [25, 50], pauses=pauses) == [at("9:30"), at("11:30")]


def test_a_warning_that_never_comes_is_left_out():
    assert clock.warnings(WorkCalendar("UTC", {}), at("9:00"), HOUR, [50]) == []


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_a_percent_that_warns_of_nothing_is_refused(percent):
    with pytest.raises(PolicyError) as caught:
        clock.warnings(OFFICE, at("9:00"), HOUR, [percent])
    assert caught.value.reason == "bad_percent"


def test_an_explanation_names_every_piece_and_its_reason():
    calendar = WorkCalendar("UTC", OFFICE.weekly, frozenset({date(2026, 6, 2)}), {}, {date(2026, 6, 1): [(720, 780)]})
    events = story("9:00 created", "10:00 paused", "11:00 resumed", "3 10:00 solved", "3 11:00 reopened")
    told = clock.explain(TERMS, calendar, events, "resolution", at("3 12:00"))
    assert (told.kind, told.target, told.started_at, told.due_at) == ("resolution", 8 * HOUR, at("9:00"), at("3 12:00"))
    assert [f"{p.start:%d %H:%M} {p.reason} {p.counted // 60}" for p in told.pieces] == [
        "01 09:00 open 60", "01 10:00 paused 0", "01 11:00 open 60", "01 12:00 break 0", "01 13:00 open 240",
        "01 17:00 closed 0", "02 00:00 holiday 0", "03 00:00 closed 0", "03 09:00 open 60", "03 10:00 solved 0",
        "03 11:00 open 60",
    ]  # fmt: skip


def test_fractions_of_a_piece_are_carried_on_to_the_next():
    moments = [at("9:00") + timedelta(seconds=n) for n in (0, 1.6, 2, 3.5)]
    events = [ClockEvent(*told) for told in zip(("created", "paused", "resumed"), moments, strict=False)]
    told = clock.explain(TERMS, OFFICE, events, "resolution", moments[-1])
    assert [piece.counted for piece in told.pieces] == [1, 0, 2]
    assert replay(TERMS, OFFICE, events, moments[-1])["resolution"].spent == 3


def test_a_clock_that_never_began_has_nothing_to_explain():
    told = clock.explain(TERMS, OFFICE, story("9:00 created"), "update", at("12:00"))
    assert told == clock.Explanation("update", 3 * HOUR, None, None, ())


# The life of a ticket, minute by minute: written with flags and counters, without add, between or intervals


LIFE = 3 * 1440


@dataclass
class Clock:
    """A clock that remembers the minutes in which it ran; what they are worth is asked of a calendar's flags."""

    target: int | None = None
    flags: bytes = b""
    cycle: int = 0
    start: int = 0
    end: int | None = None
    is_kept: bool = False
    broken: int | None = None
    by_change: bool = False
    used: int = 0
    ran: list[int] = field(default_factory=list)
    stood: list[int] = field(default_factory=list)
    longest: int = 0

    @property
    def is_owed(self):
        return self.cycle > 0 and self.end is None

    def begin(self, minute, target, flags):
        self.cycle += 1
        self.target, self.flags, self.start, self.end = target, flags, minute, None
        self.is_kept = self.by_change = False
        self.broken, self.used, self.ran, self.stood = None, 0, [], []

    def worth(self, minutes):
        return 60 * sum(self.flags[minute] for minute in minutes)

    def due(self, is_running, now):
        """The minute by which the target is used, counting on if it runs; None if that does not come in this life."""
        if self.target is None:
            return None
        used = 0
        for minute in [*self.ran, *(range(now, len(self.flags)) if is_running else [])]:
            used += 60 * self.flags[minute]
            if used >= self.target:
                return minute + 1
        return None


class Life:
    """A ticket: at each minute what happens, then whether something broke; then the minute passes."""

    def __init__(self, policy, flags, events):
        self.policy, self.targets, self.flags, self.events = policy, policy.targets, flags, events
        self.clocks = {kind: Clock(policy.targets.get(kind)) for kind in KINDS}
        self.is_waiting = self.is_over = self.is_answered = False

    def runs(self, kind):
        return self.clocks[kind].is_owed and not self.is_over and not (self.is_waiting and kind in self.policy.pausing)

    def begin(self, kind, minute):
        self.clocks[kind].begin(minute, self.targets.get(kind), self.flags)

    def end(self, kind, minute, is_kept):
        run = self.clocks[kind]
        if run.is_owed:
            run.end, run.is_kept = minute, is_kept
            if kind == "next_response" and is_kept:
                run.longest = max(run.longest, run.worth(run.ran))

    def measure(self, kind, minute):
        run = self.clocks[kind]
        run.target, run.flags = self.targets.get(kind), self.flags
        run.used = run.worth(run.ran)
        due = run.due(self.runs(kind), minute)
        if run.broken is None and due is not None and due < minute:
            run.broken, run.by_change = minute, True

    def happen(self, minute, what, by, targets, flags):
        exchange, solution = self.clocks["next_response"], self.clocks["resolution"]
        if what == "created":
            self.begin("resolution", minute)
            if by == "customer":
                self.begin("first_response", minute)
                if self.policy.opening_starts_next_response:
                    self.begin("next_response", minute)
        if what in ("resumed", "customer_message", "solved", "closed"):
            self.is_waiting = False
        if what == "customer_message" and not exchange.is_owed and (self.is_answered or exchange.cycle):
            self.begin("next_response", minute)
        if what == "public_reply":
            self.end("first_response", minute, True)
            self.end("next_response", minute, True)
            self.begin("update", minute)
            self.is_answered = True
        if what == "set_aside":
            self.end("next_response", minute, False)
        if what == "paused" and not self.is_over:
            self.is_waiting = True
        if what == "solved" and not self.is_over:
            self.end("resolution", minute, True)
        if what in ("solved", "closed"):
            self.is_over = True
        if what == "reopened" and self.is_over:
            self.is_over = False
            if self.policy.on_reopen == "restart":
                self.begin("resolution", minute)
            elif solution.is_kept:
                solution.stood += range(solution.end, minute)
                solution.end, solution.is_kept = None, False
                if (solution.target, solution.flags) != (self.targets.get("resolution"), self.flags):
                    self.measure("resolution", minute)
        if what == "targets_changed":
            self.targets, self.flags = targets or {}, flags or self.flags
            for kind, run in self.clocks.items():
                if run.is_owed and self.policy.on_change == "restart":
                    run.start, run.ran, run.stood = minute, [], []
                if run.is_owed or not run.cycle:
                    self.measure(kind, minute)

    def live(self, asked):
        """Yield the minutes that are asked for and what all clocks show then."""
        for minute in range(max(asked) + 1):
            for event in self.events.get(minute, []):
                self.happen(minute, *event)
            for run in self.clocks.values():
                if run.is_owed and run.broken is None and run.target is not None and run.used >= run.target:
                    run.broken = run.due(False, minute)
            if minute in asked:
                yield minute, {kind: self.seen(kind, minute) for kind in KINDS}
            for kind, run in self.clocks.items():
                if self.runs(kind):
                    run.ran.append(minute)
                    run.used += 60 * run.flags[minute]
                elif run.is_owed:
                    run.stood.append(minute)

    def seen(self, kind, minute):
        run = self.clocks[kind]
        return {
            "target": run.target,
            "due_at": run.due(True, minute) if self.runs(kind) else None,
            "spent": run.worth(run.ran),
            "paused": run.worth(run.stood),
            "kept_at": run.end if run.is_kept else None,
            "broken_at": run.broken,
            "broken_by_change": run.by_change,
            "cycle": run.cycle,
            "started_at": run.start if run.cycle else None,
            "pauses": set(run.stood),
            "longest": run.longest,
        }


def seen(found: ClockState) -> dict:
    """A state in minutes since Monday, its pauses as the set of their minutes; what is due after this life is not."""

    def minute(moment):
        return moment and (moment - MONDAY) // MINUTE

    told = {name: getattr(found, name) for name in ClockState.__slots__}
    told |= {name: minute(told[name]) for name in ("due_at", "kept_at", "broken_at", "started_at")}
    if told["due_at"] is not None and told["due_at"] > LIFE + DAYS_AHEAD:
        told["due_at"] = None
    return told | {"pauses": {n for since, until in found.pauses for n in range(minute(since), minute(until))}}


CALENDARS = [
    OFFICE,
    ALWAYS,
    WorkCalendar("UTC", {day: [(1320, 360), (600, 720)] for day in range(7)}),
    WorkCalendar("UTC", {0: [(0, 300)], 1: [(720, 725)], 2: [(100, 1000)]}),
]
DAYS_AHEAD = 4 * 1440
FLAGS = [bytes(is_open(calendar, MONDAY + n * MINUTE) for n in range(LIFE + DAYS_AHEAD)) for calendar in CALENDARS]

targets = st.dictionaries(
    st.sampled_from(KINDS),
    st.none() | st.integers(1, 900).map(lambda n: n * 60) | st.sampled_from([60, HOUR]),
    min_size=1,
)
policies = st.builds(
    PolicyTerms,
    targets,
    st.frozensets(st.sampled_from(KINDS)),
    st.sampled_from(["resume", "restart"]),
    st.sampled_from(["recompute", "restart"]),
    st.booleans(),
)
KINDS_OF_EVENT = [
    "customer_message", "public_reply", "paused", "resumed", "solved", "reopened", "targets_changed",
    "customer_message", "public_reply", "paused", "reopened", "set_aside", "closed", "internal_note",
]  # fmt: skip


@st.composite
def histories(draw, unit=MINUTE, spread=LIFE):
    """Events at whole units, often at the same one; with the number of the calendar of each change."""
    times = st.integers(0, spread - 1) | st.integers(0, 40).map(lambda n: n * spread // 41)
    minutes = sorted(draw(st.lists(times, min_size=1, max_size=14)))
    events, calendars = (
        [ClockEvent("created", MONDAY + minutes[0] * unit, by=draw(st.sampled_from(["customer", "engineer"])))],
        [None],
    )
    for minute in minutes[1:]:
        what = draw(st.sampled_from(KINDS_OF_EVENT))
        is_change = what == "targets_changed"
        number = draw(st.none() | st.integers(0, len(CALENDARS) - 1)) if is_change else None
        new = draw(st.none() | targets) if is_change else None
        calendar = None if number is None else CALENDARS[number]
        events.append(ClockEvent(what, MONDAY + minute * unit, new, calendar))
        calendars.append(number)
    return draw(policies), draw(st.integers(0, len(CALENDARS) - 1)), events, calendars


@often(80)
@given(histories(), st.lists(st.integers(0, LIFE - 1), max_size=3))
def test_a_replay_stands_where_a_life_minute_by_minute_stands(history, more):
    policy, number, events, calendars = history
    by_minute: dict[int, list] = {}
    for event, new in zip(events, calendars, strict=True):
        told = (event.kind, event.by, event.targets, None if new is None else FLAGS[new])
        by_minute.setdefault((event.at - MONDAY) // MINUTE, []).append(told)
    asked = {*by_minute, *more, *(minute + 1 for minute in by_minute)}
    for minute, expected in Life(policy, FLAGS[number], by_minute).live(asked):
        clocks = replay(policy, CALENDARS[number], events, MONDAY + minute * MINUTE)
        assert {kind: seen(clocks[kind]) for kind in KINDS} == expected


MICRO = timedelta(microseconds=1)
SPREAD = LIFE * 60 * 1_000_000


@often(60)
@given(histories(MICRO, SPREAD), st.integers(0, SPREAD))
def test_a_replay_is_one_of_what_had_happened_by_then(history, moment):
    policy, number, events, _ = history
    now = MONDAY + moment * MICRO
    known = [event for event in events if event.at <= now]
    assert replay(policy, CALENDARS[number], events, now) == replay(policy, CALENDARS[number], known, now)


@often(60)
@given(histories(MICRO, SPREAD), st.integers(0, SPREAD))
def test_a_breach_or_an_end_once_told_is_never_told_otherwise(history, moment):
    """Within one cycle; a reopening alone takes a kept solution back, and a restart begins the cycle anew."""
    policy, number, events, _ = history
    before, after = (replay(policy, CALENDARS[number], events, MONDAY + n * MICRO) for n in sorted((moment, SPREAD)))
    for kind in KINDS:
        assert before[kind].cycle <= after[kind].cycle
        if before[kind].broken_at and before[kind].cycle == after[kind].cycle:
            assert after[kind].broken_at == before[kind].broken_at


@often(60)
@given(histories(MICRO, SPREAD), st.integers(0, SPREAD), st.sampled_from(KINDS))
def test_an_explanation_has_no_gaps_and_its_counts_sum_to_what_is_spent(history, moment, kind):
    policy, number, events, _ = history
    now = MONDAY + moment * MICRO
    state = replay(policy, CALENDARS[number], events, now)[kind]
    told = clock.explain(policy, CALENDARS[number], events, kind, now)
    assert sum(piece.counted for piece in told.pieces) == state.spent
    assert all(a.end == b.start for a, b in zip(told.pieces, told.pieces[1:], strict=False))
    assert all((piece.start < piece.end and piece.reason == "open") or not piece.counted for piece in told.pieces)
    if told.pieces:
        assert told.pieces[0].start == state.started_at
        assert told.pieces[-1].end == (now if state.due_at else min(now, state.kept_at or told.pieces[-1].end))
        stood = {(p.start, p.end) for p in told.pieces if p.reason in ("paused", "solved")}
        assert stood == set(state.pauses)


@often(60)
@given(histories(MICRO, SPREAD), st.integers(0, SPREAD), st.sampled_from(KINDS))
def test_the_pauses_of_a_state_are_ready_for_add_and_between(history, moment, kind):
    policy, number, events, _ = history
    now = MONDAY + moment * MICRO
    state = replay(policy, CALENDARS[number], events, now)[kind]
    if state.due_at:
        calendars = [CALENDARS[number], *(event.calendar for event in events if event.calendar and event.at <= now)]
        assert state.due_at == add(calendars[-1], state.started_at, state.target, pauses=state.pauses)
        assert state.spent == between(calendars[-1], state.started_at, now, pauses=state.pauses)


def test_one_clock_alone_stands_as_it_does_among_the_four():
    terms = PolicyTerms({"first_response": HOUR, "update": 2 * HOUR, "resolution": 8 * HOUR})
    told = [
        ClockEvent("created", MONDAY),
        ClockEvent("public_reply", MONDAY + 600 * MINUTE),
        ClockEvent("paused", MONDAY + 660 * MINUTE),
    ]
    at = MONDAY + 1800 * MINUTE
    four = replay(terms, OFFICE, told, at)
    assert {kind: clock.replay_one(kind, terms, OFFICE, told, at) for kind in clock.KINDS} == four

"""duty/rotation.py: each rule of PURE.md by its name, and a ticking clock that never computes a turn's number."""

import pickle
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty.rotation import (
    DailyWindow,
    DutyHoliday,
    Layer,
    OnDuty,
    Override,
    Profile,
    Roster,
    RosterError,
    Rotation,
    Shift,
    TemporarySchedule,
    check,
    coverage,
    gaps,
    handoffs,
    next_change,
    on_duty,
    shifts,
)
from tests.proof import examples

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ALL_WEEK = frozenset(range(7))
OMAR, SARA, GRACE = ("omar",), ("sara",), ("grace",)
BERLIN = ZoneInfo("Europe/Berlin")


def often(n):
    return settings(max_examples=examples(n), deadline=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


def roster(*layers: Layer | Rotation, zone: str = "Europe/Berlin", **more) -> Roster:
    return Roster(zone, tuple(Layer(1, part) if isinstance(part, Rotation) else part for part in layers), **more)


def people(plan: Roster, at: datetime) -> tuple[str, ...]:
    return on_duty(plan, at).people


def pieces(plan: Roster, start: datetime, end: datetime) -> list[tuple[str, str]]:
    """[("03-29 03:00", "omar"), ...] in the roster's clock, for tables that people can read."""
    zone = ZoneInfo(plan.timezone)
    return [(f"{s.start.astimezone(zone):%m-%d %H:%M}", "+".join(s.people)) for s in shifts(plan, start, end)]


def daily(start: str, *groups: tuple[str, ...], **more) -> Rotation:
    return Rotation("day", wall(start), groups, **more)


# Turns


@pytest.mark.parametrize(
    ("unit", "step", "turns"),
    [
        ("hour", 1, ["06-01 09:00", "06-01 10:00", "06-01 11:00"]),
        ("hour", 36, ["06-01 09:00", "06-02 21:00", "06-04 09:00"]),
        ("day", 1, ["06-01 09:00", "06-02 09:00", "06-03 09:00"]),
        ("day", 3, ["06-01 09:00", "06-04 09:00", "06-07 09:00"]),
        ("week", 2, ["06-01 09:00", "06-15 09:00", "06-29 09:00"]),
        ("month", 1, ["06-01 09:00", "07-01 09:00", "08-01 09:00"]),
        ("month", 3, ["06-01 09:00", "09-01 09:00", "12-01 09:00"]),
    ],
)
def test_a_turn_comes_every_step_units(unit, step, turns):
    plan = roster(Rotation(unit, wall("2026-06-01 09:00"), (OMAR, SARA, GRACE), step=step))
    found = pieces(plan, berlin("2026-06-01 09:00"), berlin("2027-06-01 09:00"))
    assert found[:3] == list(zip(turns, ["omar", "sara", "grace"], strict=True))


def test_before_turn_0_nobody_is_on():
    plan = roster(daily("2026-06-01 09:00", OMAR))
    assert on_duty(plan, berlin("2026-06-01 08:59")) == OnDuty((), True, "nobody")
    assert on_duty(plan, berlin("2026-06-01 09:00")) == OnDuty(OMAR, False, "layer")
    assert on_duty(plan, utc("1850-01-01")).is_gap


def test_a_group_holds_several_turns():
    plan = roster(daily("2026-06-01", OMAR, SARA, hold=3))
    assert pieces(plan, berlin("2026-06-01"), berlin("2026-06-09")) == [
        ("06-01 00:00", "omar"),
        ("06-04 00:00", "sara"),
        ("06-07 00:00", "omar"),
    ]


def test_a_group_shares_its_turn_sorted_and_without_repetition():
    plan = roster(daily("2026-06-01", ("sara", "omar", "sara")))
    assert people(plan, berlin("2026-06-01")) == ("omar", "sara")


def test_turns_are_half_open():
    plan = roster(daily("2026-06-01 09:00", OMAR, SARA))
    assert people(plan, berlin("2026-06-02 09:00") - timedelta.resolution) == OMAR
    assert people(plan, berlin("2026-06-02 09:00")) == SARA


def test_months_keep_the_anchor_day_clamped_to_the_months_end():
    layer = Layer(1, Rotation("month", wall("2027-12-31 08:00"), (OMAR,)))
    found = handoffs(roster(layer), layer, berlin("2027-12-01"), berlin("2028-07-01"))
    assert [f"{at.astimezone(BERLIN):%m-%d %H:%M}" for at in found] == [
        "12-31 08:00",
        "01-31 08:00",
        "02-29 08:00",
        "03-31 08:00",
        "04-30 08:00",
        "05-31 08:00",
        "06-30 08:00",
    ]


def test_a_turn_of_a_month_that_has_not_come_yet_is_not_on():
    plan = roster(Rotation("month", wall("2026-01-31"), (OMAR, SARA, GRACE)))
    assert people(plan, berlin("2026-02-27")) == OMAR
    assert people(plan, berlin("2026-02-28")) == SARA
    assert people(plan, berlin("2026-03-30")) == SARA
    assert people(plan, berlin("2026-03-31")) == GRACE


def test_an_hourly_rotation_since_the_year_1_is_answered_without_stepping():
    plan = roster(Rotation("hour", wall("0001-01-01"), (OMAR, SARA)), zone="UTC")
    hours = (wall("2026-06-01 10:00") - wall("0001-01-01")) // HOUR
    assert people(plan, utc("2026-06-01 10:30")) == (OMAR, SARA)[hours % 2]


# Day masks


def test_with_days_a_turn_starts_on_each_of_these_weekdays():
    plan = roster(Rotation("month", wall("2026-06-01 09:00"), (OMAR, SARA), step=5, days=frozenset({0, 2, 4})))
    assert pieces(plan, berlin("2026-06-01 09:00"), berlin("2026-06-09")) == [
        ("06-01 09:00", "omar"),  # Monday
        ("06-03 09:00", "sara"),
        ("06-05 09:00", "omar"),
        ("06-08 09:00", "sara"),
    ]


def test_with_days_turn_0_is_on_the_first_masked_day_from_start():
    rotation = Rotation("day", wall("2026-06-02 09:00"), (OMAR, SARA), days=frozenset({0, 2, 4}))  # a Tuesday
    assert people(roster(rotation), berlin("2026-06-02 12:00")) == ()
    assert people(roster(rotation), berlin("2026-06-03 09:00")) == OMAR
    assert people(roster(rotation), berlin("2026-06-05 09:00")) == SARA


def test_days_outside_the_mask_consume_no_turn():
    weekdays = Rotation("day", wall("2026-06-05"), (OMAR, SARA), days=frozenset(range(5)), duration=DAY)  # a Friday
    assert pieces(roster(weekdays), berlin("2026-06-05"), berlin("2026-06-09")) == [
        ("06-05 00:00", "omar"),
        ("06-06 00:00", ""),
        ("06-08 00:00", "sara"),
    ]


def test_the_only_day_of_a_mask_comes_once_a_week():
    rotation = Rotation("day", wall("2026-06-03"), (OMAR, SARA), days=frozenset({6}), duration=7 * DAY)
    assert pieces(roster(rotation), berlin("2026-06-07"), berlin("2026-06-15")) == [
        ("06-07 00:00", "omar"),
        ("06-14 00:00", "sara"),
    ]


# Durations and active_from


def test_a_duration_leaves_the_rest_of_the_turn_empty():
    plan = roster(daily("2026-06-01 09:00", OMAR, SARA, duration=8 * HOUR))
    assert pieces(plan, berlin("2026-06-01 09:00"), berlin("2026-06-02 12:00")) == [
        ("06-01 09:00", "omar"),
        ("06-01 17:00", ""),
        ("06-02 09:00", "sara"),
    ]


def test_a_duration_is_measured_on_the_wall_clock():
    plan = roster(daily("2026-03-28 20:00", OMAR, duration=12 * HOUR))
    (night,) = [s for s in shifts(plan, berlin("2026-03-28 12:00"), berlin("2026-03-29 12:00")) if not s.is_gap]
    assert (night.end.astimezone(BERLIN).hour, night.end - night.start) == (8, 11 * HOUR)


@pytest.mark.parametrize(
    ("rotation", "longest"),
    [
        ({"unit": "hour", "step": 6}, 6 * HOUR),
        ({"unit": "day"}, DAY),
        ({"unit": "week", "step": 2}, 14 * DAY),
        ({"unit": "month"}, 28 * DAY),
        ({"unit": "month", "step": 2}, 59 * DAY),
        ({"unit": "month", "step": 12}, 365 * DAY),
        ({"unit": "hour", "days": frozenset({0, 2, 4})}, 2 * DAY),
        ({"unit": "hour", "days": frozenset({0, 6})}, DAY),
        ({"unit": "hour", "days": frozenset({3})}, 7 * DAY),
    ],
)
def test_a_duration_longer_than_the_distance_to_the_next_turn_is_refused(rotation, longest):
    fitting = Rotation(start=wall("2026-06-01"), groups=(OMAR,), duration=longest, **rotation)
    with pytest.raises(RosterError) as error:
        replace(fitting, duration=longest + timedelta.resolution)
    assert error.value.reason == "overlong_duration"


def test_a_turn_that_starts_before_active_from_is_not_served_at_all_but_counts():
    plan = roster(daily("2026-06-01 09:00", OMAR, SARA, GRACE, active_from=wall("2026-06-02 09:01")))
    assert pieces(plan, berlin("2026-06-01"), berlin("2026-06-04")) == [
        ("06-01 00:00", ""),
        ("06-03 09:00", "grace"),
    ]


def test_a_turn_that_starts_at_active_from_is_served():
    plan = roster(daily("2026-06-01 09:00", OMAR, SARA, active_from=wall("2026-06-02 09:00")))
    assert people(plan, berlin("2026-06-02 09:00")) == SARA


# Clock changes


@pytest.mark.parametrize(
    ("zone", "skipped", "first_after"),
    [
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:59:59.999999", "2026-03-29 01:00"),
        ("America/New_York", "2026-03-08 02:15", "2026-03-08 07:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Pacific/Apia", "2011-12-30 13:00", "2011-12-30 10:00"),
        ("Antarctica/Troll", "2026-03-29 02:30", "2026-03-29 01:00"),
    ],
)
def test_a_hand_over_at_a_skipped_time_is_the_first_instant_after_it(zone, skipped, first_after):
    layer = Layer(1, Rotation("week", wall(skipped) - 7 * DAY, (OMAR, SARA)))
    plan = roster(layer, zone=zone)
    assert handoffs(plan, layer, utc(first_after) - DAY, utc(first_after) + DAY) == [utc(first_after)]
    assert people(plan, utc(first_after) - timedelta.resolution) == OMAR
    assert people(plan, utc(first_after)) == SARA


@pytest.mark.parametrize(
    ("zone", "repeated", "first"),
    [
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("America/New_York", "2026-11-01 01:00", "2026-11-01 05:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
    ],
)
def test_a_hand_over_at_a_repeated_time_is_its_first_occurrence(zone, repeated, first):
    layer = Layer(1, daily(repeated, OMAR, SARA))
    assert handoffs(roster(layer, zone=zone), layer, utc(first) - HOUR, utc(first) + 2 * HOUR) == [utc(first)]


def test_the_fold_of_a_naive_start_is_not_asked():
    plan = roster(replace(daily("2026-10-25 02:30", OMAR), start=wall("2026-10-25 02:30").replace(fold=1)))
    assert people(plan, utc("2026-10-25 00:30")) == OMAR


@pytest.mark.parametrize(
    ("zone", "second_pass"),
    [
        ("Europe/Berlin", "2026-10-25 01:00"),
        ("America/New_York", "2026-11-01 06:00"),
        ("Australia/Lord_Howe", "2026-04-04 15:00"),
    ],
)
def test_the_repeated_hour_never_goes_back_a_person(zone, second_pass):
    names = tuple((f"p{k:02}",) for k in range(50))
    start = (utc(second_pass) - 20 * HOUR).astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(minutes=45)
    plan = roster(Rotation("hour", start, names), zone=zone)
    served = [people(plan, utc(second_pass) + timedelta(minutes=m)) for m in range(-600, 600)]
    assert served == sorted(served)
    assert people(plan, utc(second_pass)) == people(plan, utc(second_pass) - timedelta.resolution)


def test_a_turn_keeps_its_clock_time_over_both_changes():
    layer = Layer(1, Rotation("week", wall("2026-01-05 09:00"), (OMAR, SARA)))
    found = handoffs(roster(layer), layer, berlin("2026-01-01"), berlin("2027-01-01"))
    assert {f"{at.astimezone(BERLIN):%a %H:%M}" for at in found} == {"Mon 09:00"}


def test_a_zero_length_turn_consumes_a_turn():
    hours = tuple((f"h{hour}",) for hour in range(24))
    plan = roster(Rotation("hour", wall("2026-03-28"), hours))
    assert pieces(plan, utc("2026-03-29 00:00"), utc("2026-03-29 03:00")) == [
        ("03-29 01:00", "h1"),
        ("03-29 03:00", "h3"),
        ("03-29 04:00", "h4"),
    ]


def test_a_zero_length_turn_is_not_served():
    layer = Layer(1, Rotation("hour", wall("2026-03-28"), (OMAR, SARA)))
    found = handoffs(roster(layer), layer, utc("2026-03-29 00:00"), utc("2026-03-29 03:00"))
    assert found == [utc("2026-03-29 00:00"), utc("2026-03-29 01:00"), utc("2026-03-29 02:00")]


def test_a_skipped_date_consumes_a_turn():
    plan = roster(daily("2011-12-28", OMAR, SARA, GRACE, ("hugo",)), zone="Pacific/Apia")
    assert pieces(plan, utc("2011-12-28 10:00"), utc("2012-01-01 10:00")) == [
        ("12-28 00:00", "omar"),
        ("12-29 00:00", "sara"),
        ("12-31 00:00", "hugo"),
        ("01-01 00:00", "omar"),
    ]


def test_a_duration_ends_at_the_second_occurrence_of_a_repeated_time():
    plan = roster(daily("2026-10-24 22:30", OMAR, duration=4 * HOUR))
    assert people(plan, berlin("2026-10-25 02:29:59", fold=1)) == OMAR
    assert people(plan, berlin("2026-10-25 02:30", fold=1)) == ()


def test_a_full_duration_overlaps_the_next_turn_in_the_repeated_hour():
    plan = roster(daily("2026-10-24 02:30", OMAR, SARA, duration=DAY))
    assert pieces(plan, utc("2026-10-25 00:00"), utc("2026-10-25 02:00")) == [
        ("10-25 02:00", "omar"),
        ("10-25 02:30", "omar+sara"),
        ("10-25 02:30", "sara"),
    ]


def test_three_short_turns_can_overlap_where_two_hours_are_repeated():
    plan = roster(
        Rotation("hour", wall("2026-10-24 00:00"), (OMAR, SARA, GRACE), duration=HOUR), zone="Antarctica/Troll"
    )
    assert people(plan, utc("2026-10-25 00:30")) == ("grace", "omar", "sara")  # 02:30 on the clock, for the first time


@pytest.mark.parametrize(
    ("zone", "rotation", "at", "change"),
    [
        ("Europe/Berlin", daily("2026-10-24 02:30", OMAR, SARA, duration=DAY), "00:45", "01:30"),
        (
            "Antarctica/Troll",
            Rotation("hour", wall("2026-10-25"), (OMAR, SARA, GRACE), duration=HOUR),
            "00:30",
            "01:00",
        ),
    ],
)
def test_the_end_of_an_overlapping_turn_is_a_change(zone, rotation, at, change):
    found = next_change(roster(rotation, zone=zone), utc(f"2026-10-25 {at}"))
    assert found == utc(f"2026-10-25 {change}")


def test_a_duration_that_ends_at_a_skipped_time_ends_with_the_gap():
    plan = roster(daily("2026-03-28 22:30", OMAR, duration=4 * HOUR))
    assert people(plan, utc("2026-03-29 00:59:59")) == OMAR
    assert people(plan, utc("2026-03-29 01:00")) == ()


# Windows


def windowed(start: int, end: int, days: frozenset[int] = ALL_WEEK, zone: str = "Europe/Berlin", **more) -> Roster:
    return roster(Layer(1, people=OMAR, window=DailyWindow(days, start, end)), zone=zone, **more)


def test_a_window_is_open_on_its_weekdays_from_start_to_end():
    plan = windowed(540, 1020, frozenset({0, 2}))
    assert pieces(plan, berlin("2026-06-01"), berlin("2026-06-04")) == [
        ("06-01 00:00", ""),
        ("06-01 09:00", "omar"),
        ("06-01 17:00", ""),
        ("06-03 09:00", "omar"),
        ("06-03 17:00", ""),
    ]


def test_a_window_past_midnight_belongs_to_the_day_on_which_it_starts():
    plan = windowed(1320, 360, frozenset({6}))  # Sunday 22:00 to Monday 06:00
    assert pieces(plan, berlin("2026-06-07"), berlin("2026-06-09")) == [
        ("06-07 00:00", ""),
        ("06-07 22:00", "omar"),
        ("06-08 06:00", ""),
    ]


def test_a_window_that_ends_where_it_starts_is_24_hours():
    plan = windowed(540, 540, frozenset({6}))
    assert pieces(plan, berlin("2026-06-07"), berlin("2026-06-09")) == [
        ("06-07 00:00", ""),
        ("06-07 09:00", "omar"),
        ("06-08 09:00", ""),
    ]


@pytest.mark.parametrize("end", [0, 1440])
def test_a_window_can_end_at_midnight(end):
    plan = windowed(1200, end, frozenset({6}))
    assert gaps(plan, berlin("2026-06-07 21:00"), berlin("2026-06-08 01:00")) == [
        (berlin("2026-06-08").astimezone(UTC), berlin("2026-06-08 01:00").astimezone(UTC))
    ]


def test_a_window_ends_at_the_second_occurrence_of_a_repeated_time():
    plan = windowed(1320, 150)
    assert people(plan, berlin("2026-10-25 02:29:59", fold=1)) == OMAR
    assert people(plan, berlin("2026-10-25 02:30", fold=1)) == ()


def test_the_first_of_the_repeated_times_is_repeated_too():
    """02:00 is shown twice: a window that ends there ends when it is shown for the second time."""
    plan = windowed(0, 120)
    assert people(plan, utc("2026-10-25 00:59:59")) == OMAR
    assert people(plan, utc("2026-10-25 01:00")) == ()


def test_a_window_starts_at_the_first_occurrence_of_a_repeated_time():
    plan = windowed(150, 300)
    assert people(plan, berlin("2026-10-25 02:29:59", fold=0)) == ()
    assert people(plan, berlin("2026-10-25 02:00", fold=1)) == OMAR


def test_a_window_that_starts_at_a_skipped_time_opens_after_the_gap():
    plan = windowed(150, 300)
    assert people(plan, utc("2026-03-29 00:59:59")) == ()
    assert people(plan, utc("2026-03-29 01:00")) == OMAR


def test_a_midnight_that_is_shown_twice_keeps_tomorrows_window_open():
    plan = windowed(0, 60, frozenset({6}), zone="America/St_Johns")  # until 2011 the clock went back at 00:01
    first = datetime(2010, 11, 7, tzinfo=ZoneInfo("America/St_Johns")).astimezone(UTC)
    assert people(plan, first - timedelta.resolution) == ()
    assert {people(plan, first + timedelta(minutes=m)) for m in range(120)} == {OMAR}
    assert people(plan, first + timedelta(minutes=120)) == ()


def test_a_midnight_that_is_shown_twice_keeps_the_window_of_two_dates_ago_open():
    plan = windowed(1425, 1425, frozenset({4}), zone="America/St_Johns")  # Friday 23:45 to Saturday 23:45
    first = datetime(2010, 11, 7, tzinfo=ZoneInfo("America/St_Johns")).astimezone(UTC)  # Sunday, for a minute
    assert people(plan, first) == OMAR
    assert {people(plan, first + timedelta(minutes=m)) for m in range(45)} == {OMAR}
    assert people(plan, first + timedelta(minutes=45)) == ()


def test_a_rotation_turns_under_its_window():
    plan = roster(Layer(1, daily("2026-06-01 12:00", OMAR, SARA), window=DailyWindow(ALL_WEEK, 540, 1020)))
    assert pieces(plan, berlin("2026-06-01 12:00"), berlin("2026-06-03")) == [
        ("06-01 12:00", "omar"),
        ("06-01 17:00", ""),
        ("06-02 09:00", "omar"),
        ("06-02 12:00", "sara"),
        ("06-02 17:00", ""),
    ]


# Holidays


def test_a_closed_holiday_empties_every_instant_of_its_local_date():
    plan = windowed(0, 0, holidays=(DutyHoliday(date(2026, 6, 3)),))
    assert gaps(plan, berlin("2026-06-01"), berlin("2026-06-06")) == [(berlin("2026-06-03"), berlin("2026-06-04"))]


def test_a_night_window_from_the_eve_is_cut_at_the_holidays_midnight():
    plan = windowed(1320, 360, holidays=(DutyHoliday(date(2026, 6, 3)),))
    assert pieces(plan, berlin("2026-06-02 22:00"), berlin("2026-06-04 07:00")) == [
        ("06-02 22:00", "omar"),
        ("06-03 00:00", ""),
        ("06-04 00:00", "omar"),  # of the window that starts on the holiday
        ("06-04 06:00", ""),
    ]


def test_rotations_keep_turning_on_a_holiday():
    plan = roster(daily("2026-06-02", OMAR, SARA, GRACE), holidays=(DutyHoliday(date(2026, 6, 3)),))
    assert pieces(plan, berlin("2026-06-02"), berlin("2026-06-05")) == [
        ("06-02 00:00", "omar"),
        ("06-03 00:00", ""),
        ("06-04 00:00", "grace"),
    ]


def test_a_holiday_like_a_weekday_uses_that_weekdays_mask():
    sunday = frozenset({6})
    plan = windowed(1320, 360, sunday, holidays=(DutyHoliday(date(2026, 6, 3), like_weekday=6),))
    assert pieces(plan, berlin("2026-06-03"), berlin("2026-06-05")) == [
        ("06-03 00:00", ""),
        ("06-03 22:00", "omar"),
        ("06-04 06:00", ""),
    ]


def test_a_holiday_like_a_weekday_closes_windows_that_this_weekday_has_not():
    plan = windowed(540, 1020, frozenset(range(5)), holidays=(DutyHoliday(date(2026, 6, 3), like_weekday=6),))
    assert people(plan, berlin("2026-06-03 12:00")) == ()


def test_a_holiday_whose_midnight_is_shown_twice_is_closed_both_times():
    zone = ZoneInfo("America/St_Johns")
    plan = windowed(0, 0, zone="America/St_Johns", holidays=(DutyHoliday(date(2010, 11, 7)),))
    first = datetime(2010, 11, 7, tzinfo=zone).astimezone(UTC)
    assert gaps(plan, first - DAY, first + 2 * DAY) == [
        (first, first + timedelta(minutes=1)),
        (first + HOUR, datetime(2010, 11, 8, tzinfo=zone).astimezone(UTC)),
    ]


def test_overrides_and_temporary_schedules_work_on_a_holiday():
    start, end = berlin("2026-06-03"), berlin("2026-06-04")
    plan = windowed(0, 0, holidays=(DutyHoliday(date(2026, 6, 3)),), overrides=(Override("add", start, end, "sara"),))
    assert people(plan, start) == SARA


# Layers


def test_the_highest_priority_that_has_anybody_wins():
    plan = roster(Layer(1, people=OMAR), Layer(2, people=SARA, window=DailyWindow(ALL_WEEK, 540, 1020)))
    assert pieces(plan, berlin("2026-06-01"), berlin("2026-06-02")) == [
        ("06-01 00:00", "omar"),
        ("06-01 09:00", "sara"),
        ("06-01 17:00", "omar"),
    ]


def test_equal_priorities_share():
    plan = roster(Layer(2, people=SARA), Layer(1, people=GRACE), Layer(2, people=OMAR))
    assert on_duty(plan, utc("2026-06-01")) == OnDuty(("omar", "sara"), False, "layer")


def test_a_roster_without_layers_has_nobody_on():
    assert on_duty(roster(), utc("2026-06-01")) == OnDuty((), True, "nobody")


# Temporary schedules, overrides, fallback: Omar and Sara are on by layer, Monday 1 June 2026, 08:00 to 16:00 UTC

AT, END = utc("2026-06-01 08:00"), utc("2026-06-01 16:00")


def override(kind: str, person: str, instead_of: str | None = None, priority: int = 0) -> Override:
    return Override(kind, AT, END, person, instead_of, priority)


def temporary(*people: str) -> TemporarySchedule:
    return TemporarySchedule(AT, END, tuple((person, AT, END) for person in people))


@pytest.mark.parametrize(
    ("rule", "temporaries", "overrides", "answer"),
    [
        ("a temporary schedule replaces everything", [temporary("grace")], [], "grace temporary"),
        ("a temporary schedule replaces even by silence", [temporary()], [], "lead fallback"),
        ("several temporary schedules unite", [temporary("grace"), temporary("hugo")], [], "grace hugo temporary"),
        ("silence and a shift unite to the shift", [temporary(), temporary("hugo")], [], "hugo temporary"),
        ("set beats the layers", [], [override("set", "grace")], "grace set"),
        ("set beats a temporary schedule", [temporary("hugo")], [override("set", "grace")], "grace set"),
        (
            "among sets the highest priority wins",
            [],
            [override("set", "grace", priority=1), override("set", "hugo", priority=2)],
            "hugo set",
        ),
        ("equal sets share", [], [override("set", "hugo"), override("set", "grace")], "grace hugo set"),
        ("remove takes off", [], [override("remove", "omar")], "sara override"),
        ("remove is void for somebody who is not on", [], [override("remove", "grace")], "omar sara layer"),
        ("remove works on who was set", [], [override("set", "grace"), override("remove", "grace")], "lead fallback"),
        (
            "remove works on a temporary schedule",
            [temporary("grace", "hugo")],
            [override("remove", "grace")],
            "hugo override",
        ),
        ("replace puts another on", [], [override("replace", "grace", "omar")], "grace sara override"),
        ("replace by somebody who is on already", [], [override("replace", "sara", "omar")], "sara override"),
        ("replace is void for somebody who is not on", [], [override("replace", "grace", "hugo")], "omar sara layer"),
        (
            "replacements do not chain",
            [],
            [override("replace", "grace", "omar"), override("replace", "hugo", "grace")],
            "grace sara override",
        ),
        (
            "replacements happen at the same moment",
            [],
            [override("replace", "sara", "omar"), override("replace", "grace", "sara")],
            "grace sara override",
        ),
        (
            "two may replace one",
            [],
            [override("replace", "grace", "omar"), override("replace", "hugo", "omar")],
            "grace hugo sara override",
        ),
        (
            "somebody removed can be replaced at the same moment",
            [],
            [override("remove", "omar"), override("replace", "grace", "omar")],
            "grace sara override",
        ),
        ("add comes on besides", [], [override("add", "grace")], "grace omar sara override"),
        ("add of somebody who is on changes nothing", [], [override("add", "omar")], "omar sara layer"),
        (
            "add comes after replace",
            [],
            [override("add", "grace"), override("replace", "hugo", "grace")],
            "grace omar sara override",
        ),
        ("an absence wins over add", [], [override("add", "grace"), override("remove", "grace")], "omar sara layer"),
        (
            "an absence wins over replace",
            [],
            [override("replace", "grace", "omar"), override("remove", "grace")],
            "sara override",
        ),
        (
            "if nobody is left the fallback answers",
            [],
            [override("remove", "omar"), override("remove", "sara")],
            "lead fallback",
        ),
    ],
)  # fmt: skip
def test_the_order_of_evaluation(rule, temporaries, overrides, answer):
    plan = roster(
        Layer(1, people=("sara", "omar")),
        temporaries=tuple(temporaries),
        overrides=tuple(overrides),
        fallback=("lead",),
    )
    *names, because = answer.split()
    expected = OnDuty(tuple(names), because == "fallback", because)
    assert [on_duty(plan, at) for at in (AT, END - timedelta.resolution)] == [expected, expected], rule
    outside = OnDuty(("omar", "sara"), False, "layer")
    assert [on_duty(plan, at) for at in (AT - timedelta.resolution, END)] == [outside, outside], "half-open"


def test_all_of_the_fallback_answers_sorted():
    assert on_duty(roster(fallback=("sara", "omar", "sara")), AT) == OnDuty(("omar", "sara"), True, "fallback")


def test_without_a_fallback_nobody_answers():
    assert on_duty(roster(Layer(1, people=OMAR), overrides=(override("remove", "omar"),)), AT) == OnDuty(
        (), True, "nobody"
    )


def test_a_shift_of_a_temporary_schedule_is_cut_to_the_schedule():
    schedule = TemporarySchedule(AT, END, (("grace", AT - HOUR, AT + HOUR), ("hugo", END, END + HOUR)))
    plan = roster(Layer(1, people=OMAR), temporaries=(schedule,), zone="UTC")
    assert pieces(plan, AT - 2 * HOUR, END + 2 * HOUR) == [
        ("06-01 06:00", "omar"),
        ("06-01 08:00", "grace"),
        ("06-01 09:00", ""),
        ("06-01 16:00", "omar"),
    ]


def test_an_override_inside_the_repeated_hour_is_compared_in_utc():
    change = Override("add", berlin("2026-10-25 02:45", fold=0), berlin("2026-10-25 02:15", fold=1), "sara")
    plan = roster(Layer(1, people=OMAR), overrides=(change,))
    assert [s.people for s in shifts(plan, utc("2026-10-25"), utc("2026-10-26"))] == [OMAR, ("omar", "sara"), OMAR]
    assert people(plan, berlin("2026-10-25 02:00", fold=1)) == ("omar", "sara")


# Questions


def test_shifts_are_utc_clipped_merged_and_without_holes():
    plan = roster(daily("2026-06-01", OMAR, OMAR, SARA), fallback=GRACE)
    found = shifts(plan, berlin("2026-05-31 12:00"), berlin("2026-06-03 12:00"))
    assert found == [
        Shift(GRACE, berlin("2026-05-31 12:00"), berlin("2026-06-01"), True),
        Shift(OMAR, berlin("2026-06-01"), berlin("2026-06-03"), False),
        Shift(SARA, berlin("2026-06-03"), berlin("2026-06-03 12:00"), False),
    ]
    assert {moment.tzinfo for shift in found for moment in (shift.start, shift.end)} == {UTC}


def test_shifts_of_an_empty_interval_are_none():
    assert shifts(roster(Layer(1, people=OMAR)), AT, AT) == []


def test_the_fallback_on_duty_by_layer_is_not_merged_with_a_gap():
    plan = roster(daily("2026-06-01", OMAR), fallback=OMAR)
    assert [s.is_gap for s in shifts(plan, berlin("2026-05-31"), berlin("2026-06-02"))] == [True, False]


def test_next_change_is_strictly_later():
    plan = roster(daily("2026-06-01 09:00", OMAR, SARA))
    assert next_change(plan, berlin("2026-06-02 09:00")) == berlin("2026-06-03 09:00")
    assert next_change(plan, berlin("2026-06-02 09:00") - timedelta.resolution) == berlin("2026-06-02 09:00")


def test_next_change_passes_a_hand_over_to_the_same_people():
    plan = roster(daily("2026-06-01", OMAR, OMAR, SARA))
    assert next_change(plan, berlin("2026-06-01")) == berlin("2026-06-03")


def test_next_change_is_within_400_days():
    plan = roster(Layer(1, people=OMAR), overrides=(Override("add", AT, END, "sara"),))
    assert next_change(plan, AT - timedelta(days=400)) == AT
    assert next_change(plan, AT - timedelta(days=400) - timedelta.resolution) is None
    assert next_change(plan, END) is None


def test_handoffs_are_the_starts_of_served_turns():
    layer = Layer(
        1,
        daily("2026-06-01 09:00", OMAR, hold=2, active_from=wall("2026-06-02")),
        window=DailyWindow(frozenset({0}), 0, 60),
    )
    plan = roster(layer, holidays=(DutyHoliday(date(2026, 6, 3)),))
    found = handoffs(plan, layer, berlin("2026-05-01"), berlin("2026-06-04 09:00"))
    assert found == [berlin("2026-06-02 09:00"), berlin("2026-06-03 09:00")]


def test_handoffs_include_the_start_and_exclude_the_end():
    layer = Layer(1, daily("2026-06-01 09:00", OMAR))
    found = handoffs(roster(layer), layer, berlin("2026-06-02 09:00"), berlin("2026-06-03 09:00"))
    assert found == [berlin("2026-06-02 09:00")]


def test_a_layer_of_people_has_no_handoffs():
    layer = Layer(1, people=OMAR)
    assert handoffs(roster(layer), layer, AT, END) == []


PROFILES = {
    "omar": Profile(1, frozenset({"kubesphere"}), frozenset({"en"})),
    "sara": Profile(2, frozenset({"kubesphere", "kubekey"}), frozenset({"en", "de"})),
}


def test_coverage_counts_minutes_without_tier_skill_and_language():
    plan = roster(
        Layer(1, people=OMAR),
        overrides=(Override("set", AT, AT + 2 * HOUR, "sara"), Override("remove", AT + 3 * HOUR, END, "omar")),
        fallback=SARA,
    )
    needs = [(1, "kubesphere", "en"), (2, "kubesphere", "en"), (1, "kubekey", "de"), (1, "kubesphere", "zh")]
    assert coverage(plan, PROFILES, AT, END, needed=needs) == dict(zip(needs, [300, 360, 360, 480], strict=True))


def test_coverage_wants_all_three_in_one_person():
    pair = {"omar": Profile(1, frozenset({"a"}), frozenset({"en"})), "sara": Profile(2, frozenset(), frozenset({"de"}))}
    plan = roster(Layer(1, people=("omar", "sara")))
    assert coverage(plan, pair, AT, AT + HOUR, needed=[(1, "a", "de"), (2, "a", "en"), (1, "a", "en")]) == {
        (1, "a", "de"): 60,
        (2, "a", "en"): 60,
        (1, "a", "en"): 0,
    }


def test_coverage_does_not_count_people_without_a_profile():
    need = (1, "kubesphere", "en")
    assert coverage(roster(Layer(1, people=GRACE)), PROFILES, AT, END, needed=[need]) == {need: 480}


def test_coverage_drops_the_fraction_of_a_minute_once():
    need = (1, "kubesphere", "en")
    halves = tuple(Override("remove", AT + n * HOUR, AT + n * HOUR + timedelta(seconds=30), "omar") for n in range(3))
    plan = roster(Layer(1, people=OMAR), overrides=halves)
    assert coverage(plan, PROFILES, AT, END, needed=[need]) == {need: 1}


# Wrong input


@pytest.mark.parametrize(
    ("reason", "build"),
    [
        ("no_people", lambda: daily("2026-06-01")),
        ("no_people", lambda: daily("2026-06-01", OMAR, ())),
        ("no_people", lambda: daily("2026-06-01", ("",))),
        ("no_people", lambda: daily("2026-06-01", "omar")),
        ("no_people", lambda: Layer(1)),
        ("no_people", lambda: Layer(1, people="omar")),
        ("no_people", lambda: Layer(1, daily("2026-06-01", OMAR), OMAR)),
        ("no_people", lambda: override("add", "")),
        ("no_people", lambda: override("replace", "omar")),
        ("no_people", lambda: temporary("")),
        ("no_people", lambda: roster(fallback=("",))),
        ("bad_step", lambda: daily("2026-06-01", OMAR, step=0)),
        ("bad_step", lambda: daily("2026-06-01", OMAR, step=-1)),
        ("bad_step", lambda: daily("2026-06-01", OMAR, step=1.5)),
        ("bad_step", lambda: daily("2026-06-01", OMAR, step=10**7)),
        ("bad_step", lambda: daily("2026-06-01", OMAR, step=10**15)),
        ("bad_step", lambda: Rotation("month", wall("2026-06-01"), (OMAR,), step=10**6, duration=DAY)),
        ("bad_step", lambda: Rotation("year", wall("2026-06-01"), (OMAR,))),
        ("bad_step", lambda: daily("2026-06-01", OMAR, days=frozenset())),
        ("bad_step", lambda: daily("2026-06-01", OMAR, days=frozenset({7}))),
        ("bad_hold", lambda: daily("2026-06-01", OMAR, hold=0)),
        ("bad_hold", lambda: daily("2026-06-01", OMAR, hold=0.5)),
        ("bad_timezone", lambda: roster(zone="Mars/Olympus")),
        ("bad_timezone", lambda: roster(zone="Europe")),
        ("bad_timezone", lambda: roster(zone="../etc/passwd")),
        ("bad_timezone", lambda: roster(zone="")),
        ("bad_timezone", lambda: roster(zone=None)),
        ("bad_window", lambda: DailyWindow(frozenset(), 0, 60)),
        ("bad_window", lambda: DailyWindow(frozenset({-1}), 0, 60)),
        ("bad_window", lambda: DailyWindow(frozenset({7}), 0, 60)),
        ("bad_window", lambda: DailyWindow(ALL_WEEK, -1, 60)),
        ("bad_window", lambda: DailyWindow(ALL_WEEK, 1440, 60)),
        ("bad_window", lambda: DailyWindow(ALL_WEEK, 0, 1441)),
        ("bad_window", lambda: DailyWindow(ALL_WEEK, 0, -1)),
        ("bad_window", lambda: DailyWindow(ALL_WEEK, 0.5, 60)),
        ("bad_window", lambda: DutyHoliday(date(2026, 6, 1), 7)),
        ("bad_window", lambda: DutyHoliday(date(2026, 6, 1), -1)),
        (
            "bad_window",
            lambda: roster(holidays=(DutyHoliday(date(2026, 6, 1)), DutyHoliday(date(2026, 6, 1), 3))),
        ),
        ("overlong_duration", lambda: daily("2026-06-01", OMAR, duration=25 * HOUR)),
        ("bad_interval", lambda: daily("2026-06-01", OMAR, duration=timedelta(0))),
        ("bad_interval", lambda: daily("2026-06-01", OMAR, duration=-HOUR)),
        ("bad_interval", lambda: replace(daily("2026-06-01", OMAR), start=AT)),
        ("bad_interval", lambda: daily("2026-06-01", OMAR, active_from=AT)),
        ("bad_interval", lambda: Override("add", AT, AT, "omar")),
        ("bad_interval", lambda: Override("add", END, AT, "omar")),
        ("bad_interval", lambda: Override("add", wall("2026-06-01"), END, "omar")),
        ("bad_interval", lambda: TemporarySchedule(END, AT, ())),
        ("bad_interval", lambda: TemporarySchedule(AT, END, (("omar", END, AT),))),
        ("bad_interval", lambda: TemporarySchedule(AT, END, (("omar", AT, wall("2026-06-02")),))),
        ("bad_interval", lambda: on_duty(roster(), wall("2026-06-01"))),
        ("bad_interval", lambda: next_change(roster(), wall("2026-06-01"))),
        ("bad_interval", lambda: shifts(roster(), END, AT)),
        ("bad_interval", lambda: shifts(roster(), AT, wall("2026-06-02"))),
        ("bad_interval", lambda: gaps(roster(), END, AT)),
        ("bad_interval", lambda: handoffs(roster(), Layer(1, people=OMAR), END, AT)),
        ("bad_interval", lambda: coverage(roster(), {}, END, AT, needed=[])),
        ("bad_kind", lambda: override("swap", "omar")),
    ],
)  # fmt: skip
def test_wrong_input_raises_the_named_error(reason, build):
    with pytest.raises(RosterError) as error:
        build()
    assert error.value.reason == reason
    assert isinstance(error.value, ValueError)


def test_check_passes_what_could_be_built():
    plan = roster(daily("2026-06-01", OMAR), holidays=(DutyHoliday(date(2026, 6, 1)), DutyHoliday(date(2026, 6, 1))))
    assert check(plan) is None


def test_a_roster_is_one_object_and_travels():
    plan = roster(daily("2026-06-01", OMAR))
    assert plan != roster(daily("2026-06-01", OMAR))
    assert people(pickle.loads(pickle.dumps(plan)), berlin("2026-06-01")) == OMAR
    assert people(replace(plan, layers=(Layer(1, people=SARA),)), berlin("2026-06-01")) == SARA
    with pytest.raises(FrozenInstanceError):
        plan.timezone = "UTC"


# The ticking clock: it walks through real time from tick to tick and never computes which turn it is. A start has come
# once the clock has shown it or more; an end has come once the clock shows it, or more, and never will again.


@dataclass(frozen=True)
class Clock:
    zone: str
    tick: timedelta
    ticks: tuple[datetime, ...] = field(repr=False)
    shown: tuple[datetime, ...] = field(repr=False)
    most_until: tuple[datetime, ...] = field(repr=False)
    least_after: tuple[datetime, ...] = field(repr=False)

    def has_started(self, tick: int, start: datetime) -> bool:
        return start <= self.most_until[tick]

    def has_ended(self, tick: int, end: datetime) -> bool:
        return end <= self.shown[tick] and end < self.least_after[tick]


PLACES = [
    ("Europe/Berlin", "2026-03-29 01:00", 15),
    ("Europe/Berlin", "2026-10-25 01:00", 15),
    ("America/New_York", "2026-03-08 07:00", 15),
    ("America/New_York", "2026-11-01 06:00", 15),
    ("Australia/Lord_Howe", "2026-10-03 15:30", 15),  # 30 minutes
    ("Australia/Lord_Howe", "2026-04-04 15:00", 15),
    ("Pacific/Apia", "2011-12-30 10:00", 15),  # skips a date
    ("Antarctica/Troll", "2026-03-29 01:00", 15),  # two hours
    ("Antarctica/Troll", "2026-10-25 01:00", 15),
    ("America/Sao_Paulo", "2018-11-04 03:00", 15),  # skips midnight
    ("America/Sao_Paulo", "2018-02-18 02:00", 15),
    ("America/St_Johns", "2010-11-07 02:31", 1),  # repeats midnight
    ("Pacific/Kwajalein", "1969-09-30 13:00", 15),  # repeats 23 hours
    ("Asia/Shanghai", "2026-06-01 00:00", 15),
]


@cache
def clock_at(zone: str, change: str, minutes: int) -> Clock:
    around = timedelta(days=3) if minutes > 1 else timedelta(hours=15)
    tick = timedelta(minutes=minutes)
    ticks = [utc(change) - around + n * tick for n in range(2 * around // tick)]
    shown = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in ticks]
    least_after = list(accumulate([wall("9999-12-31"), *reversed(shown[1:])], min))[::-1]
    return Clock(zone, tick, tuple(ticks), tuple(shown), tuple(accumulate(shown, max)), tuple(least_after))


def turn_starts(rotation: Rotation) -> Iterator[datetime]:
    """Wall times of turn 0, 1, 2, ... one after the other, by hand."""
    at = anchor = rotation.start
    months = 0
    while True:
        if rotation.days is not None:
            while at.weekday() not in rotation.days:
                at += DAY
            yield at
            at += DAY
        elif rotation.unit == "month":
            yield at
            months += rotation.step
            first = date(anchor.year + (anchor.month - 1 + months) // 12, (anchor.month - 1 + months) % 12 + 1, 1)
            in_month = [
                first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).month == first.month
            ]
            at = datetime.combine(in_month[: anchor.day][-1], anchor.time())
        else:
            yield at
            at += rotation.step * {"hour": HOUR, "day": DAY, "week": 7 * DAY}[rotation.unit]


def turns_by_tick(rotation: Rotation, clock: Clock) -> list[list[int]]:
    """The numbers of the turns that are on at each tick, served or not."""
    coming = enumerate(turn_starts(rotation))
    k, start = next(coming)
    running: list[tuple[int, datetime]] = []
    found = []
    for tick in range(len(clock.ticks)):
        while clock.has_started(tick, start):
            running = [*running, (k, start)] if rotation.duration else [(k, start)]
            k, start = next(coming)
        if rotation.duration:
            running = [(turn, begun) for turn, begun in running if not clock.has_ended(tick, begun + rotation.duration)]
        found.append([turn for turn, begun in running if not rotation.active_from or begun >= rotation.active_from])
    return found


def open_by_tick(window: DailyWindow, like: dict[date, int], clock: Clock) -> list[bool]:
    edges = []
    first, last = min(clock.shown).date(), max(clock.shown).date()
    for n in range(-3, (last - first).days + 4):
        day = first + timedelta(days=n)
        if like.get(day, day.weekday()) in window.days:
            midnight = wall(f"{day}")
            end = window.end if window.end > window.start else window.end + 1440
            edges.append((midnight + timedelta(minutes=window.start), midnight + timedelta(minutes=end)))
    return [
        any(clock.has_started(tick, start) and not clock.has_ended(tick, end) for start, end in edges)
        for tick in range(len(clock.ticks))
    ]


def layer_by_tick(layer: Layer, like: dict[date, int], clock: Clock) -> list[set[str]]:
    if layer.rotation:
        groups = [group for group in layer.rotation.groups for _ in range(layer.rotation.hold)]
        turns = turns_by_tick(layer.rotation, clock)
        on = [{person for turn in numbers for person in groups[turn % len(groups)]} for numbers in turns]
    else:
        on = [set(layer.people) for _ in clock.ticks]
    if layer.window:
        is_open = open_by_tick(layer.window, like, clock)
        on = [people if open_ else set() for people, open_ in zip(on, is_open, strict=True)]
    return on


def answers_by_tick(plan: Roster, clock: Clock) -> list[tuple[tuple[str, ...], bool]]:
    """The rules of PURE.md one after the other, for each tick: (people, is_gap)."""
    like = {h.on: h.like_weekday for h in plan.holidays if h.like_weekday is not None}
    closed = [h.on for h in plan.holidays if h.like_weekday is None]
    layers = [(layer.priority, layer_by_tick(layer, like, clock)) for layer in plan.layers]
    answers = []
    for tick, at in enumerate(clock.ticks):
        on: set[str] = set()
        if clock.shown[tick].date() not in closed:
            manned = [(priority, by_tick[tick]) for priority, by_tick in layers if by_tick[tick]]
            for priority, names in manned:
                if priority == max(priority for priority, _ in manned):
                    on = on | names
        schedules = [t for t in plan.temporaries if t.start <= at < t.end]
        if schedules:
            on = {name for t in schedules for name, start, end in t.shifts if start <= at < end}
        live = {kind: [] for kind in ("set", "remove", "replace", "add")}
        for o in plan.overrides:
            if o.start <= at < o.end:
                live[o.kind].append(o)
        if live["set"]:
            on = {o.person for o in live["set"] if o.priority == max(other.priority for other in live["set"])}
        off = [o.person for o in live["remove"]]
        comes, goes = [], list(off)
        for o in live["replace"]:
            if o.instead_of in on:
                goes.append(o.instead_of)
                comes.append(o.person)
        comes += [o.person for o in live["add"]]
        on = {name for name in on if name not in goes} | {name for name in comes if name not in off}
        answers.append((tuple(sorted(on)), False) if on else (tuple(sorted(set(plan.fallback))), True))
    return answers


@st.composite
def rotations(draw, clock: Clock) -> Rotation:
    unit = draw(st.sampled_from(["hour", "hour", "day", "day", "week", "month"]))
    back = {"hour": 6, "day": 30, "week": 120, "month": 900}[unit]
    steps = {"hour": 30, "day": 5, "week": 3, "month": 4}[unit]
    middle = clock.shown[len(clock.shown) // 2].replace(minute=0)
    start = middle - draw(st.integers(-2, back)) * DAY + draw(st.integers(-20, 20)) * timedelta(minutes=15)
    rotation = Rotation(
        unit,
        start,
        draw(st.sampled_from([(OMAR,), (OMAR, SARA), (OMAR, SARA, GRACE), (("omar", "sara"), GRACE, ("hugo",))])),
        step=draw(st.integers(1, 2) | st.integers(1, steps)),
        hold=draw(st.integers(1, 3)),
        days=draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1)),
    )
    starts = turn_starts(rotation)
    shortest = min(later - earlier for earlier, later in pairwise(next(starts) for _ in range(50)))
    quarters = shortest // timedelta(minutes=15)
    length = draw(st.none() | st.just(quarters) | st.integers(1, min(quarters, 200)))
    active = draw(st.none() | st.integers(-300, 300))
    return replace(
        rotation,
        duration=None if length is None else length * timedelta(minutes=15),
        active_from=None if active is None else middle + active * timedelta(minutes=15),
    )


@st.composite
def layers(draw, clock: Clock) -> Layer:
    edges = st.integers(0, 95).map(lambda quarter: quarter * 15)
    masks = st.just(ALL_WEEK) | st.frozensets(st.integers(0, 6), min_size=1)
    window = draw(st.none() | st.builds(DailyWindow, masks, edges, edges | st.just(1440)))
    if draw(st.integers(0, 3)):
        return Layer(draw(st.integers(0, 2)), draw(rotations(clock)), window=window)
    return Layer(draw(st.integers(0, 2)), people=draw(st.sampled_from([OMAR, ("sara", "grace")])), window=window)


@st.composite
def spans(draw, clock: Clock) -> tuple[datetime, datetime]:
    last = len(clock.ticks) - 1
    start = draw(st.integers(0, last - 1))
    return clock.ticks[start], clock.ticks[min(last, start + draw(st.integers(1, last // 2)))]


@st.composite
def cases(draw) -> tuple[Clock, Roster]:
    clock = clock_at(*draw(st.sampled_from(PLACES)))
    names = st.sampled_from(["omar", "sara", "grace", "hugo", "chen"])
    changes = []
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["add", "remove", "replace", "set"]))
        instead_of = draw(names) if kind == "replace" else None
        changes.append(Override(kind, *draw(spans(clock)), draw(names), instead_of, draw(st.integers(0, 1))))
    schedules = [
        TemporarySchedule(*draw(spans(clock)), tuple((draw(names), *draw(spans(clock))) for _ in range(3)))
        for _ in range(draw(st.sampled_from([0, 0, 1, 2])))
    ]
    middle = clock.shown[len(clock.shown) // 2].date()
    days = draw(st.dictionaries(st.integers(-2, 2), st.none() | st.integers(0, 6), max_size=2))
    plan = Roster(
        clock.zone,
        tuple(draw(layers(clock)) for _ in range(draw(st.integers(1, 3)))),
        tuple(changes),
        tuple(schedules),
        tuple(DutyHoliday(middle + timedelta(days=n), like) for n, like in days.items()),
        draw(st.sampled_from([(), ("lead",), ("omar", "lead")])),
    )
    return clock, plan


def cases_of_one_rotation() -> st.SearchStrategy[tuple[Clock, Rotation]]:
    clocks = st.sampled_from(PLACES).map(lambda place: clock_at(*place))
    return clocks.flatmap(lambda clock: st.tuples(st.just(clock), rotations(clock)))


@often(200)
@given(cases_of_one_rotation())
def test_turns_and_handoffs_agree_with_a_ticking_clock(case):
    clock, rotation = case
    layer = Layer(1, rotation)
    plan = roster(layer, zone=clock.zone)
    by_tick = turns_by_tick(rotation, clock)
    on = layer_by_tick(layer, {}, clock)
    for tick in range(0, len(clock.ticks), 7):
        assert set(people(plan, clock.ticks[tick])) == on[tick], clock.ticks[tick]
    begun = [at for at, (before, now) in zip(clock.ticks[1:], pairwise(by_tick), strict=True) if set(now) - set(before)]
    assert handoffs(plan, layer, clock.ticks[1], clock.ticks[-1] + clock.tick) == begun


@often(130)
@given(cases(), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12))
def test_on_duty_agrees_with_a_ticking_clock(case, moments):
    clock, plan = case
    expected = answers_by_tick(plan, clock)
    for number, share in moments:
        tick = number % len(clock.ticks)
        at = clock.ticks[tick] + share * clock.tick // (10**6 + 1)
        found = on_duty(plan, at)
        assert (found.people, found.is_gap) == expected[tick], at


@often(130)
@given(cases(), st.data())
def test_shifts_and_next_change_agree_with_a_ticking_clock(case, data):
    clock, plan = case
    expected = answers_by_tick(plan, clock)
    runs = [0, *(tick for tick in range(1, len(expected)) if expected[tick] != expected[tick - 1])]
    ends = [*(clock.ticks[tick] for tick in runs[1:]), clock.ticks[-1] + clock.tick]
    schedule = [Shift(expected[t][0], clock.ticks[t], end, expected[t][1]) for t, end in zip(runs, ends, strict=True)]
    assert shifts(plan, clock.ticks[0], ends[-1]) == schedule

    tick = data.draw(st.integers(0, len(clock.ticks) - 1))
    change = next_change(plan, clock.ticks[tick])
    later = [clock.ticks[run] for run in runs if run > tick]
    assert change == later[0] if later else change is None or change >= ends[-1]


@often(60)
@given(cases(), st.lists(st.integers(0, 10**6), min_size=8, max_size=8))
def test_shifts_gaps_and_coverage_agree_with_on_duty_at_random_instants(case, numbers):
    clock, plan = case
    start, end = sorted(clock.ticks[number % len(clock.ticks)] for number in numbers[:2])
    found = shifts(plan, start, end)
    holes = gaps(plan, start, end)
    assert [s.start for s in found] + [end] == [start] + [s.end for s in found]
    assert [(s.start, s.end) for s in found if s.is_gap] == holes
    for number in numbers if found else []:
        at = start + number * (end - start) // (10**6 + 1)
        piece = found[bisect_right([s.start for s in found], at) - 1]
        answer = on_duty(plan, at)
        assert (piece.people, piece.is_gap) == (answer.people, answer.is_gap)
        assert any(opens <= at < closes for opens, closes in holes) == answer.is_gap
    able = dict.fromkeys(["omar", "sara", "grace", "hugo", "chen", "lead"], Profile(1, frozenset("s"), frozenset("l")))
    uncovered = sum((closes - opens for opens, closes in holes), timedelta(0))
    assert coverage(plan, able, start, end, needed=[(1, "s", "l")]) == {(1, "s", "l"): uncovered / timedelta(minutes=1)}

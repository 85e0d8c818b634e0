"""duty/businesstime.py: each rule of PURE.md by its name, and against a walk that goes minute by minute."""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duty import businesstime
from duty.businesstime import CalendarError, WorkCalendar, add, between, check, is_open, next_opening, windows
from tests.proof import examples

HOUR = 3600
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {day: [(540, 1020)] for day in range(5)}
NIGHTS = {day: [(1320, 360)] for day in range(7)}
ALL_DAY = {day: [(0, 1440)] for day in range(7)}
MONDAY = date(2026, 6, 1)


def often(n):
    return settings(max_examples=examples(n), deadline=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def office(**more) -> WorkCalendar:
    return WorkCalendar("UTC", OFFICE, **more)


def opened(calendar: WorkCalendar, start: str, end: str) -> str:
    """Windows as a person would write them down."""
    return ", ".join(f"{a:%d %H:%M}-{b:%d %H:%M}" for a, b in windows(calendar, utc(start), utc(end)))


def local(calendar: WorkCalendar, start: str, end: str) -> str:
    zone = ZoneInfo(calendar.timezone)
    found = windows(calendar, *(datetime.fromisoformat(text).replace(tzinfo=zone) for text in (start, end)))
    return ", ".join(f"{a.astimezone(zone):%d %H:%M}-{b.astimezone(zone):%d %H:%M}" for a, b in found)


# window and check


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [("09:00", "17:30", (540, 1050)), ("00:00", "24:00", (0, 1440)), ("22:00", "06:00", (1320, 360))],
)
def test_a_window_is_read_as_minutes_of_the_day(start, end, minutes):
    assert businesstime.window(start, end) == minutes


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("9:00", "17:00", "bad_time"),
        ("09:00", "24:30", "bad_time"),
        ("09:00", "25:00", "bad_time"),
        ("09:60", "17:00", "bad_time"),
        ("09:00", "17:00\n", "bad_time"),
        ("09:00", "17.00", "bad_time"),
        ("０９:00", "17:00", "bad_time"),
        ("24:00", "06:00", "bad_time"),
        ("09:00", "09:00", "empty_window"),
    ],
)
def test_a_window_that_is_no_window_is_refused(start, end, reason):
    with pytest.raises(CalendarError) as caught:
        businesstime.window(start, end)
    assert caught.value.reason == reason


REFUSED = [
    ("no_working_time", {"weekly": {}}),
    ("no_working_time", {"weekly": {0: []}, "overrides": {MONDAY: []}}),
    ("empty_window", {"weekly": {0: [(540, 540)]}}),
    ("empty_window", {"overrides": {MONDAY: [(540, 540)]}}),
    ("empty_window", {"breaks": {MONDAY: [(540, 540)]}}),
    ("bad_time", {"weekly": {0: [(540, 1441)]}}),
    ("bad_time", {"weekly": {0: [(-1, 540)]}}),
    ("bad_time", {"weekly": {0: [(1440, 540)]}}),
    ("bad_time", {"weekly": {7: [(540, 1020)]}}),
    ("bad_time", {"breaks": {MONDAY: [(1380, 60)]}}),
    ("bad_timezone", {"timezone": "Europe/Atlantis"}),
    ("bad_timezone", {"timezone": ""}),
    ("bad_timezone", {"timezone": "Europe"}),
    ("bad_timezone", {"timezone": "../etc/passwd"}),
    ("overlap", {"weekly": {0: [(540, 720), (700, 1020)]}}),
    ("overlap", {"weekly": {0: [(700, 1020), (540, 720)]}}),
    ("overlap", {"weekly": {0: [(1320, 360)], 1: [(359, 720)]}}),
    ("overlap", {"weekly": {6: [(1320, 360)], 0: [(300, 720)]}}),
    ("overlap", {"overrides": {MONDAY: [(540, 720), (700, 1020)]}}),
]


@pytest.mark.parametrize(("reason", "change"), REFUSED)
def test_check_refuses(reason, change):
    with pytest.raises(CalendarError) as caught:
        check(WorkCalendar(**{"timezone": "UTC", "weekly": OFFICE, **change}))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"weekly": ALL_DAY},
        {"weekly": NIGHTS},
        {"weekly": {0: [(540, 720), (720, 1020)]}},
        {"weekly": {6: [(1320, 360)], 0: [(360, 720)]}},
        {"weekly": {}, "overrides": {MONDAY: [(540, 1020)]}},
        {"weekly": NIGHTS, "overrides": {MONDAY: [(0, 720)]}},
        {"breaks": {MONDAY: [(700, 760), (720, 780)]}},
    ],
)
def test_check_takes_what_only_touches_and_what_only_an_override_makes_meet(change):
    check(WorkCalendar(**{"timezone": "UTC", "weekly": OFFICE, **change}))


# add and between


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2026-06-01 09:00", 8 * HOUR, "2026-06-01 17:00"),
        ("2026-06-01 09:00", 8 * HOUR + 1, "2026-06-02 09:00:01"),
        ("2026-06-05 16:00", 2 * HOUR, "2026-06-08 10:00"),
        ("2026-06-06 12:00", 40 * HOUR, "2026-06-12 17:00"),
        ("2026-06-01 06:00", 1, "2026-06-01 09:00:01"),
        ("2026-06-01 10:00:00.250000", HOUR, "2026-06-01 11:00:00.250000"),
        ("2026-06-01 16:00:00.250000", HOUR, "2026-06-02 09:00:00.250000"),
        ("2026-06-01 17:00:00.250000", HOUR, "2026-06-02 10:00"),
    ],
)
def test_add_gives_the_earliest_instant_and_exactly_at_closing_stays_there(start, seconds, due):
    assert add(office(), utc(start), seconds) == utc(due)


@pytest.mark.parametrize("start", ["2026-06-01 12:00:00.000001", "2026-06-01 17:00", "2026-06-06 03:00"])
def test_adding_nothing_is_the_start_open_or_not(start):
    assert add(office(), utc(start), 0) == utc(start)


def test_add_answers_in_utc_whatever_it_was_asked_in():
    start = datetime(2026, 6, 1, 12, tzinfo=BERLIN)
    assert [add(office(), start, n).tzinfo for n in (0, 60)] == [UTC, UTC]
    assert next_opening(office(), start).tzinfo is UTC
    assert {moment.tzinfo for pair in windows(office(), start, start + timedelta(days=2)) for moment in pair} == {UTC}


@pytest.mark.parametrize(("late", "due"), [(0, True), (1, False)])
def test_add_gives_none_beyond_400_days_and_not_at_400_days(late, due):
    start = utc("2026-06-01 09:00")
    last = start + timedelta(days=400)
    calendar = WorkCalendar("UTC", {}, overrides={last.date(): [(480, 540)], last.date() + timedelta(1): [(0, 60)]})
    assert (add(calendar, start, HOUR + late) is not None) is due


def test_the_400_days_are_counted_from_the_microsecond():
    calendar = WorkCalendar("UTC", ALL_DAY)
    start = utc("2026-06-01 09:00:00.5")
    assert add(calendar, start, 400 * 86400) == start + timedelta(days=400)
    assert add(calendar, start, 400 * 86400 + 1) is None


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-06-01 09:00", "2026-06-08 09:00", 40 * HOUR),
        ("2026-06-01 08:00", "2026-06-01 09:30", HOUR // 2),
        ("2026-06-01 12:00", "2026-06-01 11:00", 0),
        ("2026-06-01 12:00", "2026-06-01 12:00", 0),
        ("2026-06-01 12:00:00.600000", "2026-06-01 12:00:02.500000", 1),
        ("2026-06-01 16:59:59.400000", "2026-06-02 09:00:00.400000", 1),
    ],
)
def test_between_counts_working_seconds_and_drops_fractions_once_at_the_end(start, end, seconds):
    assert between(office(), utc(start), utc(end)) == seconds


def test_between_drops_the_fractions_of_pauses_with_all_others():
    pauses = [(utc(f"2026-06-01 12:00:0{n}"), utc(f"2026-06-01 12:00:0{n}.5")) for n in range(4)]
    assert between(office(), utc("2026-06-01 12:00"), utc("2026-06-01 12:00:10"), pauses=pauses) == 8


def test_durations_are_real_elapsed_seconds_over_a_clock_change():
    calendar = WorkCalendar("Europe/Berlin", ALL_DAY)
    days = [datetime(2026, month, day, tzinfo=BERLIN) for month, day in ((3, 29), (3, 30), (10, 25), (10, 26))]
    assert [between(calendar, *days[:2]), between(calendar, *days[2:])] == [23 * HOUR, 25 * HOUR]


def test_the_second_of_two_equal_wall_clock_times_is_an_hour_later():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    assert between(WorkCalendar("Europe/Berlin", ALL_DAY), first, first.replace(fold=1)) == HOUR


PAUSES = [
    ([], "2026-06-01 11:00"),
    ([("09:30", "10:00")], "2026-06-01 11:30"),
    ([("09:30", "10:00"), ("09:45", "10:15")], "2026-06-01 11:45"),
    ([("10:00", "10:30"), ("09:15", "09:45")], "2026-06-01 12:00"),
    ([("08:00", "09:30")], "2026-06-01 11:30"),
    ([("07:00", "08:00")], "2026-06-01 11:00"),
    ([("11:00", "12:00")], "2026-06-01 11:00"),
    ([("10:59", "12:00")], "2026-06-01 12:01"),
    ([("10:00", "10:00")], "2026-06-01 11:00"),
    ([("10:00", "23:00")], "2026-06-02 10:00"),
]


@pytest.mark.parametrize(("times", "due"), PAUSES)
def test_pauses_are_merged_may_overlap_and_push_what_is_due(times, due):
    pauses = [tuple(utc(f"2026-06-01 {time}") for time in pair) for pair in times]
    assert add(office(), utc("2026-06-01 09:00"), 2 * HOUR, pauses=pauses) == utc(due)
    assert between(office(), utc("2026-06-01 09:00"), utc(due), pauses=pauses) == 2 * HOUR


def test_a_pause_within_the_second_of_the_start_but_before_it_is_over():
    start = utc("2026-06-01 10:00:00.7")
    pauses = [(utc("2026-06-01 10:00"), utc("2026-06-01 10:00:00.5"))]
    assert add(office(), start, 60, pauses=pauses) == start + timedelta(seconds=60)


def test_a_pause_without_end_leaves_no_deadline():
    pauses = [(utc("2026-06-01 10:00"), datetime.max.replace(tzinfo=UTC))]
    assert add(office(), utc("2026-06-01 09:00"), HOUR + 1, pauses=pauses) is None
    assert add(office(), utc("2026-06-01 09:00"), HOUR, pauses=pauses) == utc("2026-06-01 10:00")


AWARE = utc("2026-06-01 09:00")
NAIVE = AWARE.replace(tzinfo=None)


@pytest.mark.parametrize(
    "ask",
    [
        lambda c: add(c, NAIVE, 60),
        lambda c: add(c, NAIVE, 0),
        lambda c: add(c, AWARE, -1),
        lambda c: add(c, AWARE, 60, pauses=[(NAIVE, AWARE)]),
        lambda c: add(c, AWARE, 60, pauses=[(AWARE, AWARE - timedelta(seconds=1))]),
        lambda c: add(c, AWARE, 0, pauses=[(AWARE, AWARE - timedelta(seconds=1))]),
        lambda c: between(c, NAIVE, AWARE),
        lambda c: between(c, AWARE, NAIVE),
        lambda c: between(c, AWARE, AWARE, pauses=[(AWARE, AWARE - timedelta(seconds=1))]),
        lambda c: is_open(c, NAIVE),
        lambda c: next_opening(c, NAIVE),
        lambda c: windows(c, NAIVE, AWARE),
        lambda c: businesstime.lights(c, AWARE, NAIVE),
    ],
)
def test_naive_datetimes_negative_seconds_and_pauses_that_end_too_early_are_refused(ask):
    with pytest.raises(ValueError, match=r"naive|backwards|before it starts"):
        ask(office())


@pytest.mark.parametrize("weekly", [{}, {0: []}, {0: [(540, 540)]}])
def test_a_calendar_without_working_time_never_raises(weekly):
    calendar = WorkCalendar("UTC", weekly)
    later = AWARE + timedelta(days=30)
    assert add(calendar, AWARE, 60) is None
    assert between(calendar, AWARE, later) == 0
    assert list(windows(calendar, AWARE, later)) == []
    assert next_opening(calendar, AWARE) is None
    assert not is_open(calendar, AWARE)


def test_a_zone_that_does_not_exist_raises_the_named_error():
    with pytest.raises(CalendarError) as caught:
        add(WorkCalendar("Europe/Atlantis", OFFICE), AWARE, 60)
    assert caught.value.reason == "bad_timezone"


# Windows


@pytest.mark.parametrize(
    ("at", "open_now", "opening"),
    [
        ("2026-06-01 09:00", True, "2026-06-01 09:00"),
        ("2026-06-01 16:59:59.999999", True, "2026-06-01 16:59:59.999999"),
        ("2026-06-01 17:00", False, "2026-06-02 09:00"),
        ("2026-06-05 17:00", False, "2026-06-08 09:00"),
        ("2026-06-01 08:59:59.999999", False, "2026-06-01 09:00"),
    ],
)
def test_windows_are_half_open_and_the_next_opening_is_now_when_open(at, open_now, opening):
    assert is_open(office(), utc(at)) is open_now
    assert next_opening(office(), utc(at)) == utc(opening)


@pytest.mark.parametrize(("days", "opens"), [(400, True), (401, False)])
def test_an_opening_beyond_400_days_is_none(days, opens):
    calendar = WorkCalendar("UTC", {}, overrides={AWARE.date() + timedelta(days=days): [(540, 600)]})
    assert (next_opening(calendar, AWARE) is not None) is opens


def test_windows_come_merged_clipped_and_in_order():
    calendar = WorkCalendar("UTC", {0: [(900, 1020), (540, 720), (720, 780)], 1: [(540, 600)]})
    assert opened(calendar, "2026-06-01 10:00", "2026-06-02 09:30") == (
        "01 10:00-01 13:00, 01 15:00-01 17:00, 02 09:00-02 09:30"
    )
    assert opened(calendar, "2026-06-01 10:00", "2026-06-01 10:00") == ""


def test_a_night_belongs_to_the_date_on_which_it_starts():
    assert opened(WorkCalendar("UTC", {0: [(1320, 360)]}), "2026-06-01", "2026-06-08") == "01 22:00-02 06:00"


def test_24_00_touches_the_next_day():
    calendar = WorkCalendar("UTC", {0: [(1320, 1440)], 1: [(0, 360)]})
    assert opened(calendar, "2026-06-01", "2026-06-08") == "01 22:00-02 06:00"


NIGHTS_OF = {"timezone": "UTC", "weekly": NIGHTS, "holidays": frozenset({date(2026, 6, 3)})}
HOLIDAYS = [
    ({}, "02 22:00-03 00:00, 04 00:00-04 06:00, 04 22:00-05 00:00"),
    ({"holiday_rule": "shift_start"}, "02 22:00-03 06:00, 04 22:00-05 00:00"),
    ({"overrides": {date(2026, 6, 3): [(600, 660)]}}, "02 22:00-03 06:00, 03 10:00-03 11:00, 04 22:00-05 00:00"),
    ({"overrides": {date(2026, 6, 2): [(1200, 60)]}}, "02 20:00-03 00:00, 04 00:00-04 06:00, 04 22:00-05 00:00"),
    (
        {"holiday_rule": "shift_start", "overrides": {date(2026, 6, 3): [(600, 660)]}},
        "02 22:00-03 06:00, 03 10:00-03 11:00, 04 22:00-05 00:00",
    ),
]


@pytest.mark.parametrize(("change", "expected"), HOLIDAYS)
def test_a_holiday_closes_its_local_date_or_drops_its_windows_and_an_override_beats_it(change, expected):
    assert opened(WorkCalendar(**NIGHTS_OF, **change), "2026-06-02 12:00", "2026-06-05") == expected


def test_an_override_replaces_the_windows_of_its_date_even_by_nothing():
    calendar = office(overrides={date(2026, 6, 2): [], date(2026, 6, 6): [(600, 660)]})
    assert opened(calendar, "2026-06-02", "2026-06-04") == "03 09:00-03 17:00"
    assert opened(calendar, "2026-06-06", "2026-06-07") == "06 10:00-06 11:00"


def test_overlaps_that_an_override_creates_are_merged():
    calendar = WorkCalendar("UTC", NIGHTS, overrides={date(2026, 6, 2): [(300, 720)]})
    assert opened(calendar, "2026-06-01 12:00", "2026-06-02 20:00") == "01 22:00-02 12:00"


def test_a_break_closes_a_piece_of_its_date_and_the_night_from_the_eve_with_it():
    calendar = WorkCalendar("UTC", NIGHTS, breaks={date(2026, 6, 2): [(0, 60), (300, 1380)]})
    assert (
        opened(calendar, "2026-06-01 12:00", "2026-06-03") == "01 22:00-02 00:00, 02 01:00-02 05:00, 02 23:00-03 00:00"
    )


def test_a_break_closes_a_piece_of_an_override_too():
    calendar = office(overrides={MONDAY: [(600, 900)]}, breaks={MONDAY: [(720, 780)]})
    assert opened(calendar, "2026-06-01", "2026-06-02") == "01 10:00-01 12:00, 01 13:00-01 15:00"


# Clock changes


CHANGES = [
    ("an edge in a gap moves by the gap", "Europe/Berlin", (150, 240), "2026-03-29", "29 03:30-29 04:00"),
    ("also the end", "Europe/Berlin", (60, 150), "2026-03-29", "29 01:00-29 03:30"),
    ("also both", "Europe/Berlin", (130, 160), "2026-03-29", "29 03:10-29 03:40"),
    ("emptied by the gap: dropped", "Europe/Berlin", (150, 190), "2026-03-29", ""),
    ("half an hour", "Australia/Lord_Howe", (135, 240), "2026-10-04", "04 02:45-04 04:00"),
    ("at midnight", "America/Sao_Paulo", (0, 120), "2018-11-04", "04 01:00-04 02:00"),
    ("just after midnight", "America/Sao_Paulo", (30, 120), "2018-11-04", "04 01:30-04 02:00"),
    ("24:00 into a gap", "America/Sao_Paulo", (1320, 1440), "2018-11-03", "03 22:00-04 01:00"),
    ("a date that never existed", "Pacific/Apia", (540, 1020), "2011-12-30", ""),
    ("the night before it", "Pacific/Apia", (1320, 360), "2011-12-29", "29 22:00-31 06:00"),
]


@pytest.mark.parametrize(("zone", "piece", "day", "expected"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_an_edge_inside_a_gap_moves_forward_by_the_gap(zone, piece, day, expected):
    on = date.fromisoformat(day)
    calendar = WorkCalendar(zone, {on.weekday(): [piece]})
    assert local(calendar, f"{on} 00:00", f"{on + timedelta(days=2)} 12:00") == expected


@pytest.mark.parametrize(
    ("zone", "piece", "day", "start", "hours"),
    [
        ("Europe/Berlin", (150, 240), "2026-10-25", "2026-10-25 00:30", 2.5),
        ("Europe/Berlin", (60, 150), "2026-10-25", "2026-10-24 23:00", 1.5),
        ("Australia/Lord_Howe", (105, 180), "2026-04-05", "2026-04-04 14:45", 1.75),
        ("America/Havana", (30, 120), "2026-11-01", "2026-11-01 04:30", 2.5),
    ],
)
def test_an_ambiguous_edge_is_its_first_occurrence(zone, piece, day, start, hours):
    on = date.fromisoformat(day)
    calendar = WorkCalendar(zone, {on.weekday(): [piece]})
    [(first, last)] = windows(calendar, utc(start) - timedelta(hours=12), utc(start) + timedelta(hours=12))
    assert (first, last - first) == (utc(start), timedelta(hours=hours))


def test_a_holiday_closes_exactly_the_instants_of_its_date_even_when_midnight_comes_twice():
    calendar = WorkCalendar("America/St_Johns", ALL_DAY, holidays=frozenset({date(2010, 11, 6)}))
    assert (
        opened(calendar, "2010-11-05 12:00", "2010-11-08") == "05 12:00-06 02:30, 07 02:30-07 02:31, 07 03:30-08 00:00"
    )


def test_a_holiday_on_a_date_that_never_existed_closes_nothing():
    calendar = WorkCalendar("Pacific/Apia", ALL_DAY, holidays=frozenset({date(2011, 12, 30)}))
    assert opened(calendar, "2011-12-29", "2012-01-02") == "29 00:00-02 00:00"


def test_a_break_on_a_date_that_never_existed_closes_nothing():
    calendar = WorkCalendar("Pacific/Apia", ALL_DAY, breaks={date(2011, 12, 30): [(540, 600)]})
    assert opened(calendar, "2011-12-29", "2012-01-02") == "29 00:00-02 00:00"


# The edges of the world, and the table


FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_first_and_the_last_years_are_years_like_any_other(zone):
    ends = {date.min: ALL_DAY[0], date.max: ALL_DAY[0]}
    calendar = WorkCalendar(zone, ALL_DAY, holidays=frozenset(ends), overrides=ends, breaks=ends)
    early, late = FIRST + timedelta(days=9), LAST - timedelta(days=9)
    assert add(calendar, early, HOUR) == early + timedelta(hours=1)
    assert add(calendar, late, HOUR) == late + timedelta(hours=1)
    assert between(calendar, late, late + timedelta(days=1)) == 86400
    assert add(calendar, FIRST, HOUR) - FIRST < timedelta(days=3)
    assert add(calendar, LAST, HOUR) is None
    assert [add(calendar, at, 0) for at in (FIRST, LAST)] == [FIRST, LAST]
    assert next_opening(calendar, LAST) is None
    assert list(windows(calendar, LAST - timedelta(hours=1), LAST)) == []


def test_moments_that_utc_cannot_write_down_are_no_reason_to_fail():
    early, late = datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.max.replace(tzinfo=timezone.min)
    for at in (early, late):
        assert add(office(), at, 0) == at
    assert add(office(), early, 60) == utc("0001-01-02 09:01:00")
    assert add(office(), late, 60) is None


def test_the_table_grows_where_it_is_asked_and_answers_the_same():
    calendar = WorkCalendar("Europe/Berlin", OFFICE)
    years = [2026, 2026, 2031, 2019, 1, 2026, 9998, 2050]
    starts = [datetime(year, 3, 1, tzinfo=UTC) for year in years]
    fresh = [add(WorkCalendar("Europe/Berlin", OFFICE), start, 80 * HOUR) for start in starts]
    assert [add(calendar, start, 80 * HOUR) for start in starts] == fresh


def test_the_table_grows_for_every_question():
    for ask in (
        lambda c, at: between(c, at, at + timedelta(days=9)),
        lambda c, at: list(windows(c, at, at + timedelta(days=9))),
        lambda c, at: next_opening(c, at),
        lambda c, at: is_open(c, at + timedelta(hours=10)),
    ):
        calendar = WorkCalendar("Europe/Berlin", OFFICE)
        for at in (utc("2026-06-01"), utc("2033-06-01"), utc("2015-06-01"), utc("2026-06-01")):
            assert ask(calendar, at) == ask(WorkCalendar("Europe/Berlin", OFFICE), at)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_table_is_whole_up_to_its_last_second(zone):
    calendar = WorkCalendar(zone, NIGHTS)
    is_open(calendar, AWARE)
    first, last = (datetime.fromtimestamp(second, UTC) for second in (calendar._table.first, calendar._table.last))
    fresh = WorkCalendar(zone, NIGHTS)
    is_open(fresh, first - timedelta(days=400))
    is_open(fresh, last + timedelta(days=400))
    for at in (first, last - timedelta(days=2)):
        assert list(windows(calendar, at, at + timedelta(days=2))) == list(windows(fresh, at, at + timedelta(days=2)))


def test_threads_may_widen_one_calendar_at_once():
    calendar = WorkCalendar("Europe/Berlin", OFFICE)
    starts = [datetime(1990 + 3 * n, 3, 1, tzinfo=UTC) for n in range(12)]
    answers = {}
    threads = [Thread(target=lambda s=s: answers.update({s: add(calendar, s, 80 * HOUR)})) for s in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {s: add(WorkCalendar("Europe/Berlin", OFFICE), s, 80 * HOUR) for s in starts}


def test_calendars_are_equal_only_to_themselves():
    first, second = WorkCalendar("UTC", {}), WorkCalendar("UTC", {})
    assert first != second
    assert len({first, second}) == 2


def test_the_lights_name_the_reason_of_every_shut_moment():
    calendar = office(
        holidays=frozenset({date(2026, 6, 2)}), breaks={MONDAY: [(720, 780)], date(2026, 6, 2): [(0, 60)]}
    )
    lit = businesstime.lights(calendar, utc("2026-06-01 10:00"), utc("2026-06-03 10:00"))
    assert [f"{a:%d %H:%M} {light}" for a, _, light in lit] == [
        "01 10:00 open", "01 12:00 break", "01 13:00 open", "01 17:00 closed", "02 00:00 holiday", "03 00:00 closed",
        "03 09:00 open",
    ]  # fmt: skip


# The walk: minute by minute over the wall clock, written without bisection, totals or fold


MINUTE = timedelta(minutes=1)
DAYS = 9
SCENES = [
    ("UTC", "2026-06-01"),
    ("Asia/Shanghai", "2026-09-28"),
    ("Europe/Berlin", "2026-03-25"),
    ("Europe/Berlin", "2026-10-21"),
    ("America/New_York", "2026-03-04"),
    ("America/New_York", "2026-10-28"),
    ("Australia/Lord_Howe", "2026-04-01"),
    ("Australia/Lord_Howe", "2026-09-30"),
    ("America/Sao_Paulo", "2018-10-31"),
    ("America/Havana", "2026-10-28"),
    ("America/St_Johns", "2010-11-03"),
    ("America/Toronto", "1919-03-26"),
    ("Pacific/Apia", "2011-12-26"),
]


@cache
def wall(zone: str, day: str) -> list[datetime]:
    """What a clock on the wall shows at each minute of the scene, three days of it before and after."""
    start = utc(day) - timedelta(days=3)
    there = ZoneInfo(zone)
    return [(start + n * MINUTE).astimezone(there).replace(tzinfo=None) for n in range((DAYS + 6) * 1440)]


@cache
def edge(zone: str, day: str, at: datetime) -> int | None:
    """The first minute of the scene at which the clock shows this, moved forward by the gap that swallowed it."""
    shown = wall(zone, day)
    if at in shown:
        return shown.index(at)
    for before, after in pairwise(shown):
        if before < at < after:
            return edge(zone, day, at + (after - before - MINUTE))
    return None


def walked(calendar: WorkCalendar, day: str) -> bytearray:
    """A flag for each minute of the scene: open or not."""
    zone, shown = calendar.timezone, wall(calendar.timezone, day)
    flags = bytearray(len(shown))

    def paint(on: date, piece: tuple[int, int], flag: int) -> None:
        midnight = datetime.fromisoformat(str(on))
        end = piece[1] if piece[1] > piece[0] else piece[1] + 1440
        a, b = (edge(zone, day, midnight + minutes * MINUTE) for minutes in (piece[0], end))
        if a is not None and b is not None and a < b:
            flags[a:b] = bytes([flag]) * (b - a)

    dates = sorted({moment.date() for moment in shown})
    for on in dates:
        is_holiday = on in calendar.holidays and on not in calendar.overrides
        if not (is_holiday and calendar.holiday_rule == "shift_start"):
            for piece in calendar.overrides.get(on, calendar.weekly.get(on.weekday(), [])):
                paint(on, piece, 1)
    for on in dates:
        for piece in calendar.breaks.get(on, []):
            paint(on, piece, 0)
    if calendar.holiday_rule == "calendar_date":
        closed = calendar.holidays - calendar.overrides.keys()
        for n, moment in enumerate(shown):
            if moment.date() in closed:
                flags[n] = 0
    return flags


def open_pieces(calendar, day, start, end, pauses):
    """The pieces from start to end in which the minute is open and nobody pauses, as pairs of datetimes."""
    origin = utc(day) - timedelta(days=3)
    flags = walked(calendar, day)
    cuts = {start, end, *(moment for pause in pauses for moment in pause if start < moment < end)}
    minute = origin + ((start - origin) // MINUTE + 1) * MINUTE
    while minute < end:
        cuts.add(minute)
        minute += MINUTE
    for a, b in pairwise(sorted(cuts)):
        if flags[(a - origin) // MINUTE] and not any(since <= a < until for since, until in pauses):
            yield a, b


pieces = st.builds(
    lambda start, length: (start, (start + length) % 1440 or 1440),
    st.integers(0, 1439) | st.sampled_from([0, 30, 60, 90, 120, 135, 150, 1320, 1380, 1410]),
    st.integers(1, 1439) | st.sampled_from([15, 30, 60, 240, 480, 600]),
)
breaks = st.tuples(st.integers(0, 1439), st.integers(1, 600)).map(lambda p: (p[0], min(p[0] + p[1], 1440)))


@st.composite
def scenes(draw):
    zone, day = draw(st.sampled_from(SCENES))
    on = date.fromisoformat(day)
    dates = st.integers(-1, DAYS).map(lambda n: on + timedelta(days=n))
    weekly = draw(st.dictionaries(st.integers(0, 6), st.lists(pieces, max_size=2), min_size=3))
    calendar = WorkCalendar(
        zone,
        weekly,
        draw(st.frozensets(dates, max_size=3)),
        draw(st.dictionaries(dates, st.lists(pieces, max_size=2), max_size=2)),
        draw(st.dictionaries(dates, st.lists(breaks, max_size=2), max_size=2)),
        draw(st.sampled_from(["calendar_date", "shift_start"])),
    )
    return calendar, day


def moments(day: str):
    seconds = st.integers(0, DAYS * 1440).map(lambda n: n * 60) | st.integers(0, DAYS * 86400)
    micros = st.just(0) | st.integers(0, 999_999)
    return st.builds(lambda s, u: utc(day) + timedelta(seconds=s, microseconds=u), seconds, micros)


@st.composite
def questions(draw):
    calendar, day = draw(scenes())
    start, end = sorted([draw(moments(day)), draw(moments(day))])
    pauses = [tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(moments(day), moments(day)), max_size=3))]
    return calendar, day, start, end, pauses


@often(40)
@given(questions())
def test_between_counts_what_a_walk_counts(question):
    calendar, day, start, end, pauses = question
    worked = sum((b - a for a, b in open_pieces(calendar, day, start, end, pauses)), timedelta())
    assert between(calendar, start, end, pauses=pauses) == worked // timedelta(seconds=1)


@often(40)
@given(questions(), st.integers(1, 48 * 60).map(lambda n: n * 60) | st.integers(1, 200_000))
def test_add_stops_where_a_walk_stops(question, seconds):
    calendar, day, start, _, pauses = question
    left, horizon = timedelta(seconds=seconds), utc(day) + timedelta(days=DAYS)
    reached = None
    for a, b in open_pieces(calendar, day, start, horizon, pauses):
        if b - a >= left:
            reached = a + left
            break
        left -= b - a
    due = add(calendar, start, seconds, pauses=pauses)
    assert due == reached if reached else due is None or due > horizon


@often(40)
@given(questions())
def test_windows_lights_and_openings_are_those_of_a_walk(question):
    calendar, day, start, end, _ = question
    walk = list(open_pieces(calendar, day, start, end, []))
    joined = (
        [a for a, _ in walk if a not in {b for _, b in walk}],
        [b for _, b in walk if b not in {a for a, _ in walk}],
    )
    found = list(windows(calendar, start, end))
    assert found == list(zip(*joined, strict=True))
    lit = businesstime.lights(calendar, start, end)
    assert [(a, b) for a, b, light in lit if light == "open"] == found
    assert [lit[0][0], *(b for _, b, _ in lit)] == [*(a for a, _, _ in lit), end] if start < end else lit == []
    assert next_opening(calendar, start) == walk[0][0] if walk else not is_open(calendar, start) or start == end


@often(50)
@given(questions(), st.integers(1, 4_000_000))
def test_add_and_between_undo_each_other(question, seconds):
    calendar, _, start, _, pauses = question
    due = add(calendar, start, seconds, pauses=pauses)
    if due is not None:
        assert between(calendar, start, due, pauses=pauses) == seconds
        assert between(calendar, start, due - timedelta(microseconds=1), pauses=pauses) == seconds - 1


@often(50)
@given(questions(), st.data())
def test_what_is_counted_in_two_parts_is_counted_once(question, data):
    calendar, day, start, end, pauses = question
    middle = data.draw(moments(day))
    if start < middle < end:
        parts = between(calendar, start, middle, pauses=pauses) + between(calendar, middle, end, pauses=pauses)
        assert between(calendar, start, end, pauses=pauses) - parts in (0, 1)

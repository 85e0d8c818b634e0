"""Schedules that are loaded: the documented JSON, iCalendar files of offices, and files that want to break us."""

import json
from datetime import date, timedelta

import pytest

from duty import schedules
from duty.actions.official import CHINA
from duty.schedules import BadSchedule

SHANGHAI = "Asia/Shanghai"


def _ics(*events: str) -> bytes:
    bodies = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{bodies}END:VCALENDAR\r\n".encode()


def _read(*events: str, year: int = 2027, means: schedules.Means = "marked"):
    return schedules.read(_ics(*events), year, SHANGHAI, means)


def _dates(schedule) -> list[tuple[str, str]]:
    return [(day.on.strftime("%m-%d"), day.kind) for day in schedule.days]


def test_the_published_tables_of_china_are_read_as_they_are():
    read = schedules.read(CHINA.read_bytes(), 2026, SHANGHAI)
    assert [sum(day.kind == kind for day in read.days) for kind in ("holiday", "override")] == [33, 6]
    assert read.others == 28


def test_names_may_stand_beside_the_dates():
    told = {"years": {"2027": {"off_days": ["2027-01-01"], "names": {"2027-01-01": ["New Year", "元旦"]}}}}
    [day] = schedules.read(json.dumps(told).encode(), 2027, SHANGHAI).days
    assert (day.name, day.name_zh) == ("New Year", "元旦")


def test_whole_days_become_dates_and_a_mark_makes_a_working_day():
    read = _read(
        "DTSTART;VALUE=DATE:20271001\r\nDTEND;VALUE=DATE:20271004\r\nSUMMARY:国庆节（休）",
        "DTSTART;VALUE=DATE:20271009\r\nSUMMARY:国庆节（班）",
        "DTSTART;VALUE=DATE:20271001\r\nSUMMARY:National Day",
    )
    assert _dates(read) == [("10-01", "holiday"), ("10-02", "holiday"), ("10-03", "holiday"), ("10-09", "override")]


def test_the_reader_chooses_what_all_events_are():
    event = "DTSTART;VALUE=DATE:20271009\r\nSUMMARY:国庆节（班）"
    assert _dates(_read(event, means="closed")) == [("10-09", "holiday")]


def test_a_day_that_another_zone_wrote_down_is_the_local_one():
    """Midnight in Shanghai is 16:00 the day before in UTC; a meeting of an hour is no date."""
    read = _read(
        "DTSTART:20261231T160000Z\r\nDTEND:20270101T160000Z\r\nSUMMARY:New Year",
        "DTSTART:20270105T010000Z\r\nDTEND:20270105T020000Z\r\nSUMMARY:Meeting",
        "DTSTART;VALUE=DATE:20280101\r\nSUMMARY:Another year",
    )
    assert _dates(read) == [("01-01", "holiday")] and read.others == 2


def test_recurrences_are_spread_over_the_year_without_what_is_excepted():
    read = _read(
        "DTSTART;VALUE=DATE:20100501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Labour Day",
        "DTSTART;VALUE=DATE:20270104\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\nEXDATE;VALUE=DATE:20270204\r\nSUMMARY:Stocktaking",
        "DTSTART;VALUE=DATE:20200101\r\nRRULE:FREQ=YEARLY;UNTIL=20250101\r\nSUMMARY:Over",
    )
    assert [day for day, _kind in _dates(read)] == ["01-04", "03-04", "05-01"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "unreadable"), (b"hello", "unreadable"), (_ics(), "no_dates"),
         (b"\x00\xff\xfe" * 50, "unreadable"), (b"[" * 100_000, "unreadable"),
        (b'{"years": []}', "unreadable"), (b'{"years": {"2027": {"off_days": ["2027-02-30"]}}}', "bad_date"),
        (b'{"years": {"2027": {"off_days": [{}]}}}', "bad_date"), (b'{"years": {"2027": 7}}', "unreadable"),
        (b"x" * 1_000_001, "too_large"), (_ics("SUMMARY:no start"), "unreadable"),
        (_ics("DTSTART;VALUE=DATE:2027\r\nSUMMARY:short"), "unreadable"),
        (_ics(*["DTSTART;VALUE=DATE:20270101"] * 2001), "too_many"),
        (_ics(*["DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY"] * 101), "too_many"),
        (_ics("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=SECONDLY"), "bad_rule"),
        (_ics("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY;INTERVAL=0"), "bad_rule"),
        (_ics("DTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY"), "bad_rule"),
        (_ics("DTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:99991231"), "no_dates"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_a_reason(raw, reason):
    with pytest.raises(BadSchedule) as wrong:
        schedules.read(raw, 2027, SHANGHAI)
    assert wrong.value.reason == reason


def test_a_rule_that_never_ends_is_read_for_its_year_alone():
    read = _read("DTSTART;VALUE=DATE:19700101\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Every day")
    assert [day.on for day in read.days] == [date(2027, 1, 1) + timedelta(day) for day in range(365)]

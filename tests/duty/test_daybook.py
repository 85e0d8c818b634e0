"""Dates that differ, as people write them."""

from datetime import date

import pytest

from duty import daybook
from duty.daybook import BadLine, Dated

WEEK = dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "18:00"))) | {5: (), 6: ()}
LABOUR, OFFICE = date(2026, 5, 1), WEEK[0]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("2026-05-01 closed Labour Day | 劳动节", Dated(LABOUR, "holiday", (), "Labour Day", "劳动节")),
        ("2026-05-01 休 劳动节", Dated(LABOUR, "holiday", (), "劳动节", "劳动节")),
        ("2026-05-09 班", Dated(date(2026, 5, 9), "override", OFFICE)),
        ("2026-05-01 morning", Dated(LABOUR, "override", (("09:00", "12:00"),))),
        ("2026-05-01 下午", Dated(LABOUR, "override", (("13:00", "18:00"),))),
        ("2026-05-01 9:00-16:30 Count", Dated(LABOUR, "override", (("09:00", "16:30"),), "Count", "Count")),
        ("2026-05-01 break 12:00-13:00", Dated(LABOUR, "break", (("12:00", "13:00"),))),
    ],
)  # fmt: skip
def test_a_line_says_what_differs(line, meant):
    assert daybook.read(line, WEEK) == [meant]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_written_reads_the_same(language):
    text = "2026-05-01 closed A | 甲\n2026-05-02 work\n2026-05-02 break 10:00-10:30\n2026-05-04 22:00-06:00 Night"
    days = daybook.read(text, WEEK)
    assert daybook.read(daybook.written(days, WEEK, language), WEEK) == days and len(days) == 4


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1 May closed", "bad_date"), ("2026-02-30 closed", "bad_date"), ("2027-05-01 closed", "other_year"),
        ("2026-05-01", "bad_word"), ("2026-05-01 perhaps", "bad_word"), ("2026-05-01 break", "bad_word"),
        ("2026-05-01 25:00-26:00", "bad_time"), ("2026-05-01 09:00-09:00", "empty_window"),
        ("2026-05-01 09:00-12:00 11:00-13:00", "overlap"), ("2026-05-09 closed", "twice"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_named_with_its_number(line, reason):
    with pytest.raises(BadLine) as wrong:
        daybook.read(f"# holidays\n2026-05-09 work\n\n{line}", WEEK, year=2026)
    assert (wrong.value.number, wrong.value.reason) == (4, reason)


def test_half_of_a_day_that_nobody_works_is_no_half():
    with pytest.raises(BadLine) as wrong:
        daybook.read("2026-05-01 morning", {0: (("14:00", "18:00"),)})
    assert wrong.value.reason == "no_hours"

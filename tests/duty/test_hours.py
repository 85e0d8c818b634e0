"""Calendars as they are stored, compiled once, versioned, and provisional beyond what was published."""

from datetime import UTC, date, datetime

import pytest

from demo import promises
from duty import businesstime, hours
from duty.actions import calendars
from duty.businesstime import CalendarError
from duty.models import Calendar, CalendarVersion

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
OFFICE = {day: [["09:00", "18:00"]] for day in range(5)}


def _publish(code="office", valid_from=SINCE, **more):
    return calendars.publish(
        code, **{"name": "office", "timezone": "Asia/Shanghai", "weekly": OFFICE, "valid_from": valid_from, **more}
    )


def test_the_official_calendar_of_china_has_248_working_days_a_year(cast):
    promises.lay()
    calendar = hours.compiled(hours.in_force(Calendar.objects.get(code="cn-5x9").pk, SINCE))
    for year in (2025, 2026):
        begin, end = (datetime(y, 1, 1, tzinfo=UTC) for y in (year, year + 1))
        assert businesstime.between(calendar, begin, end) == 248 * 9 * 3600


def test_a_calendar_is_read_once_a_process(db, django_assert_num_queries):
    version = _publish()
    hours.compiled(version.pk)
    with django_assert_num_queries(0):
        assert hours.compiled(version.pk) is hours.compiled(version.pk)


def test_an_edit_is_a_new_version_from_its_moment_on(db):
    first = _publish()
    second = _publish(valid_from=datetime(2026, 6, 1, tzinfo=UTC), timezone="Europe/Berlin")
    assert hours.in_force(first.calendar_id, datetime(2026, 5, 31, tzinfo=UTC)) == first.pk
    assert hours.in_force(first.calendar_id, datetime(2026, 6, 1, tzinfo=UTC)) == second.pk
    assert hours.compiled(first.pk).timezone == "Asia/Shanghai"


def test_a_calendar_that_has_not_begun_is_named(db):
    version = _publish()
    with pytest.raises(hours.NoCalendar):
        hours.in_force(version.calendar_id, datetime(2025, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize(
    ("due_at", "is_provisional"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), True),
        (None, False),
    ],
)
def test_a_date_is_provisional_after_the_last_published_one_of_its_place(db, due_at, is_provisional):
    version = _publish(known_until=date(2026, 12, 31))
    assert hours.is_provisional(version.pk, due_at) is is_provisional


def test_a_calendar_without_a_schedule_is_never_provisional(db):
    assert not hours.is_provisional(_publish().pk, datetime(2036, 1, 1, tzinfo=UTC))


def test_days_that_differ_are_holidays_overrides_and_breaks(db):
    version = _publish(
        days=[
            {"on": date(2026, 5, 1), "kind": "holiday"},
            {"on": date(2026, 5, 9), "kind": "override", "windows": [["09:00", "18:00"]]},
            {"on": date(2026, 5, 11), "kind": "break", "windows": [["12:00", "13:00"]]},
        ]
    )
    calendar = hours.compiled(version.pk)
    at = [datetime(2026, 5, day, *hour, tzinfo=UTC) for day, hour in ((1, (2,)), (9, (2,)), (11, (4, 30)), (11, (6,)))]
    assert [businesstime.is_open(calendar, moment) for moment in at] == [False, True, False, True]


def test_only_a_calendar_without_any_closed_minute_runs_day_and_night(db):
    always = _publish("always", weekly={day: [["00:00", "24:00"]] for day in range(7)})
    feasts = _publish(
        "feasts", weekly={day: [["00:00", "24:00"]] for day in range(7)},
        days=[{"on": date(2026, 1, 1), "kind": "holiday"}],
    )  # fmt: skip
    found = [hours.is_day_and_night(hours.compiled(one.pk)) for one in (always, feasts, _publish())]
    assert found == [True, False, False]


def test_a_calendar_that_nobody_can_have_meant_is_not_written(db):
    with pytest.raises(CalendarError):
        _publish(weekly={0: [["09:00", "18:00"], ["17:00", "20:00"]]})
    assert not CalendarVersion.objects.exists()

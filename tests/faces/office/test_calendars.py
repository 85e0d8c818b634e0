"""Calendars in the office: a year at a glance, and an edit that is previewed, published and stays in the history."""

from datetime import date, timedelta

import pytest
import time_machine

from demo import cast as people
from demo import promises
from duty.models import Calendar, CalendarVersion
from duty.models.inside import CalendarPublication
from tests import make
from tests.cast import NOW
from tests.faces.bad_input.pages import Page

ADDRESS = "/office/calendars/cn-5x9/edition/"


@pytest.fixture(autouse=True)
def _at_now(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def office(client, dora):
    promises.lay()
    client.force_login(dora)
    return client


def _form(answer, address=ADDRESS):
    return Page(address, answer.content.decode()).form_with("dates").filled("")


def _send(office, do="preview", address=ADDRESS, **changed):
    """What a person would send from the page as it stands, with these fields typed otherwise."""
    return office.post(address, {**_form(office.get(address)), **changed, "do": do})


def _newest():
    return CalendarVersion.objects.filter(calendar__code="cn-5x9").order_by("-number").first()


def test_a_year_shows_holidays_working_weekends_today_and_how_many_days_are_worked(office):
    page = office.get("/office/calendars/cn-5x9/?year=2026").content.decode()
    assert "248 working days" in page and page.count('class="month"') == 12
    assert 'class="day is-holiday" title="National Day"' in page
    assert 'class="day is-workday" title="National Day' in page
    assert page.count("is-today") == 2  # the day, and the legend
    assert "No official schedule" not in page


def test_a_year_that_was_not_published_says_so_on_every_date(office):
    page = office.get("/office/calendars/cn-5x9/?year=2027").content.decode()
    assert "No official schedule for 2027 yet." in page
    assert page.count('class="day is-unknown"') == 365


def test_an_edit_is_seen_before_it_is_published_and_stays_in_the_history(office, dora):
    make.ticket("zhoumin", NOW, severity=3)
    first = _send(office, day_4="09:00-12:00", add_on="2026-12-24", add_kind="morning", add_name="Christmas Eve")
    page = first.content.decode()
    assert CalendarVersion.objects.filter(calendar__code="cn-5x9").count() == 1
    assert "Friday: 09:00-12:00" in page and "2026-12-24: 09:00-12:00, Christmas Eve" in page
    assert "1 open ticket keeps the version" in page and "sample deadline" in page
    seen = {**_form(first), "do": "publish", "note": "Shorter Fridays"}
    assert office.post(ADDRESS, seen).status_code == 200, "the note was not seen yet"
    seen = {**_form(office.post(ADDRESS, {**seen, "do": "preview"})), "do": "publish"}
    assert office.post(ADDRESS, seen).status_code == 302
    version = _newest()
    assert (version.number, version.weekly["4"]) == (2, [["09:00", "12:00"]])
    assert version.days.get(on=date(2026, 12, 24)).windows == [["09:00", "12:00"]]
    assert version.days.filter(on__year=2025).count() == 33, "dates of other years stay"
    signed = CalendarPublication.objects.get(version=version)
    assert (signed.by, signed.note) == (dora, "Shorter Fridays")
    page = office.get("/office/calendars/cn-5x9/").content.decode()
    assert "Version 2" in page and "Shorter Fridays" in page and dora.name in page


def test_a_version_may_begin_on_a_later_date_and_not_before_today(office, now):
    later = (now + timedelta(days=30)).date()
    seen = _form(_send(office, from_on=later.isoformat()))
    assert office.post(ADDRESS, {**seen, "do": "publish"}).status_code == 302
    assert _newest().valid_from.isoformat() == "2026-12-23T16:00:00+00:00"
    answer = _send(office, from_on="2026-11-23")
    assert "begins today or later" in Page(ADDRESS, answer.content.decode()).said_beside("from_on")


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("day_1", "9 to 5", "Write hours as"), ("day_1", "09:00-09:00", "A window is empty"),
        ("day_1", "09:00-12:00, 11:00-18:00", "overlap"), ("day_1", "22:00-10:00", "across midnight"),
        ("timezone", "Mars/Olympus", "no time zone"), ("dates", "1 May closed", "Line 1"),
        ("dates", "2026-05-01 25:00-26:00", "between 00:00 and 24:00"), ("from_on", "soon", "valid date"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_told_beside_its_field_and_the_words_stay(office, field, typed, said):
    answer = _send(office, **{field: typed})
    page = Page(ADDRESS, answer.content.decode())
    assert answer.status_code == 422
    assert said in page.said_beside(field) and page.shows(typed)
    assert _newest().number == 1


def test_a_calendar_in_which_nobody_works_is_refused(office):
    nothing = {f"day_{day}": "" for day in range(7)} | {"code": "never", "name": "Never", "dates": ""}
    answer = _send(office, address="/office/calendars/new/", **nothing)
    assert "Nobody would ever work" in Page(ADDRESS, answer.content.decode()).said_beside("day_0")


def test_a_new_calendar_begins_with_office_hours(office):
    address = "/office/calendars/new/"
    seen = _form(_send(office, address=address, code="fr-5x9", name="France", timezone="Europe/Paris"), address)
    assert office.post(address, {**seen, "do": "publish"}).status_code == 302
    assert Calendar.objects.get(code="fr-5x9").versions.get().weekly["0"] == [["09:00", "18:00"]]
    assert "taken" in _send(office, address=address, code="fr-5x9", name="Again").content.decode()


def test_two_who_edit_at_once_do_not_undo_each_other(office):
    mine = {**_form(_send(office, day_0="08:00-17:00")), "do": "publish"}
    theirs = {**_form(_send(office, day_0="10:00-19:00")), "do": "publish"}
    assert office.post(ADDRESS, theirs).status_code == 302
    answer = office.post(ADDRESS, mine)
    assert "Version 2 was published meanwhile" in answer.content.decode()
    assert _newest().weekly["0"] == [["10:00", "19:00"]]


@pytest.mark.parametrize("key", ["fang", "otto", "omar", "nina"])
def test_only_duty_managers_come_in(client, cast, key):
    promises.lay()
    client.force_login(people.person(key))
    assert client.get("/office/calendars/cn-5x9/").status_code in (302, 403, 404)
    assert client.post(ADDRESS, {"do": "publish"}).status_code in (302, 403, 404)

"""An official schedule in the office: read, seen, loaded; whom it reaches, and whom it does not."""

import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from demo import promises
from duty.models import CalendarVersion
from tests import make
from tests.faces.bad_input.pages import Page
from tickets import tasks
from tickets.models import Clock

ADDRESS = "/office/schedules/cn-5x9/"
EVE = datetime(2026, 12, 31, 7, tzinfo=UTC)
DAYS = {"off_days": ["2027-01-01", "2027-01-02", "2027-01-03"], "working_weekend_days": ["2027-01-09"]}
NOTICE = json.dumps({"years": {"2027": DAYS}})


@pytest.fixture(autouse=True)
def _on_the_eve():
    with time_machine.travel(EVE, tick=False):
        yield


@pytest.fixture
def office(client, dora):
    promises.lay()
    client.force_login(dora)
    return client


def _send(office, do="preview", address=ADDRESS, **changed):
    fields = Page(address, office.get(address).content.decode()).form_with("body").filled("")
    return office.post(address, {**fields, **changed, "do": do})


def _load(office, address=ADDRESS, **changed):
    """As a person does: read it, look at it, load it."""
    seen = Page(address, _send(office, address=address, **changed).content.decode()).form_with("body")
    return office.post(address, {**seen.filled(""), "do": "load"})


def _newest():
    return CalendarVersion.objects.order_by("-pk").first()


def test_6_3_a_year_is_read_seen_and_loaded_and_the_deadlines_that_waited_for_it_move(office, nina):
    ticket = make.ticket("nina", EVE, severity=3)
    seen = _send(office, body=NOTICE).content.decode()
    assert "1 open ticket has one now" in seen and "2027-01-09: 09:00-18:00" in seen
    assert seen.count("is-changed") == 2, "a Friday that is free, and a Saturday that is worked"
    assert _newest().continues is None, "reading loads nothing"
    assert _load(office, body=NOTICE, note="State Council").status_code == 302
    tasks.sweep_calendars()
    assert Clock.objects.get(ticket=ticket, kind="first_response").due_at == datetime(2027, 1, 4, 2, tzinfo=UTC)
    assert (_newest().known_until, _newest().continues.number) == (date(2027, 12, 31), 1)
    page = office.get("/office/calendars/cn-5x9/?year=2027").content.decode()
    assert "No official schedule" not in page and "State Council" in page


def test_dates_of_a_published_year_reach_new_promises_alone(office):
    address = f"{ADDRESS}?year=2026"
    notice = json.dumps({"years": {"2026": {"off_days": ["2026-12-31"]}}})
    assert "reaches new promises only" in _send(office, address=address, body=notice).content.decode()
    assert _load(office, address=address, body=notice).status_code == 302
    version = _newest()
    assert (version.continues, version.known_until) == (None, date(2026, 12, 31))
    assert version.days.get(on=date(2026, 12, 31)).kind == "holiday"


def test_a_calendar_file_is_read_and_kept_while_it_is_looked_at(office):
    ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270501\nSUMMARY:Labour Day\nEND:VEVENT\nEND:VCALENDAR\n"
    upload = SimpleUploadedFile("holidays.ics", ics.encode())
    seen = _send(office, upload=upload)
    assert "holidays.ics" in seen.content.decode()
    again = Page(ADDRESS, seen.content.decode()).form_with("body").filled("")
    assert office.post(ADDRESS, {**again, "do": "load"}).status_code == 302
    assert _newest().days.get(on=date(2027, 5, 1)).name == "Labour Day"


@pytest.mark.parametrize(
    ("body", "said"),
    [("", "Choose a file"), ("hello", "neither the JSON"), ('{"years": {"2027": {}}}', "No whole day"),
     ('{"years": {"2027": {"off_days": ["2027-13-01"]}}}', "2027-13-01")],
)  # fmt: skip
def test_what_is_no_schedule_is_told_beside_the_field_and_stays(office, body, said):
    answer = _send(office, body=body)
    page = Page(ADDRESS, answer.content.decode())
    assert answer.status_code == 422 and said in page.said_beside("body") and page.shows(body)


def test_a_year_that_does_not_follow_is_refused_with_the_first_date_that_lacks(office):
    body = NOTICE.replace("2027", "2028")
    answer = _load(office, address=f"{ADDRESS}?year=2028", body=body)
    assert "from 2027-01-01 on first" in answer.content.decode()

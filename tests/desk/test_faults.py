"""A wrong configuration never stops a ticket: it opens without a deadline, and the duty manager is told why, once."""

from datetime import timedelta

import pytest

from demo import promises
from desk import faults
from desk.actions import pool
from duty.models import CalendarVersion
from notifications.models.inside import InsideNotice
from promises import terms
from promises.actions import policies
from promises.models import PolicyVersion, Term
from tests import make
from tests.tickets.holds import holds
from tickets.actions import severity, tickets
from tickets.models import Ticket

SOON = timedelta(days=3)
YEAR = timedelta(days=365)


@pytest.fixture
def first(nina, now):
    """Nina's first ticket, filed while all was well."""
    return make.ticket("nina", now, severity=3)


def _nothing_begun(now):
    PolicyVersion.objects.update(valid_from=now + YEAR)


def _says_nothing(now):
    Term.objects.filter(severity=3).delete()


def _no_hours(now):
    CalendarVersion.objects.update(valid_from=now + YEAR)


def _no_zone(now):
    CalendarVersion.objects.update(timezone="Mars/Olympus")


def _no_times(now):
    CalendarVersion.objects.update(weekly={"0": [["9 o'clock", "later"]]})


def _no_clock(now):
    PolicyVersion.objects.update(pausing=["lunch"])


def _no_working_time(now):
    CalendarVersion.objects.update(weekly={})


def _too_far(now):
    Term.objects.update(first_response=400 * 86_400)


WRONG = [
    (_nothing_begun, "no_version"), (_says_nothing, "no_term"), (_no_hours, "no_calendar"), (_no_zone, "unreadable"),
    (_no_times, "unreadable"), (_no_clock, "unreadable"), (_no_working_time, "never"), (_too_far, "never"),
]  # fmt: skip


def _again(first, by, at, level=3) -> Ticket:
    return tickets.submit(
        by=by, at=at, organization=first.organization.reference, category="workloads", subject="Once more",
        body="It happens again.", severity=level, entitlement=first.entitlement.reference,
    )  # fmt: skip


def _told(who):
    rows = InsideNotice.objects.filter(kind="desk.no_deadline", channel="inapp", recipient=who).order_by("pk")
    return [row.payload["reason"] for row in rows]


@pytest.mark.parametrize(("spoil", "reason"), WRONG)
def test_the_ticket_opens_the_promise_says_no_deadline_and_the_manager_is_told_why(
    client, first, nina, dora, now, spoil, reason
):
    spoil(now)
    terms.forget()
    opened = [_again(first, nina, now), _again(first, nina, now)]
    for ticket in opened:
        pool.take_in(ticket.pk, at=now)
    assert [clock.due_at for ticket in opened for clock in ticket.clocks.all()] in ([], [None] * 4, [None] * 6)
    assert _told(dora) == [reason]
    assert reason in {fault.reason for fault in faults.found(now)}
    client.force_login(nina)
    page = client.get(f"/portal/tickets/{opened[0].reference}/").content.decode()
    assert "No deadline" in page and "Nothing is due" not in page
    form = client.get("/portal/tickets/new/", {"severity": 3, "entitlement": first.entitlement.reference})
    assert form.status_code == 200
    client.force_login(dora)
    listed = client.get("/office/policies/").content.decode()
    assert "premium" in listed and "What cannot be promised" in listed


def test_nothing_is_wrong_with_what_the_house_ships_and_nobody_is_told(first, dora, now):
    pool.take_in(first.pk, at=now)
    assert (faults.found(now), _told(dora)) == ([], [])
    holds()


def test_a_severity_that_cannot_be_promised_stops_nobody_from_raising_it(first, nina, dora, now):
    pool.take_in(first.pk, at=now)
    before = first.clocks.get(kind="first_response").due_at
    CalendarVersion.objects.filter(calendar__code="round-the-clock").update(valid_from=now + YEAR)
    terms.forget()
    severity.raise_(first.reference, by=nina, at=now, severity=1, reason="Everything is down.")
    pool.take_in(first.pk, at=now)
    assert first.clocks.get(kind="first_response").due_at == before
    assert _told(dora) == ["no_calendar"]
    holds()


def test_a_term_that_promises_nothing_on_purpose_is_no_fault(first, nina, dora, now):
    empty = [policies.TermOffered(severity=level, calendar="cn-5x9") for level in (1, 2, 3, 4)]
    policies.publish("premium", name="Premium", valid_from=now, terms=empty)
    pool.take_in(_again(first, nina, now + SOON).pk, at=now + SOON)
    assert _told(dora) == []


def test_the_cause_is_told_again_when_a_later_version_has_it_too(first, nina, dora, now):
    for days in (1, 2):
        at = now + timedelta(days=days)
        policies.publish("premium", name="Premium", valid_from=at, terms=promises_of_s1())
        pool.take_in(_again(first, nina, at).pk, at=at)
    assert _told(dora) == ["no_term", "no_term"]


def promises_of_s1():
    return [policies.TermOffered(severity=1, calendar="round-the-clock", first_response=promises.HOUR)]

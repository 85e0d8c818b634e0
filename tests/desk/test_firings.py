"""Warnings and breaches: once each, to whom, and late ones."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.actions import firings, replies
from desk.models import Firing, Note, Work
from notifications.models.inside import InsideNotice
from tests import make
from tests.desk.holds import holds
from tickets.models import Clock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _everybody(cast):
    make.crew()


def told(kind: str) -> list[str]:
    rows = InsideNotice.objects.filter(kind=f"desk.{kind}", channel="inapp").order_by("pk")
    return [row.recipient.name for row in rows]


def promised(work: Work) -> Clock:
    return Clock.objects.get(ticket=work.ticket, kind="first_response")


def run_to(end, start, *, step=MINUTE) -> None:
    at = start
    while at <= end:
        firings.fire_due(at=at)
        at += step


def test_nothing_fires_before_half_of_the_time(now):
    make.work("nina", now, severity=1)
    assert firings.fire_due(at=now + 29 * MINUTE) == 0


def test_half_of_the_time_is_a_line_and_no_notice(now):
    work = make.work("nina", now, severity=1)
    firings.fire_due(at=now + 30 * MINUTE)
    assert Note.objects.get(work=work, kind=Note.Kind.WARNING).data["percent"] == 50
    assert told("warning") == []


def test_the_owner_is_warned_at_three_quarters(now):
    work = make.owned("nina", now, severity=1)
    run_to(now + 45 * MINUTE, now)
    assert told("warning") == [work.engineer.user.name]


def test_each_threshold_fires_once(now):
    work = make.work("nina", now, severity=1)
    run_to(now + 2 * HOUR, now)
    run_to(now + 2 * HOUR, now)
    first = Firing.objects.filter(work=work, clock="first_response")
    assert sorted(first.values_list("threshold", flat=True)) == [50, 75, 90, 100]


def test_a_threshold_that_fired_before_says_nothing_again(now):
    work = make.work("nina", now, severity=1)
    firings.fire_due(at=now + 30 * MINUTE)
    Clock.objects.filter(pk=promised(work).pk).update(fires_percent=50, fires_at=now + 31 * MINUTE)
    firings.fire_due(at=now + 31 * MINUTE)
    assert Note.objects.filter(work=work, kind=Note.Kind.WARNING).count() == 1


def test_a_breach_reaches_the_duty_manager_and_the_order(now, dora):
    work = make.owned("nina", now, severity=1)
    run_to(now + HOUR, now)
    work.refresh_from_db()
    assert dora.name in told("breach")
    assert work.broken_at == now + HOUR


def test_what_was_answered_in_time_never_breaks(now):
    work = make.owned("nina", now, severity=1)
    by, reference = work.engineer.user, work.ticket.reference
    seen = replies.preview(reference, by=by, body="We look at it.")
    replies.send(reference, by=by, at=now + MINUTE, body="We look at it.", digest=seen.digest)
    firings.fire_due(at=now + HOUR)
    assert not Firing.objects.filter(clock="first_response", threshold=100).exists()


def test_after_an_outage_everything_is_stated_late(now):
    work = make.owned("nina", now, severity=1)
    firings.fire_due(at=now + 90 * MINUTE)
    fired = Firing.objects.filter(work=work, clock="first_response")
    assert {row.threshold: row.is_late for row in fired} == {50: True, 75: True, 90: True, 100: True}


def test_after_an_outage_a_ticket_pages_once(now):
    make.owned("nina", now, severity=1)
    firings.fire_due(at=now + 90 * MINUTE)
    assert told("warning") == []
    assert len(told("breach")) == len(set(told("breach"))) == 2


def test_a_daytime_promise_never_warns_at_night(now):
    work = make.work("zhoumin", now, severity=3)
    assert promised(work).due_at is not None
    run_to(now + 15 * HOUR, now + HOUR, step=10 * MINUTE)
    assert not Firing.objects.exists()


def test_firing_leaves_the_desk_in_order(now):
    make.owned("nina", now, severity=1)
    firings.fire_due(at=now + 90 * MINUTE)
    holds()


@pytest.mark.parametrize("count", [1, 12])
def test_a_batch_costs_the_same_whatever_its_size(count, now):
    for _ in range(count):
        make.work("nina", now, severity=1)
    costs = []
    for minutes in (30, 45, 54, 60):
        with CaptureQueriesContext(connection) as counted:
            firings.fire_due(at=now + minutes * MINUTE)
        costs.append(len([one for one in counted if "SAVEPOINT" not in one["sql"]]))
    assert costs[0] <= 7 and max(costs) <= 9

"""A schedule that is published late: which deadlines follow it, which do not, and what people read of it."""

import os
import signal
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from desk.actions import firings, pool
from desk.models import Firing, Work
from desk.timeline import show
from duty import hours
from duty.actions import calendars as duty_calendars
from duty.actions.calendars import Signature
from duty.models import Calendar
from promises import terms
from promises.models import PolicyVersion
from tests import make
from tests.tickets.holds import holds
from tests.tickets.test_races import _at_once
from tickets import tasks
from tickets.actions import asks, calendars, words
from tickets.models import Clock, Fact, Ticket

EVE = datetime(2026, 12, 31, 7, tzinfo=UTC)
"""15:00 in Shanghai on the last date that is published: three hours of a promise of four fit before closing."""
NEW_YEAR = [{"on": date(2027, 1, day), "kind": "holiday"} for day in (1, 2, 3)]
PROVISIONAL, CERTAIN = datetime(2027, 1, 1, 2, tzinfo=UTC), datetime(2027, 1, 4, 2, tzinfo=UTC)


@pytest.fixture
def ticket(nina):
    return make.ticket("nina", EVE, severity=3)


def _load(by, at=EVE, days=NEW_YEAR, year=2027):
    signed = Signature(by=by, at=at)
    return duty_calendars.load(
        "cn-5x9", since=date(year, 1, 1), until=date(year, 12, 31), days=days, signed=signed
    )  # fmt: skip


def _follow_all(at=EVE):
    return [calendars.follow(pk, at=at) for pk in calendars.behind(limit=10)]


def _first(ticket):
    return Clock.objects.get(ticket=ticket, kind="first_response")


def _edit(at):
    """Other hours for new promises: from ten to seven."""
    calendar = Calendar.objects.get(code="cn-5x9")
    return duty_calendars.publish(
        "cn-5x9", name=calendar.name, timezone="Asia/Shanghai", valid_from=at, known_until=date(2026, 12, 31),
        weekly={day: [["10:00", "19:00"]] for day in range(5)},
    )  # fmt: skip


def test_6_3_a_provisional_deadline_follows_the_year_that_was_loaded(ticket, dora):
    assert (_first(ticket).due_at, _first(ticket).is_provisional) == (PROVISIONAL, True)
    [version] = _load(dora)
    assert _follow_all() == [True]
    ticket.refresh_from_db()
    assert (_first(ticket).due_at, _first(ticket).is_provisional) == (CERTAIN, False)
    assert ticket.calendar_version_id == version.pk
    holds()


def test_6_3_no_other_deadline_moves_and_nothing_follows_twice(ticket, nina, dora):
    certain = make.ticket("nina", EVE - timedelta(hours=4), severity=3)
    always = make.ticket("nina", EVE, severity=2)
    _load(dora)
    assert _follow_all() == [True]
    assert _follow_all() == [] and calendars.follow(ticket.pk, at=EVE) is False
    assert calendars.follow(certain.pk, at=EVE) is False and calendars.follow(always.pk, at=EVE) is False
    assert list(Fact.objects.filter(kind=Fact.Kind.CALENDAR).values_list("ticket", flat=True)) == [ticket.pk]


def test_6_3_an_edit_of_the_hours_reaches_new_promises_alone_also_when_a_year_is_loaded_later(ticket, dora):
    edited = _edit(EVE + timedelta(minutes=1))
    assert _follow_all() == []
    later = EVE + timedelta(minutes=2)
    old, new = _load(dora, at=later)
    _follow_all(later)
    assert _first(ticket).due_at == CERTAIN
    assert (old.weekly["0"], new.weekly["0"]) == ([["09:00", "18:00"]], [["10:00", "19:00"]])
    assert hours.in_force(edited.calendar_id, later) == new.pk
    holds()


def test_a_clock_that_stood_still_follows_when_it_runs_into_the_year(ticket, nina, dora):
    replied = EVE + timedelta(minutes=30)
    words.replied(ticket, make.speak(ticket, replied), at=replied)
    asks.asked(ticket, make.speak(ticket, replied), at=replied)
    _load(dora, at=replied)
    assert _follow_all(replied) == []
    answered = replied + timedelta(hours=1)
    words.say(ticket.reference, by=nina, at=answered, body="here it is")
    assert Clock.objects.get(ticket=ticket, kind="next_response").is_provisional
    assert _follow_all(answered) == [True]
    assert not Clock.objects.filter(ticket=ticket, is_provisional=True).exists()
    holds()


def test_a_schedule_restarts_no_clock_whatever_the_policy_says_of_changes(ticket, dora):
    PolicyVersion.objects.update(on_change=PolicyVersion.OnChange.RESTART)
    terms.forget()
    _load(dora, at=EVE + timedelta(hours=2))
    _follow_all(EVE + timedelta(hours=2))
    assert (_first(ticket).started_at, _first(ticket).due_at) == (EVE, CERTAIN)
    holds()


def test_a_day_that_turns_out_to_be_worked_breaks_by_the_change_and_in_silence(ticket, dora):
    """Loaded late: the ticket's day off became a working day, and its deadline lies in the past by that alone."""
    closed = [{"on": date(2027, 1, 1), "kind": "holiday"}, {"on": date(2027, 1, 2), "kind": "override"}]
    at = datetime(2027, 1, 4, 1, tzinfo=UTC)
    late = make.ticket("nina", datetime(2027, 1, 1, 7, tzinfo=UTC), severity=3)
    assert _first(late).due_at == CERTAIN
    _load(dora, at=at, days=closed)
    _follow_all(at)
    clock = _first(late)
    assert (clock.broken_by_change, clock.broken_at, clock.fires_at) == (True, at, None)
    holds()


def test_the_desk_keeps_its_order_and_both_sides_read_why(ticket, client, nina, dora):
    pool.take_in(ticket.pk, at=EVE)
    _load(dora)
    _follow_all()
    pool.take_in(ticket.pk, at=EVE)
    work = Work.objects.select_related("engineer__user").get(ticket=ticket)
    assert work.due_at == CERTAIN
    told = "so the deadline moved. First answer: "
    client.force_login(nina)
    assert told in client.get(f"/portal/tickets/{ticket.reference}/").content.decode()
    lines = show(ticket.reference, work.engineer.user, at=EVE).lines
    assert [told in line.body for line in lines if line.what == "fact_calendar"] == [True]


def test_the_breach_fires_at_the_new_moment_and_not_at_the_old_one(ticket, dora):
    pool.take_in(ticket.pk, at=EVE)
    _load(dora)
    _follow_all()
    breach = Firing.objects.filter(clock="first_response", threshold=100)
    firings.fire_due(at=PROVISIONAL + timedelta(hours=1))
    assert not breach.exists()
    firings.fire_due(at=CERTAIN)
    assert breach.get().due_at == CERTAIN


def test_a_round_that_was_cut_off_leaves_nothing_and_the_next_one_does_it(ticket, dora):
    _load(dora)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        calendars.follow(ticket.pk, at=EVE)
        1 / 0  # noqa: B018
    assert _first(ticket).due_at == PROVISIONAL
    tasks.sweep_calendars()
    tasks.sweep_calendars()
    assert Fact.objects.filter(kind=Fact.Kind.CALENDAR).count() == 1
    holds()


@pytest.mark.parametrize(("year", "wrong"), [(2026, duty_calendars.NothingToLoad), (2028, duty_calendars.YearMissing)])
def test_a_year_that_stands_or_does_not_follow_is_refused(ticket, dora, year, wrong):
    with pytest.raises(wrong):
        _load(dora, year=year, days=[])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweepers_and_a_customer_move_each_deadline_once(nina, dora):
    tickets = [make.ticket("nina", EVE, severity=3) for _ in range(6)]
    _load(dora)
    assert not _at_once(
        lambda: _follow_all(), lambda: _follow_all(),
        lambda: words.say(tickets[0].reference, by=nina, at=EVE, body="hello?"),
    )  # fmt: skip
    moved = Fact.objects.filter(kind=Fact.Kind.CALENDAR).values_list("ticket", flat=True)
    assert sorted(moved) == sorted(ticket.pk for ticket in Ticket.objects.all())
    holds()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_moves_nothing_and_stops_nobody(nina, dora):
    ticket = make.ticket("nina", EVE, severity=3)
    _load(dora)
    connection.close()
    worker = os.fork()
    if worker == 0:
        with transaction.atomic():
            calendars.follow(ticket.pk, at=EVE)
            os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(worker, 0)[1]) == signal.SIGKILL
    assert _first(ticket).due_at == PROVISIONAL
    tasks.sweep_calendars()
    assert Fact.objects.filter(kind=Fact.Kind.CALENDAR).count() == 1
    holds()

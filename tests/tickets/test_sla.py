"""Clocks as they are stored: thresholds, breaches that nobody was told of yet, and the audit that can fail."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.rows import write
from tests import make
from tests.tickets.holds import holds
from tickets import invariants, sla
from tickets.actions import asks, severity, tickets, words
from tickets.models import Clock, Fact, Ticket

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ticket(nina, now):
    return make.ticket("nina", now, severity=2)


def _clock(ticket, kind="first_response"):
    return Clock.objects.get(ticket=ticket, kind=kind)


def _next(ticket, kind="first_response"):
    clock = _clock(ticket, kind)
    return clock.fires_percent, clock.fires_at


def _pass(ticket, at, kind="first_response"):
    """What the desk does when a threshold has fired."""
    write(sla.passed([_clock(ticket, kind)], at))


def test_the_thresholds_come_in_order(ticket, now):
    seen = []
    while (step := _next(ticket))[1]:
        seen.append((step[0], (step[1] - now) // MINUTE))
        _pass(ticket, step[1])
    assert seen == [(50, 60), (75, 90), (90, 108), (100, 120)]
    assert _clock(ticket).broken_at == now + 2 * HOUR
    holds()


def test_a_warning_of_a_daytime_promise_never_comes_at_night(nina):
    evening = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    ticket = make.ticket("nina", evening, severity=3)
    assert _next(ticket) == (50, datetime(2026, 11, 25, 2, 30, tzinfo=UTC))


def test_an_act_leaves_a_threshold_behind_that_nobody_needs_any_more(ticket, now):
    at = now + 61 * MINUTE
    words.replied(ticket, make.speak(ticket, at), at=at)
    assert _next(ticket) == (None, None)


def test_a_threshold_that_is_due_stays_due_whatever_the_customer_does(ticket, nina, now):
    words.say(ticket.reference, by=nina, at=now + 95 * MINUTE, body="hello?")
    assert _next(ticket) == (50, now + 60 * MINUTE)


def test_a_breach_that_was_not_fired_is_fired_although_the_answer_came(ticket, now):
    at = now + 3 * HOUR
    words.replied(ticket, make.speak(ticket, at), at=at)
    assert _next(ticket) == (100, now + 2 * HOUR)
    _pass(ticket, at)
    assert (_next(ticket), _clock(ticket).broken_at) == ((None, None), now + 2 * HOUR)
    holds()


def test_a_breach_of_a_cycle_that_ended_unfired_stands_in_the_fact(ticket, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    late = now + 5 * HOUR
    fact = words.replied(ticket, make.speak(ticket, late), at=late)
    [missed] = fact.data["unfired"]
    assert (missed["clock"], missed["cycle"], missed["due_at"]) == ("update", 1, (now + 4 * HOUR).isoformat())


def test_a_breach_fires_once_though_the_ticket_moves_on(ticket, nina, now):
    for _ in sla.THRESHOLDS:
        _pass(ticket, now + 2 * HOUR)
    assert _next(ticket) == (None, None)
    words.say(ticket.reference, by=nina, at=now + 3 * HOUR, body="hello?")
    severity.raise_(ticket.reference, by=nina, at=now + 4 * HOUR, severity=1, reason="down")
    assert (_next(ticket), _clock(ticket).broken_at) == ((None, None), now + 2 * HOUR)
    holds()


def test_a_paused_clock_has_no_next_threshold_and_goes_on_where_it_stood(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    _pass(ticket, now + 2 * HOUR, "update")
    asks_at = now + 150 * MINUTE
    asks.asked(ticket, make.speak(ticket, asks_at), at=asks_at)
    assert _next(ticket, "update") == (None, None)
    words.say(ticket.reference, by=nina, at=asks_at + HOUR, body="done")
    assert _next(ticket, "update") == (50, asks_at + HOUR + 2 * HOUR)
    holds()


def test_moving_many_clocks_on_takes_two_statements(nina, now, django_assert_num_queries):
    for _ in range(3):
        make.ticket("nina", now, severity=2)
    clocks = list(Clock.objects.filter(kind="first_response"))
    with django_assert_num_queries(2):
        write(sla.passed(clocks, now + HOUR))


def test_a_community_ticket_has_no_clocks(ada, now):
    ticket = make.ticket("ada", now, plan="", severity=3)
    words.replied(ticket, make.speak(ticket, now), at=now)
    assert not Clock.objects.exists()
    holds()


def test_a_reopened_solution_keeps_its_state(ticket, nina, now):
    tickets.solve(ticket, make.speak(ticket, now), at=now)
    words.say(ticket.reference, by=nina, at=now + HOUR, body="back")
    tickets.solve(ticket, make.speak(ticket, now + 2 * HOUR), at=now + 2 * HOUR)
    holds()


@pytest.mark.parametrize(
    "change", [{"due_at": None}, {"spent": 7}, {"cycle": 3}, {"broken_at": datetime(2020, 1, 1, tzinfo=UTC)}]
)
def test_a_clock_that_was_tampered_with_is_found(ticket, change):
    Clock.objects.filter(ticket=ticket, kind="first_response").update(**change)
    assert list(invariants.clocks_that_differ())


def test_a_clock_that_would_never_fire_is_found(ticket):
    Clock.objects.filter(ticket=ticket).update(fires_at=None, fires_percent=None)
    assert list(invariants.clocks_that_differ())


def test_a_state_that_no_fact_explains_is_found(ticket):
    Ticket.objects.update(state=Ticket.State.SOLVED)
    assert list(invariants.states_that_differ())


def test_a_missing_fact_is_found(ticket, nina, now):
    words.urge(ticket.reference, by=nina, at=now)
    Fact.objects.filter(ticket=ticket, n=2).delete()
    with pytest.raises(AssertionError):
        holds()

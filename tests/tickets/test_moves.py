"""Solving, closing, withdrawing, rating, raising: the moves of a ticket."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Entitlement, Quota
from notifications.models import Notice
from promises import terms
from tests import make
from tests.tickets.holds import holds
from tickets.actions import asks, ratings, severity, tickets, words
from tickets.actions.ground import NotCovered
from tickets.models import Clock, Fact, Ticket
from tickets.transitions import BEFORE, TRANSITIONS, WrongMove, after

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def ticket(nina, now):
    return make.ticket("nina", now, severity=3)


def _fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def _clock(ticket, kind="first_response"):
    return Clock.objects.get(ticket=ticket, kind=kind)


def _solve(ticket, at):
    words.replied(ticket, make.speak(ticket, at), at=at)
    tickets.solve(ticket, at=at)


def _used():
    return Quota.objects.get(unit="tickets").used


def test_a_solved_ticket_says_when_silence_closes_it(ticket, nina, now):
    _solve(ticket, now)
    assert _fresh(ticket).closes_at == now + 7 * DAY
    assert Notice.objects.filter(kind="tickets.solved", recipient=nina, channel="mail").exists()


def test_words_that_solve_are_a_reply_too(ticket, now):
    tickets.solve(ticket, make.speak(ticket, now + MINUTE), at=now + MINUTE)
    assert _clock(ticket).kept_at == now + MINUTE
    holds()


def test_silence_closes_at_its_moment_and_not_before(ticket, now):
    _solve(ticket, now)
    assert tickets.close_due(now + 7 * DAY - MINUTE) == 0
    assert tickets.close_due(now + 7 * DAY) == 1
    assert (_fresh(ticket).state, _fresh(ticket).closing) == ("closed", "confirmed")
    holds()


def test_a_closed_ticket_opens_again_within_the_policys_days(ticket, nina, now):
    _solve(ticket, now)
    tickets.close(ticket.reference, by=nina, at=now + DAY)
    with pytest.raises(WrongMove):
        words.say(ticket.reference, by=nina, at=now + 30 * DAY, body="back")
    words.say(ticket.reference, by=nina, at=now + 30 * DAY - MINUTE, body="back")
    assert (_fresh(ticket).state, _fresh(ticket).closing) == ("open", "")
    holds()


def test_the_customer_may_close_before_anybody_solved(ticket, nina, now):
    tickets.close(ticket.reference, by=nina, at=now + MINUTE)
    assert _fresh(ticket).closing == "confirmed"
    assert _clock(ticket).due_at is None


def test_withdrawing_before_an_answer_gives_the_ticket_back(ticket, nina, now):
    assert _used() == 1
    tickets.withdraw(ticket.reference, by=nina, at=now + MINUTE)
    assert _used() == 0
    holds()


def test_withdrawing_after_an_answer_does_not(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    tickets.withdraw(ticket.reference, by=nina, at=now + MINUTE)
    assert _used() == 1


def test_what_is_solved_is_not_withdrawn(ticket, nina, now):
    _solve(ticket, now)
    with pytest.raises(WrongMove):
        tickets.withdraw(ticket.reference, by=nina, at=now + MINUTE)


def test_closing_ends_an_open_question(ticket, nina, now):
    asks.asked(ticket, make.speak(ticket, now), at=now)
    tickets.close(ticket.reference, by=nina, at=now + MINUTE)
    holds()


def test_the_last_rating_counts(ticket, nina, now):
    _solve(ticket, now)
    ratings.rate(ticket.reference, by=nina, at=now + MINUTE, score=2)
    ratings.rate(ticket.reference, by=nina, at=now + HOUR, score=5, comment="Solved after all")
    rating = _fresh(ticket).rating
    assert (rating.score, rating.comment) == (5, "Solved after all")


def test_what_is_not_solved_is_not_rated(ticket, nina, now):
    with pytest.raises(WrongMove):
        ratings.rate(ticket.reference, by=nina, at=now, score=1)


def test_raising_rules_at_once_from_the_origin(ticket, nina, now):
    severity.raise_(ticket.reference, by=nina, at=now + 30 * MINUTE, severity=1, reason="All sites are down")
    assert (_fresh(ticket).severity, _fresh(ticket).is_confirmed) == (1, False)
    assert _clock(ticket).due_at == now + HOUR
    holds()


def test_a_due_moment_that_the_raise_puts_into_the_past_is_broken_silently(ticket, nina, now):
    at = now + 61 * MINUTE
    severity.raise_(ticket.reference, by=nina, at=at, severity=1, reason="down")
    clock = _clock(ticket)
    assert (clock.broken_at, clock.broken_by_change, clock.fires_at) == (at, True, None)


def test_raising_answers_an_open_question(ticket, nina, now):
    asks.asked(ticket, make.speak(ticket, now), at=now)
    severity.raise_(ticket.reference, by=nina, at=now + MINUTE, severity=2, reason="worse")
    assert _fresh(ticket).state == "open"
    holds()


@pytest.mark.parametrize(
    ("level", "reason", "refusal"),
    [(3, "x", severity.NotARaise), (4, "x", severity.NotARaise), (1, " ", severity.NoReason)],
)
def test_a_raise_goes_up_and_has_a_reason(ticket, nina, now, level, reason, refusal):
    with pytest.raises(refusal):
        severity.raise_(ticket.reference, by=nina, at=now, severity=level, reason=reason)


def test_raising_beyond_the_plan_is_refused_but_for_an_s1(ticket, nina, now):
    Entitlement.objects.update(severities=[3, 4])
    before = _clock(ticket).due_at
    with pytest.raises(NotCovered):
        severity.raise_(ticket.reference, by=nina, at=now, severity=2, reason="worse")
    severity.raise_(ticket.reference, by=nina, at=now, severity=1, reason="down")
    assert (_fresh(ticket).is_unsettled, _clock(ticket).due_at) == (True, before)


def test_a_downgrade_never_worsens_a_promise(nina, now):
    ticket = make.ticket("nina", now, severity=2)
    severity.confirm(ticket, at=now + MINUTE, severity=4, reason="not_production")
    assert (_fresh(ticket).severity, _fresh(ticket).requested_severity) == (4, 2)
    assert _clock(ticket).due_at == now + 2 * HOUR
    holds()


def test_confirming_what_was_asked_changes_no_clock(ticket, now):
    before = _clock(ticket).due_at
    severity.confirm(ticket, at=now + MINUTE, severity=3, reason="by_definition")
    assert (_fresh(ticket).is_confirmed, _clock(ticket).due_at) == (True, before)
    holds()


def test_free_words_of_the_desk_do_not_reach_the_customer_as_a_reason(ticket, now):
    fact = severity.confirm(ticket, at=now, severity=4, reason="Ravi says it is nothing")
    assert fact.data["reason"] == Fact.Judgement.BY_DEFINITION


def test_a_raise_after_a_downgrade_takes_the_terms_of_its_policy(nina, now):
    ticket = make.ticket("nina", now, severity=2)
    severity.confirm(ticket, at=now, severity=3, reason="workaround")
    severity.raise_(ticket.reference, by=nina, at=now + MINUTE, severity=1, reason="down")
    assert _clock(ticket).target == terms.in_force("premium", 1, now).policy.targets["first_response"]
    holds()


@given(st.lists(st.sampled_from([fact for _, fact, _, _ in TRANSITIONS if fact != "opened"])))
def test_no_path_leads_out_of_the_five_states(facts):
    state = after(BEFORE, "opened")
    for fact in facts:
        try:
            state = after(state, fact)
        except WrongMove as wrong:
            assert str(wrong)
    assert state in {"open", "waiting", "solved", "closed"}

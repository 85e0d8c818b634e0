"""Words and what stands in for them: answers, questions, urging, setting aside, reopening."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import Membership
from notifications.models import Notice
from tests import make
from tests.tickets.holds import holds
from tickets.actions import asks, tickets, words
from tickets.actions.holds import MayOnlyRead
from tickets.models import Ask, Clock, Fact, Ticket
from tickets.transitions import WrongMove

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def ticket(nina, now):
    return make.ticket("nina", now, severity=2)


def _clock(ticket, kind):
    return Clock.objects.get(ticket=ticket, kind=kind)


def _state(ticket):
    return Ticket.objects.get(pk=ticket.pk).state


def _kinds(ticket):
    return list(Fact.objects.filter(ticket=ticket).order_by("n").values_list("kind", flat=True))


def _ask(ticket, at):
    return asks.asked(ticket, make.speak(ticket, at, "Which version?"), at=at)


def test_a_reply_keeps_the_first_answer_and_tells_the_customer(ticket, nina, now):
    at = now + 38 * MINUTE
    words.replied(ticket, make.speak(ticket, at), at=at)
    assert _clock(ticket, "first_response").kept_at == at
    assert Notice.objects.get(kind="tickets.replied", channel="inapp").recipient == nina
    holds()


def test_a_customers_word_before_the_first_answer_starts_no_clock(ticket, nina, now):
    words.say(ticket.reference, by=nina, at=now + MINUTE, body="And the log")
    assert _clock(ticket, "next_response").due_at is None


def test_the_next_answer_runs_from_the_oldest_unanswered_word(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    for minutes in (10, 20):
        words.say(ticket.reference, by=nina, at=now + minutes * MINUTE, body="more")
    assert _clock(ticket, "next_response").due_at == now + 10 * MINUTE + 2 * HOUR
    holds()


def test_a_question_stops_the_clocks_that_may_pause_and_an_answer_starts_them(ticket, nina, now):
    _ask(ticket, now + MINUTE)
    assert (_state(ticket), _clock(ticket, "update").due_at) == (Ticket.State.WAITING, None)
    words.say(ticket.reference, by=nina, at=now + 31 * MINUTE, body="4.1.2")
    assert _clock(ticket, "update").due_at == now + MINUTE + 4 * HOUR + 30 * MINUTE
    assert Ask.objects.get(ticket=ticket).answered_at == now + 31 * MINUTE
    holds()


def test_a_second_question_takes_the_place_of_the_first(ticket, now):
    first, second = _ask(ticket, now), _ask(ticket, now + MINUTE)
    assert Ask.objects.get(ticket=ticket, answered_at=None) == second
    assert Ask.objects.get(pk=first.pk).answered_at == now + MINUTE
    holds()


def test_an_answer_to_a_solved_ticket_opens_it_again(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    tickets.solve(ticket, at=now + HOUR)
    words.say(ticket.reference, by=nina, at=now + 2 * HOUR, body="It is back")
    assert _state(ticket) == Ticket.State.OPEN
    assert _kinds(ticket)[-2:] == ["reopened", "customer_message"]
    holds()


def test_a_withdrawn_ticket_takes_no_more_words(ticket, nina, now):
    tickets.withdraw(ticket.reference, by=nina, at=now)
    with pytest.raises(WrongMove):
        words.say(ticket.reference, by=nina, at=now + MINUTE, body="wait")


def test_a_word_without_words_or_files_is_refused(ticket, nina, now):
    with pytest.raises(tickets.Empty):
        words.say(ticket.reference, by=nina, at=now, body=" \n")


def test_a_foreign_ticket_takes_no_words(ticket, ada, charlie, now):
    for stranger in (ada, charlie):
        with pytest.raises(ObjectDoesNotExist):
            words.say(ticket.reference, by=stranger, at=now, body="x")


def test_who_only_reads_does_not_write(ticket, jonas, now):
    Membership.objects.filter(user=jonas).update(role=Membership.Role.VIEWER)
    with pytest.raises(MayOnlyRead):
        words.say(ticket.reference, by=jonas, at=now, body="x")


def test_a_reply_reaches_everybody_who_wrote_and_still_belongs(ticket, jonas, nina, now):
    words.say(ticket.reference, by=jonas, at=now + MINUTE, body="me too")
    Membership.objects.filter(user=nina).delete()
    words.replied(ticket, make.speak(ticket, now + HOUR), at=now + HOUR)
    assert [notice.recipient for notice in Notice.objects.filter(kind="tickets.replied", channel="mail")] == [jonas]


def test_urging_is_heard_once_in_thirty_minutes(ticket, nina, now):
    words.urge(ticket.reference, by=nina, at=now)
    with pytest.raises(words.UrgedAlready) as caught:
        words.urge(ticket.reference, by=nina, at=now + 29 * MINUTE)
    assert caught.value.again_at == now + 30 * MINUTE
    words.urge(ticket.reference, by=nina, at=now + 30 * MINUTE)
    assert _kinds(ticket).count("urged") == 2
    holds()


def test_urging_moves_no_clock(ticket, nina, now):
    before = _clock(ticket, "first_response").due_at
    words.urge(ticket.reference, by=nina, at=now + HOUR)
    assert _clock(ticket, "first_response").due_at == before


def test_who_is_waited_for_does_not_urge(ticket, nina, now):
    _ask(ticket, now)
    with pytest.raises(WrongMove):
        words.urge(ticket.reference, by=nina, at=now + MINUTE)


def test_thanks_are_set_aside_without_counting_as_an_answer(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    words.say(ticket.reference, by=nina, at=now + MINUTE, body="Thank you!")
    words.set_aside(ticket, at=now + 2 * MINUTE, reason="thanks")
    clock = _clock(ticket, "next_response")
    assert (clock.due_at, clock.kept_at) == (None, None)
    holds()


def test_thanks_do_not_reopen_what_was_solved(ticket, nina, now):
    words.replied(ticket, make.speak(ticket, now), at=now)
    tickets.solve(ticket, at=now + MINUTE)
    words.say(ticket.reference, by=nina, at=now + 2 * MINUTE, body="Thank you!")
    words.set_aside(ticket, at=now + 3 * MINUTE, reason="thanks")
    assert _state(ticket) == Ticket.State.SOLVED
    holds()


def test_setting_aside_leaves_an_open_question_waiting(ticket, now):
    _ask(ticket, now)
    words.set_aside(ticket, at=now + MINUTE, reason="for_information")
    assert _state(ticket) == Ticket.State.WAITING


def test_the_desk_says_in_no_words_of_its_own_why_it_sets_aside(ticket, now):
    with pytest.raises(ValueError, match="he is just chatty"):
        words.set_aside(ticket, at=now, reason="he is just chatty")


def test_a_verb_that_waited_for_the_lock_writes_no_earlier_than_the_last_fact(ticket, nina, now):
    words.say(ticket.reference, by=nina, at=now + MINUTE, body="later")
    words.say(ticket.reference, by=nina, at=now, body="earlier, but second")
    assert [fact.at for fact in Fact.objects.filter(ticket=ticket).order_by("n")][-2:] == [now + MINUTE] * 2
    holds()

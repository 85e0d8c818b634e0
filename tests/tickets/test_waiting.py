"""Questions that nobody answers: a reminder, then the end with a notice; an S1 or S2 waits for a person."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.access import viewer_of
from desk.actions import pool
from desk.models import Work
from notifications.models import Notice
from promises.actions import policies
from tests import make
from tests.tickets.holds import holds
from tickets import disclosure, tasks
from tickets.actions import asks, severity, tickets, words
from tickets.models import Ask, Fact, Ticket

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 11, 27, 9, tzinfo=UTC)
"""17:00 in Shanghai; the third working day ends on Wednesday at the same hour."""
WEDNESDAY, MONDAY = FRIDAY + 5 * DAY, FRIDAY + 10 * DAY


def _asked(level=3, at=FRIDAY) -> Ticket:
    ticket = make.ticket("nina", at, severity=level)
    pool.take_in(ticket.pk, at=at)
    asks.asked(ticket, make.speak(ticket, at), at=at)
    return Ticket.objects.get(pk=ticket.pk)


def _told(kind, who) -> list[dict]:
    rows = Notice.objects.filter(kind=f"tickets.{kind}", recipient=who, channel="inapp").order_by("pk")
    return [row.payload for row in rows]


def _state(ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).state


def test_after_three_working_days_the_customer_is_reminded_once_and_after_three_more_it_ends(nina):
    ticket = _asked()
    assert asks.remind_due(WEDNESDAY - timedelta(seconds=1)) == 0
    assert [asks.remind_due(at) for at in (WEDNESDAY, WEDNESDAY, MONDAY)] == [1, 0, 0]
    [told] = _told("reminded", nina)
    assert datetime.fromisoformat(told["ends_at"]) == MONDAY
    assert [asks.end_due(at) for at in (MONDAY - timedelta(seconds=1), MONDAY, MONDAY)] == [0, 1, 0]
    assert (_state(ticket), [one["because"] for one in _told("solved", nina)]) == ("solved", ["silence"])
    page = disclosure.ticket_page(ticket.reference, viewer_of(nina), at=MONDAY)
    assert page.talk[-1].words == "Marked as solved, since our question had no answer"
    pool.take_in(ticket.pk, at=MONDAY)
    assert Work.objects.get(ticket=ticket).state == Work.State.DONE
    holds()


def test_any_word_of_the_customer_ends_the_waiting_and_a_solved_one_opens_again(nina):
    ticket = _asked()
    asks.remind_due(WEDNESDAY)
    words.say(ticket.reference, by=nina, at=WEDNESDAY + HOUR, body="Here it is.")
    assert (asks.end_due(MONDAY), _state(ticket)) == (0, "open")
    asks.asked(ticket, make.speak(ticket, MONDAY), at=MONDAY)
    asks.remind_due(MONDAY + 7 * DAY)
    asks.end_due(MONDAY + 14 * DAY)
    words.say(ticket.reference, by=nina, at=MONDAY + 15 * DAY, body="I was away.")
    assert _state(ticket) == "open"
    holds()


@pytest.mark.parametrize("level", [1, 2])
def test_an_s1_or_s2_is_reminded_of_but_never_ended_without_a_person(nina, level):
    ticket = _asked(level)
    assert asks.remind_due(FRIDAY + 3 * DAY) == 1
    assert _told("reminded", nina)[0]["ends_at"] is None
    assert (asks.end_due(FRIDAY + 60 * DAY), _state(ticket)) == (0, "waiting")


def test_what_becomes_an_s2_after_the_reminder_waits_for_a_person_too(nina):
    ticket = _asked()
    asks.remind_due(WEDNESDAY)
    severity.confirm(ticket, at=WEDNESDAY + HOUR, severity=2, reason=Fact.Judgement.WIDER)
    asks.end_due(MONDAY)
    assert (_state(ticket), Ask.objects.get(ticket=ticket).ends_at) == ("waiting", None)


def test_the_policy_says_after_how_many_days_and_a_new_question_counts_anew(nina, now):
    make.ticket("nina", now)
    empty = [policies.TermOffered(severity=3, calendar="cn-5x9", first_response=3600)]
    policies.publish("premium", name="Premium", valid_from=now, terms=empty, reminds_after_days=1)
    ticket = _asked()
    asks.asked(ticket, make.speak(ticket, FRIDAY + HOUR / 2), at=FRIDAY + HOUR / 2)
    assert [asks.remind_due(FRIDAY + 3 * DAY + hours * HOUR) for hours in (0, 0.5)] == [0, 1]


def test_a_ticket_without_a_promise_is_reminded_in_plain_days_and_the_sweep_finds_nothing_when_it_is_over(ada):
    ticket = make.ticket("ada", FRIDAY, plan="")
    asks.asked(ticket, make.speak(ticket, FRIDAY), at=FRIDAY)
    assert asks.remind_due(FRIDAY + 3 * DAY) == 1
    tickets.close(ticket.reference, by=ada, at=FRIDAY + 4 * DAY)
    tasks.sweep_waiting()
    assert asks.end_due(FRIDAY + 30 * DAY) == 0

"""Asking R&D: what the desk sees of it, and that the customer sees nothing."""

import pytest

from desk.actions import help
from desk.models import Answer, HelpRequest, Note, Work
from desk.models.work import WrongMove
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from rnd.actions import investigations
from tests import make
from tickets.models import Clock, Fact


@pytest.fixture
def work(cast, now) -> Work:
    return make.owned("nina", now)


def ask(work: Work, at, **more) -> HelpRequest:
    words = {
        "title": "Nightly job", "symptom": "It does not end", "environment": "3.4.1", "tried": "Restart",
        "question": "Is the nightly job stuck?", **more,
    }  # fmt: skip
    return help.ask(work.ticket.reference, by=work.engineer.user, at=at, **words)


def public_rows(work: Work) -> list[object]:
    return [
        list(Fact.objects.filter(ticket=work.ticket).order_by("n").values()),
        list(Clock.objects.filter(ticket=work.ticket).order_by("pk").values()),
        list(Notice.objects.order_by("pk").values()),
        list(type(work.ticket).objects.filter(pk=work.ticket_id).values()),
    ]


def test_asking_changes_nothing_public(work, now):
    before = public_rows(work)
    ask(work, now)
    assert public_rows(work) == before


def test_an_answer_changes_nothing_public(work, now, ravi):
    request = ask(work, now)
    before = public_rows(work)
    help.taken(request)
    help.answer(request, by=ravi, at=now, body="The lock is never released.")
    assert public_rows(work) == before


def test_the_product_says_which_group_is_asked(work, now):
    assert ask(work, now).topic == "kubesphere"


def test_r_and_d_needs_what_was_tried(work, now):
    with pytest.raises(help.Incomplete):
        ask(work, now, tried=" ")


def test_a_question_about_a_finished_ticket_is_refused(work, now):
    Work.objects.filter(pk=work.pk).update(state=Work.State.DONE, engineer=None)
    with pytest.raises(WrongMove):
        ask(work, now)


def test_the_answer_reaches_who_asked(work, now, ravi):
    help.answer(ask(work, now), by=ravi, at=now, body="The lock is never released.")
    told = InsideNotice.objects.filter(kind="desk.help_answered", channel="inapp")
    assert [row.recipient for row in told] == [work.engineer.user]
    assert Note.objects.get(kind=Note.Kind.HELP_ANSWERED).body == "The lock is never released."


def test_a_withdrawn_question_is_not_answered(work, now, ravi):
    request = ask(work, now)
    help.withdraw(request.reference, by=work.engineer.user, at=now)
    with pytest.raises(help.NotOpen):
        help.answer(request, by=ravi, at=now, body="Too late")
    assert not Answer.objects.exists()


def test_r_and_d_cannot_withdraw_for_the_desk(work, now, ravi):
    request = ask(work, now)
    with pytest.raises(HelpRequest.DoesNotExist):
        help.withdraw(request.reference, by=ravi, at=now)


def test_the_group_opens_an_investigation(work, now):
    request = ask(work, now)
    investigations.take_in(request.pk, at=now)
    request.refresh_from_db()
    assert request.state == HelpRequest.State.TAKEN

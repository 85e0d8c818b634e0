"""How the desk speaks, and what follows from it on both sides."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo import cast
from desk.actions import help, notes, pool, replies
from desk.actions.handovers import NotYours
from desk.models import Note, Work
from duty.models.inside import Engineer
from talk.door import Blocked, Stale
from talk.lint import prints_of
from talk.models import Message
from talk.models.inside import Passage
from tests import make
from tests.desk.holds import holds
from tickets.actions import words
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)
R_AND_D = "The scheduler of 3.4.1 forgets the taint when the webhook times out twice in a row; fixed on the branch."


@pytest.fixture(autouse=True)
def _everybody(cast):
    make.crew()
    yield
    holds()


def speak(verb, work: Work, body: str, at, by=None):
    by = by or work.engineer.user
    seen = replies.preview(work.ticket.reference, by=by, body=body)
    return verb(work.ticket.reference, by=by, at=at, body=body, digest=seen.digest)


def held(work: Work) -> int:
    return Engineer.objects.get(pk=work.engineer_id).held


def test_a_reply_reaches_the_customer_in_the_desks_name(now):
    work = make.owned("nina", now)
    message = speak(replies.send, work, "Please send the scheduler's log.", now + MINUTE)
    assert (message.persona, message.said_by) == ("Support", None)


def test_who_spoke_is_known_inside(now):
    work = make.owned("nina", now)
    message = speak(replies.send, work, "Please send the scheduler's log.", now + MINUTE)
    assert Passage.objects.get(message=message).by == work.engineer.user


def test_a_reply_keeps_the_first_answer_and_moves_the_copy(now):
    work = make.owned("nina", now)
    speak(replies.send, work, "We look at it.", now + MINUTE)
    work.refresh_from_db()
    assert work.due_kind != "first_response"


def test_words_that_were_not_previewed_do_not_leave(now):
    work = make.owned("nina", now)
    seen = replies.preview(work.ticket.reference, by=work.engineer.user, body="Hello")
    with pytest.raises(Stale):
        replies.send(
            work.ticket.reference, by=work.engineer.user, at=now + MINUTE, body="Hello!", digest=seen.digest
        )  # fmt: skip


def test_a_colleagues_name_does_not_leave(now):
    work = make.owned("nina", now)
    with pytest.raises(Blocked):
        speak(replies.send, work, "Ravi Menon says it is fixed.", now + MINUTE)
    assert Message.objects.count() == 1


def test_a_name_that_the_customer_wrote_may_be_repeated(now):
    work = make.owned("nina", now, body="Host 10.20.30.40 does not answer.")
    assert speak(replies.send, work, "Does 10.20.30.40 answer again?", now + MINUTE)


def test_words_of_r_and_d_do_not_leave(now):
    work = make.owned("nina", now)
    request = help.ask(
        work.ticket.reference, by=work.engineer.user, at=now, title="Taint", symptom="Pending", environment="",
        tried="Restart", question="Known?",
    )  # fmt: skip
    help.guard(request, prints_of(R_AND_D))
    with pytest.raises(Blocked):
        speak(replies.send, work, f"Good news. {R_AND_D}", now + MINUTE)


def test_only_the_owner_speaks(now):
    work = make.owned("nina", now)
    other = Engineer.objects.exclude(pk=work.engineer_id).filter(is_lead=False).first()
    with pytest.raises(NotYours):
        speak(replies.send, work, "Hello", now + MINUTE, by=other.user)


def test_a_lead_may_speak_too(now):
    work = make.owned("nina", now)
    lead = Engineer.objects.exclude(pk=work.engineer_id).filter(is_lead=True).first()
    assert speak(replies.send, work, "Hello", now + MINUTE, by=lead.user)


def test_asking_the_customer_frees_the_place(now):
    work = make.owned("nina", now)
    speak(replies.ask, work, "Which version?", now + MINUTE)
    work.refresh_from_db()
    assert (work.state, held(work)) == (Work.State.WAITING, 0)


def test_the_answer_brings_it_back_to_its_owner(now, nina):
    work = make.owned("nina", now)
    speak(replies.ask, work, "Which version?", now + MINUTE)
    words.say(work.ticket.reference, by=nina, at=now + 2 * MINUTE, body="3.4.1")
    pool.take_in(work.ticket_id, at=now + 2 * MINUTE)
    work.refresh_from_db()
    assert (work.state, held(work)) == (Work.State.OWNED, 1)


def test_the_answer_goes_to_a_colleague_when_the_owner_went_home(now, nina):
    work = make.owned("nina", now)
    speak(replies.ask, work, "Which version?", now + MINUTE)
    night = now + timedelta(hours=12)
    words.say(work.ticket.reference, by=nina, at=night, body="3.4.1")
    pool.take_in(work.ticket_id, at=night)
    work.refresh_from_db()
    assert work.state == Work.State.OFFERED
    assert work.engineer.user in (cast.person("grace"), cast.person("hugo"))


def test_the_owner_is_preferred_when_back(now, nina):
    work = make.owned("nina", now)
    owner = work.engineer
    speak(replies.ask, work, "Which version?", now + MINUTE)
    Engineer.objects.filter(pk=owner.pk).update(cap=1)
    full = make.work("nina", now + MINUTE)
    while full.engineer_id != owner.pk:
        full = make.work("nina", now + MINUTE)
    words.say(work.ticket.reference, by=nina, at=now + 2 * MINUTE, body="3.4.1")
    pool.take_in(work.ticket_id, at=now + 2 * MINUTE)
    work.refresh_from_db()
    assert work.engineer_id != owner.pk and work.handled_by_id == owner.pk


def test_solving_ends_it_and_frees_the_place(now):
    work = make.owned("nina", now)
    speak(replies.solve, work, "Restart the scheduler after the upgrade.", now + MINUTE)
    work.refresh_from_db()
    work.ticket.refresh_from_db()
    assert (work.state, work.ticket.state) == (Work.State.DONE, Ticket.State.SOLVED)
    assert Engineer.objects.get(pk=work.handled_by_id).held == 0


def test_reopened_it_is_offered_to_who_had_it(now, nina):
    work = make.owned("nina", now)
    owner = work.engineer
    speak(replies.solve, work, "Restart it.", now + MINUTE)
    words.say(work.ticket.reference, by=nina, at=now + 2 * MINUTE, body="It came back.")
    pool.take_in(work.ticket_id, at=now + 2 * MINUTE)
    work.refresh_from_db()
    assert (work.state, work.engineer_id) == (Work.State.OFFERED, owner.pk)


def test_a_thank_you_that_is_set_aside_reopens_nothing(now, nina):
    work = make.owned("nina", now)
    speak(replies.send, work, "Try it.", now + MINUTE)
    words.say(work.ticket.reference, by=nina, at=now + 2 * MINUTE, body="Thanks, will try tonight")
    pool.take_in(work.ticket_id, at=now + 2 * MINUTE)
    replies.set_aside(work.ticket.reference, by=work.engineer.user, at=now + 3 * MINUTE, reason="will_try")
    work.refresh_from_db()
    assert work.due_kind != "next_response"


def test_a_note_stays_inside(now, nina):
    work = make.owned("nina", now)
    notes.write(work.ticket.reference, by=work.engineer.user, at=now, body="They fell behind on upgrades.")
    assert Message.objects.count() == 1
    assert Note.objects.get(kind=Note.Kind.NOTE).body == "They fell behind on upgrades."


def test_an_empty_note_is_refused(now):
    work = make.owned("nina", now)
    with pytest.raises(notes.Silent):
        notes.write(work.ticket.reference, by=work.engineer.user, at=now, body=" \n")


def test_a_reply_costs_the_same_after_one_word_and_after_fifty(now):
    work = make.owned("nina", now)
    costs = []
    for said in (1, 50):
        while Message.objects.count() < said:
            _reply(work, now)
        with CaptureQueriesContext(connection) as counted:
            _reply(work, now)
        costs.append(len([one for one in counted if "SAVEPOINT" not in one["sql"]]))
    seen = 2  # the preview's
    assert costs[0] == costs[1] <= seen + (13 if connection.vendor == "postgresql" else 15)


def _reply(work: Work, at) -> Message:
    reference, by = work.ticket.reference, work.engineer.user
    seen = replies.preview(reference, by=by, body="We look at it.")
    return replies.send(reference, by=by, at=at, body="We look at it.", digest=seen.digest)

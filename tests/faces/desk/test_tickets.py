"""The workbench: one ticket, and what an engineer does with it in a browser without script."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.actions import help, notes, pool
from desk.models import HelpRequest, Note, Work
from rnd.actions import investigations
from talk.models import Message
from tests import make
from tests.rnd import asking
from tickets.actions import words
from tickets.models import Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_nine(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def work(cast, now) -> Work:
    return make.owned("nina", now, subject="Console shows nothing", body="Since the upgrade the console is empty.")


@pytest.fixture
def desk(client, work):
    client.force_login(work.engineer.user)
    client.cookies["django_language"] = "en"
    return client


def address(work: Work, rest: str = "") -> str:
    return f"/desk/tickets/{work.ticket.reference}/{rest}"


def previewed(desk, work: Work, body: str, intent: str = "reply") -> dict[str, str]:
    """What the form of the preview page would send."""
    text = desk.post(address(work, "preview/"), {"body": body, "intent": intent}).content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', text)
    assert digest, text
    return {"body": body, "intent": intent, "digest": digest[1]}


def test_it_shows_what_was_said_and_what_was_noted(desk, work, now):
    notes.write(work.ticket.reference, by=work.engineer.user, at=now, body="They upgraded twice.")
    text = desk.get(address(work)).content.decode()
    assert "the console is empty" in text and "They upgraded twice." in text


def test_it_says_why_this_engineer(desk, work):
    assert "most room of those who can" in desk.get(address(work)).content.decode()


def test_it_says_why_this_deadline(desk, work):
    assert "clause" in desk.get(address(work)).content.decode().lower()


def test_a_ticket_of_nobodys_desk_is_not_there(client, cast, charlie, work, sun):
    client.force_login(sun)
    assert client.get(address(work)).status_code == 404


def test_a_ticket_that_does_not_exist_answers_the_same(desk, work):
    assert desk.get("/desk/tickets/T-NOBODY/").status_code == 404


def test_the_preview_shows_what_will_be_read(desk, work):
    answer = desk.post(address(work, "preview/"), {"body": "Please run `kubectl get pods`.", "intent": "reply"})
    assert "<code>kubectl get pods</code>" in answer.content.decode()


def test_nothing_leaves_by_a_preview(desk, work):
    desk.post(address(work, "preview/"), {"body": "Hello", "intent": "reply"})
    assert Message.objects.count() == 1


def test_what_was_previewed_is_sent(desk, work):
    desk.post(address(work, "replies/"), previewed(desk, work, "Please wait a moment."))
    assert Message.objects.filter(voice="support").get().body == "Please wait a moment."


def test_a_finding_keeps_the_words_and_shows_no_way_to_send(desk, work):
    answer = desk.post(address(work, "preview/"), {"body": "Ravi Menon knows.", "intent": "reply"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Ravi Menon knows.</textarea>" in text and 'name="digest"' not in text


def test_changed_words_are_refused_and_kept(desk, work):
    form = previewed(desk, work, "Hello")
    answer = desk.post(address(work, "replies/"), {**form, "body": "Hello!"})
    assert answer.status_code == 409 and "Hello!</textarea>" in answer.content.decode()
    assert Message.objects.count() == 1


def test_going_on_writing_keeps_the_words(desk, work):
    answer = desk.post(address(work, "preview/"), {"body": "Half a thought", "intent": "ask", "go_on": "1"})
    assert "Half a thought</textarea>" in answer.content.decode()


def test_asking_stops_the_clocks(desk, work):
    desk.post(address(work, "replies/"), previewed(desk, work, "Which version?", "ask"))
    work.refresh_from_db()
    assert work.state == Work.State.WAITING


def test_solving_solves(desk, work):
    desk.post(address(work, "replies/"), previewed(desk, work, "Restart it.", "solve"))
    assert Ticket.objects.get(pk=work.ticket_id).state == Ticket.State.SOLVED


def test_a_file_goes_along_without_its_name(desk, work):
    form = previewed(desk, work, "See the file.")
    desk.post(address(work, "replies/"), {**form, "files": SimpleUploadedFile("omars-notes.txt", b"kubectl get pods")})
    message = Message.objects.get(voice="support")
    assert "omar" not in message.attachments.get().name


def test_a_customers_file_can_be_read(desk, work, now, nina):
    upload = SimpleUploadedFile("console.log", b"nothing to see")
    words.say(work.ticket.reference, by=nina, at=now, body="The log", files=[upload])
    file = Message.objects.latest("pk").attachments.get()
    answer = desk.get(address(work, f"files/{file.reference}/"))
    assert b"".join(answer.streaming_content) == b"nothing to see"


def test_a_note_is_saved(desk, work):
    desk.post(address(work, "notes/"), {"body": "They upgraded twice."})
    assert Note.objects.get(kind=Note.Kind.NOTE).body == "They upgraded twice."


def test_words_that_may_be_passed_on_go_into_the_reply(desk, work, ravi, now):
    opened = asking.investigation(now, work=work)
    investigations.publish(opened.reference, by=ravi, at=now, body="It leaks.", workaround="Restart it every night.")
    way = f"?use={opened.request.reference}"
    assert way in desk.get(address(work)).content.decode()
    text = desk.get(address(work, way)).content.decode()
    assert "Restart it every night.</textarea>" in text and "It leaks.</textarea>" not in text


def test_r_and_d_is_asked(desk, work):
    form = {"title": "Empty", "symptom": "Console empty", "environment": "", "tried": "Reload", "question": "Known?"}
    desk.post(address(work, "help/"), form)
    assert HelpRequest.objects.get().question == "Known?"


def test_an_unfinished_help_request_keeps_its_words(desk, work):
    answer = desk.post(address(work, "help/"), {"title": "Empty", "symptom": "Console empty"})
    assert answer.status_code == 422 and "Console empty</textarea>" in answer.content.decode()


def test_a_help_request_is_withdrawn(desk, work, now):
    request = help.ask(
        work.ticket.reference, by=work.engineer.user, at=now, title="", symptom="a", environment="", tried="b",
        question="c",
    )  # fmt: skip
    desk.post(address(work, f"help/{request.reference}/end/"))
    request.refresh_from_db()
    assert request.state == HelpRequest.State.WITHDRAWN


def test_the_severity_is_confirmed_with_a_public_reason(desk, work):
    desk.post(address(work, "severity/"), {"severity": "2", "reason": "wider", "words": "whole site"})
    ticket = Ticket.objects.get(pk=work.ticket_id)
    assert (ticket.severity, ticket.is_confirmed) == (2, True)


def test_it_is_given_back_with_a_reason(desk, work):
    desk.post(address(work, "return/"), {"reason": "Needs somebody of storage"})
    work.refresh_from_db()
    assert work.engineer.user != desk.session.get("_auth_user_id") and work.state == Work.State.OFFERED


def test_without_a_reason_it_stays(desk, work):
    assert desk.post(address(work, "return/"), {"reason": ""}).status_code == 422
    work.refresh_from_db()
    assert work.state == Work.State.OWNED


def test_a_thank_you_is_set_aside(desk, work, now, nina):
    desk.post(address(work, "replies/"), previewed(desk, work, "Restart it."))
    words.say(work.ticket.reference, by=nina, at=now, body="Thanks!")
    pool.take_in(work.ticket_id, at=now)
    desk.post(address(work, "aside/"), {"reason": "thanks"})
    work.refresh_from_db()
    assert work.due_kind != "next_response"


def test_acts_are_posts(desk, work):
    for rest in ("acknowledgement/", "owner/", "return/", "preview/", "replies/", "notes/", "severity/", "help/"):
        assert desk.get(address(work, rest)).status_code == 405


def test_a_live_page_is_told_nothing_while_nothing_is_new(desk, work):
    version = desk.get(address(work)).content.decode().split("?v=")[1].split('"')[0]
    assert desk.get(address(work, f"?v={version}"), headers=HTMX).status_code == 204


def test_a_live_page_hears_the_customer(desk, work, now, nina):
    version = desk.get(address(work)).content.decode().split("?v=")[1].split('"')[0]
    words.say(work.ticket.reference, by=nina, at=now, body="One more thing")
    assert "One more thing" in desk.get(address(work, f"?v={version}"), headers=HTMX).content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_twelve_statements_at_any_size(desk, work, now, count, nina):
    for _ in range(count):
        notes.write(work.ticket.reference, by=work.engineer.user, at=now, body="a line")
        words.say(work.ticket.reference, by=nina, at=now, body="a word")
    help.ask(
        work.ticket.reference, by=work.engineer.user, at=now, title="", symptom="a", environment="", tried="b",
        question="c",
    )  # fmt: skip
    desk.get(address(work))
    with CaptureQueriesContext(connection) as counted:
        desk.get(address(work))
    assert len(counted) <= 12, "\n".join(one["sql"][:160] for one in counted)


def noted(work, now, count: int) -> list[str]:
    """So many notes, a minute apart; their words."""
    bodies = [f"note {number:02d}" for number in range(count)]
    for minute, body in enumerate(bodies):
        notes.write(work.ticket.reference, by=work.engineer.user, at=now + timedelta(minutes=minute), body=body)
    return bodies


def test_a_long_talk_begins_with_its_newest_lines_and_leads_to_the_others(desk, work, now):
    bodies = noted(work, now, 60)
    text = desk.get(address(work)).content.decode()
    older = desk.get(
        address(work, "earlier/?before=" + text.split("/earlier/?before=")[1].split('"')[0])
    ).content.decode()
    assert bodies[-1] in text and bodies[0] not in text and bodies[0] in older and bodies[-1] not in older
    assert all(body in text + older for body in bodies)


def test_what_was_shown_once_stays_while_the_talk_goes_on(desk, work, now):
    bodies = noted(work, now, 60)
    text = desk.get(address(work)).content.decode()
    oldest = next(body for body in bodies if body in text)
    notes.write(work.ticket.reference, by=work.engineer.user, at=now + timedelta(hours=2), body="the newest")
    since = text.split("since=")[1].split('"')[0]
    live = desk.get(address(work, f"?v=0&since={since}"), headers=HTMX).content.decode()
    assert oldest in live and "the newest" in live


@pytest.mark.parametrize("before", ["rubbish", "2026-11-24", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59-14:00"])
def test_before_nonsense_leads_to_the_ticket(desk, work, before):
    assert desk.get(address(work, f"earlier/?before={before}")).status_code == 302

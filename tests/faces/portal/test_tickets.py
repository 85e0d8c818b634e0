"""Tickets in the portal: filing, reading, answering, moving; and never anybody else's."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now as clock

from accounts.actions import organizations, people
from accounts.models import Membership
from billing.models import Entitlement
from talk.models import Message
from tests import make
from tickets.actions import asks, tickets, words
from tickets.models import Fact, Rating, Ticket


@pytest.fixture
def at():
    """Pages live in the present."""
    return clock()


@pytest.fixture
def ticket(nina, at):
    return make.ticket("nina", at, severity=2)


@pytest.fixture
def portal(client, nina):
    client.force_login(nina)
    return client


def _path(ticket, rest=""):
    return f"/portal/tickets/{ticket.reference}/{rest}"


def _form(plan, **more):
    return {
        "source_key": "k1", "organization": plan.organization.reference, "entitlement": plan.reference,
        "category": "workloads", "severity": "2", "subject": "Pods stay Pending", "body": "Since the upgrade.",
        "do": "send", **more,
    }  # fmt: skip


def _statements(queries):
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_filing_leads_to_the_ticket(portal, ticket):
    answer = portal.post("/portal/tickets/new/", _form(ticket.entitlement))
    filed = Ticket.objects.latest("pk")
    assert answer.url == _path(filed)
    assert filed.subject == "Pods stay Pending"


def test_filing_costs_ten_statements(portal, ticket):
    portal.post("/portal/tickets/new/", _form(ticket.entitlement))
    with CaptureQueriesContext(connection) as queries:
        portal.post("/portal/tickets/new/", _form(ticket.entitlement, source_key="k2"))
    assert len(_statements(queries)) <= 10, _statements(queries)


def test_sending_twice_files_once(portal, ticket):
    addresses = {portal.post("/portal/tickets/new/", _form(ticket.entitlement)).url for _ in range(2)}
    assert len(addresses) == 1
    assert Ticket.objects.count() == 2


def test_what_was_typed_is_kept_when_something_is_missing(portal, ticket):
    answer = portal.post("/portal/tickets/new/", _form(ticket.entitlement, subject="", body="A long story"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A long story" in page
    assert "Everything that you typed is kept" in page


def test_what_was_typed_is_kept_when_the_plan_says_no(portal, ticket):
    Entitlement.objects.update(severities=[3, 4])
    answer = portal.post("/portal/tickets/new/", _form(ticket.entitlement, body="A long story"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A long story" in page
    assert "S2 is not part of this plan" in page


def test_the_promise_is_shown_without_javascript_and_nothing_is_filed(portal, ticket):
    answer = portal.post("/portal/tickets/new/", _form(ticket.entitlement, do="promise", severity="1", body="Typed"))
    page = answer.content.decode()
    assert "<strong>1 h</strong>" in page
    assert "Typed" in page
    assert Ticket.objects.count() == 1


def test_the_promise_follows_the_choice(portal, ticket):
    choice = {"organization": ticket.organization.reference, "entitlement": ticket.entitlement.reference}
    answers = [portal.get("/portal/tickets/new/promise/", {**choice, "severity": level}) for level in (1, 2, 3)]
    spans = [re.search(r"<strong>([^<]+)</strong>", answer.content.decode()).group(1) for answer in answers]
    assert spans == ["1 h", "2 h", "4 h"]


def test_a_category_brings_its_template_until_somebody_writes(portal, ticket):
    choice = {"organization": ticket.organization.reference, "category": "storage"}
    empty = portal.post("/portal/tickets/new/template/", {**choice, "body": ""}).content.decode()
    written = portal.post("/portal/tickets/new/template/", {**choice, "body": "My own words"}).content.decode()
    assert "kubectl get pods -A" in empty
    assert "My own words" in written
    assert "kubectl" not in written


def test_a_plan_of_another_own_company_is_an_error_of_the_form(portal, ticket, nina):
    other = organizations.found("Nordlicht Service", by=nina)
    answer = portal.post("/portal/tickets/new/", _form(ticket.entitlement, organization=other.reference, body="Typed"))
    assert answer.status_code == 422
    assert "must belong to the organization" in answer.content.decode()
    assert "Typed" in answer.content.decode()


@pytest.mark.parametrize("name", ["organization", "entitlement", "asset", "category"])
def test_a_foreign_choice_is_the_same_404_as_a_missing_one(portal, ticket, at, name):
    foreign = make.ticket("zhoumin", at)
    values = {
        "organization": foreign.organization.reference, "entitlement": foreign.entitlement.reference,
        "asset": foreign.asset.reference, "category": "nothing",
    }  # fmt: skip
    answers = [
        portal.post("/portal/tickets/new/", _form(ticket.entitlement, **{name: value}))
        for value in (values[name], "X-333333")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_who_has_no_company_is_shown_the_first_step(client, charlie):
    client.force_login(charlie)
    for page in ("/portal/", "/portal/tickets/new/"):
        assert "/portal/organizations/new/" in client.get(page).content.decode()


def test_who_only_reads_is_told_so(client, ticket):
    reader = people.join("reader@nordlicht.example", name="Reader")
    organizations.admit(ticket.organization, reader, role=Membership.Role.VIEWER)
    client.force_login(reader)
    assert "Your role" in client.get("/portal/tickets/new/").content.decode()
    page = client.get(_path(ticket)).content.decode()
    assert "ticket-urging" not in page
    assert "<textarea" not in page


def test_without_a_plan_the_plans_are_shown_and_an_s3_may_be_filed(client, ada, meridian):
    make.crew()
    client.force_login(ada)
    page = client.get("/portal/tickets/new/").content.decode()
    assert "No plan yet" in page
    form = {
        "source_key": "k", "organization": meridian.reference, "category": "apps", "severity": "3", "subject": "a",
        "body": "b",
    }  # fmt: skip
    assert client.post("/portal/tickets/new/", form).status_code == 302


def test_the_page_says_whose_turn_it_is_and_why(portal, ticket):
    page = portal.get(_path(ticket)).content.decode()
    assert "Our turn" in page
    assert "a person answers before" in page
    assert "S2, First answer within 2 h" in page


def test_a_page_costs_few_queries(portal, ticket):
    portal.get(_path(ticket))
    with CaptureQueriesContext(connection) as queries:
        portal.get(_path(ticket))
    assert len(queries) <= 7, _statements(queries)


def _talked(ticket, nina, at, count: int) -> None:
    """So many words of the customer, a minute apart."""
    said = Message.objects.bulk_create(
        Message(
            thread=ticket.thread, n=2 + number, voice=Message.Voice.CUSTOMER, said_by=nina, reference=f"M-{number}",
            body=f"word {number:03d}", said_at=at + timedelta(minutes=number),
        )
        for number in range(count)
    )  # fmt: skip
    Fact.objects.bulk_create(
        Fact(
            ticket=ticket, n=ticket.last_n + number, kind=Fact.Kind.CUSTOMER_MESSAGE, by=nina, at=one.said_at,
            data={"message": one.reference},
        )
        for number, one in enumerate(said, 1)
    )  # fmt: skip
    Ticket.objects.filter(pk=ticket.pk).update(last_n=ticket.last_n + count)


@pytest.mark.parametrize("count", [50, 500])
def test_a_long_talk_begins_with_its_newest_words_and_leads_to_the_others(portal, ticket, nina, at, count):
    _talked(ticket, nina, at, count)
    portal.get(_path(ticket))
    with CaptureQueriesContext(connection) as queries:
        page = portal.get(_path(ticket)).content.decode()
    assert len(queries) <= 7, _statements(queries)
    assert len(re.findall(r"word \d\d\d", page)) == 50 and f"word {count - 1:03d}" in page
    earlier = re.search(r"\?start=(\d+)#talk", page).group(0)
    older = portal.get(_path(ticket, earlier)).content.decode()
    assert len(re.findall(r"word \d\d\d", older)) == min(count, 100)


def test_nothing_new_costs_one_read_and_no_bytes(portal, ticket):
    page = portal.get(_path(ticket)).content.decode()
    address = re.search(rf"{_path(ticket, 'live/')}\?v=\w+", page).group(0)
    with CaptureQueriesContext(connection) as queries:
        answer = portal.get(address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert len(queries) == 4


def test_an_answer_of_the_desk_arrives_at_the_open_page(portal, ticket, at):
    page = portal.get(_path(ticket)).content.decode()
    address = re.search(rf"{_path(ticket, 'live/')}\?v=\w+", page).group(0)
    words.replied(ticket, make.speak(ticket, at, "Try **this**."), at=at)
    answer = portal.get(address)
    assert "<strong>this</strong>" in answer.content.decode()
    assert "In progress" in answer.content.decode()


def test_an_answer_goes_out_with_its_file(portal, ticket, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    upload = SimpleUploadedFile("a.log", b"<b>x</b>")
    portal.post(_path(ticket, "words/"), {"body": "The log", "files": upload})
    page = portal.get(_path(ticket)).content.decode()
    address = re.search(rf"{_path(ticket, 'files/')}F-\w+/", page).group(0)
    file = portal.get(address)
    assert b"".join(file.streaming_content) == b"<b>x</b>"
    assert file["Content-Disposition"] == 'attachment; filename="a.log"'
    assert "sandbox" in file["Content-Security-Policy"]


def test_a_file_of_a_foreign_ticket_is_the_same_404_as_a_missing_one(client, portal, ticket, ada, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    portal.post(_path(ticket, "words/"), {"body": "x", "files": SimpleUploadedFile("a.log", b"x")})
    address = re.search(rf"{_path(ticket, 'files/')}F-\w+/", portal.get(_path(ticket)).content.decode()).group(0)
    client.force_login(ada)
    foreign, missing = client.get(address), client.get("/portal/tickets/T-333333/files/F-333333/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_an_answer_that_cannot_be_sent_keeps_its_words(portal, ticket, nina, at):
    tickets.withdraw(ticket.reference, by=nina, at=at)
    answer = portal.post(_path(ticket, "words/"), {"body": "Too late"})
    assert answer.status_code == 422
    assert "The ticket is closed." in answer.content.decode()
    assert "Too late" in answer.content.decode()


def test_urging_twice_says_when(portal, ticket):
    first, second = (portal.post(_path(ticket, "urging/"), follow=True).content.decode() for _ in range(2))
    assert "Urged." in first
    assert "You can urge again at" in second
    assert Fact.objects.filter(kind="urged").count() == 1


def test_raising_needs_a_reason(portal, ticket):
    answer = portal.post(_path(ticket, "severity/"), {"severity": "1", "reason": ""})
    assert answer.status_code == 422
    portal.post(_path(ticket, "severity/"), {"severity": "1", "reason": "All sites are down"})
    assert Ticket.objects.get(pk=ticket.pk).severity == 1


def test_only_higher_severities_are_offered(portal, ticket):
    page = portal.get(_path(ticket, "severity/")).content.decode()
    assert re.findall(r'name="severity" value="(\d)"', page) == ["1"]


def test_withdrawing_asks_first(portal, ticket):
    assert "Withdraw it" in portal.get(_path(ticket, "withdrawal/")).content.decode()
    portal.post(_path(ticket, "withdrawal/"))
    assert Ticket.objects.get(pk=ticket.pk).closing == "withdrawn"


def test_confirming_and_rating_end_a_solved_ticket(portal, ticket, at):
    tickets.solve(ticket, make.speak(ticket, at), at=at)
    assert "Yes, it is solved" in portal.get(_path(ticket)).content.decode()
    portal.post(_path(ticket, "closure/"))
    portal.post(_path(ticket, "rating/"), {"score": "5", "comment": "Fast"})
    assert Ticket.objects.get(pk=ticket.pk).closing == "confirmed"
    assert Rating.objects.get().comment == "Fast"


def test_a_question_of_the_desk_is_your_turn(portal, ticket, at):
    asks.asked(ticket, make.speak(ticket, at, "Which version is it?"), at=at)
    page = portal.get(_path(ticket)).content.decode()
    assert "Your turn" in page
    assert page.count("Which version is it?") == 2


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("get", ""), ("get", "live/"), ("post", "words/"), ("post", "urging/"), ("get", "severity/"),
        ("post", "severity/"), ("get", "withdrawal/"), ("post", "withdrawal/"), ("post", "closure/"),
        ("post", "rating/"),
    ],
)  # fmt: skip
def test_a_foreign_ticket_is_the_same_404_as_a_missing_one(client, ticket, ada, method, rest):
    client.force_login(ada)
    data = {"body": "x", "severity": "1", "reason": "x", "score": "5"}
    ask = getattr(client, method)
    foreign, missing = ask(_path(ticket, rest), data), ask(f"/portal/tickets/T-333333/{rest}", data)
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_people_of_the_house_have_no_portal(client, linhao, ticket):
    client.force_login(linhao)
    assert client.get(_path(ticket)).status_code == 404


def test_the_list_shows_each_ticket_with_its_deadline(portal, ticket):
    page = portal.get("/portal/tickets/").content.decode()
    assert ticket.reference in page
    assert "countdown is-calm" in page
    assert ticket.reference not in portal.get("/portal/tickets/?show=over").content.decode()


def test_no_page_names_anybody_of_the_house(portal, ticket, at):
    words.replied(ticket, make.speak(ticket, at), at=at)
    pages = ["/portal/", "/portal/tickets/", "/portal/tickets/new/", _path(ticket), _path(ticket, "live/?v=x")]
    text = "".join(portal.get(page).content.decode() for page in pages)
    assert not re.search("Lin Hao|林浩|linhao|harbour.example", text)

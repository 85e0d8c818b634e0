"""The page of one investigation, and what R&D does there."""

import pytest

from desk.models import Answer
from rnd.actions import investigations
from rnd.models import Investigation, Remark
from tests.rnd import asking

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_nine(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def opened(ravi, client, now) -> Investigation:
    client.force_login(ravi)
    return asking.investigation(now)


def address(opened: Investigation, part: str = "") -> str:
    return f"/workshop/investigations/{opened.reference}/{part}"


def test_the_page_shows_the_request_in_the_desks_words(client, opened):
    page = client.get(address(opened)).content.decode()
    assert all(words in page for words in asking.WORDS.values())


def test_the_page_leads_to_neither_ticket_nor_customer(client, opened):
    page = client.get(address(opened)).content.decode()
    ticket = opened.request.work.ticket
    hidden = (ticket.reference, ticket.subject, ticket.organization.name, ticket.opened_by.name, "/desk/", "/portal/")
    assert not [words for words in hidden if words in page]


def test_anothers_is_the_same_404_as_a_missing_one(client, opened, mei):
    client.force_login(mei)
    theirs, missing = client.get(address(opened)), client.get("/workshop/investigations/V-346789/")
    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.content == missing.content


@pytest.mark.parametrize("part", ["owner/", "remarks/", "finding/", "group/"])
def test_anothers_cannot_be_touched(client, opened, mei, part):
    client.force_login(mei)
    assert client.post(address(opened, part), {"body": "x", "topic": "kubekey"}).status_code == 404


def test_taking_it_says_so(client, opened, ravi):
    assert client.post(address(opened, "owner/")).status_code == 302
    assert Investigation.objects.get().taken_by == ravi


def test_a_remark_stands_on_the_page(client, opened):
    client.post(address(opened, "remarks/"), {"body": "It is the `informer`."})
    assert "<code>informer</code>" in client.get(address(opened)).content.decode()


def test_an_empty_remark_comes_back_with_the_reason(client, opened):
    response = client.post(address(opened, "remarks/"), {"body": " "})
    assert response.status_code == 422 and not Remark.objects.exists()


def test_a_finding_goes_to_the_desk(client, opened):
    client.post(address(opened, "finding/"), {"body": "A cache.", "workaround": "Restart.", "fixed_in": "v4.1.3"})
    assert Answer.objects.get().fixed_in == "v4.1.3"


def test_a_finding_that_comes_too_late_is_refused_and_its_words_are_kept(client, opened, ravi, now):
    investigations.publish(opened.reference, by=ravi, at=now, body="First.")
    response = client.post(address(opened, "finding/"), {"body": "Second, and long."})
    assert response.status_code == 409 and Answer.objects.count() == 1


def test_handing_it_on_leads_back_to_the_inbox(client, opened):
    assert client.post(address(opened, "group/"), {"topic": "kubekey"}).url == "/workshop/"
    assert client.get(address(opened)).status_code == 404


def test_a_live_page_gets_nothing_while_nothing_is_new(client, opened, ravi, now):
    page = client.get(address(opened)).content.decode()
    version = page.split("?v=")[1].split('"')[0]
    assert client.get(f"{address(opened)}?v={version}", headers=HTMX).status_code == 204
    investigations.remark(opened.reference, by=ravi, at=now, body="News.")
    assert "News." in client.get(f"{address(opened)}?v={version}", headers=HTMX).content.decode()


def test_an_ended_investigation_has_no_fields(client, opened, ravi, now):
    investigations.publish(opened.reference, by=ravi, at=now, body="Done.")
    page = client.get(address(opened)).content.decode()
    assert 'name="workaround"' not in page and "remark-body" not in page

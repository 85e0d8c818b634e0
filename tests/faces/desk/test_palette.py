"""The command palette's question, and the page that stands for it without script."""

import pytest

from tests import make

HTMX = {"HX-Request": "true"}


@pytest.fixture
def work(cast, now):
    return make.owned("nina", now, subject="Console shows nothing")


@pytest.fixture
def desk(client, work):
    client.force_login(work.engineer.user)
    return client


def test_a_ticket_is_found_by_words_of_its_subject(desk, work):
    assert work.ticket.reference in desk.get("/desk/palette/?q=shows+console", headers=HTMX).content.decode()


def test_without_script_a_whole_reference_leads_there(desk, work):
    answer = desk.get(f"/desk/palette/?q={work.ticket.reference.lower()}")
    assert answer["Location"] == f"/desk/tickets/{work.ticket.reference}/"


def test_other_desks_are_not_searched(desk, work):
    type(work).objects.update(desk=make.desk("another"))
    assert work.ticket.reference not in desk.get("/desk/palette/?q=console").content.decode()


def test_nothing_asked_finds_nothing(desk, work):
    assert work.ticket.reference not in desk.get("/desk/palette/").content.decode()

"""The queue as its readers see it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.actions import replies
from desk.models import Work
from duty.models.inside import Engineer
from tests import make

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_nine(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def omar_in(cast, client, omar):
    make.crew()
    client.force_login(omar)
    return client


def page(client, address: str = "/desk/", **more) -> str:
    response = client.get(address, **more)
    assert response.status_code == 200
    return response.content.decode()


def only_omar(now) -> None:
    """Omar alone is at the desk, so that offers are his."""
    Engineer.objects.exclude(user__email__startswith="omar").update(is_active=False)


def speak(verb, work, body: str, now) -> None:
    """Say words to the customer as their preview was seen."""
    reference, by = work.ticket.reference, work.engineer.user
    seen = replies.preview(reference, by=by, body=body)
    verb(reference, by=by, at=now, body=body, digest=seen.digest)


def test_a_new_ticket_stands_in_the_queue(omar_in, now):
    work = make.work("nina", now, subject="Console shows nothing")
    assert f"/desk/tickets/{work.ticket.reference}/" in page(omar_in)


def test_what_is_offered_to_me_can_be_acknowledged_here(omar_in, now):
    only_omar(now)
    work = make.work("nina", now)
    assert f"/desk/tickets/{work.ticket.reference}/acknowledgement/" in page(omar_in)


def test_an_offer_stands_above_a_list_that_does_not_hold_it(omar_in, now):
    only_omar(now)
    work = make.work("nina", now, severity=3)
    text = page(omar_in, "/desk/?severity=1")
    assert "/acknowledgement/" in text and f'data-row="{work.ticket.reference}"' not in text


def test_facets_narrow_the_list(omar_in, now):
    one, three = make.work("nina", now, severity=1), make.work("nina", now, severity=3)
    text = page(omar_in, "/desk/?severity=1")
    assert f'data-row="{one.ticket.reference}"' in text and f'data-row="{three.ticket.reference}"' not in text


def test_a_facet_that_cannot_exist_is_ignored(omar_in, now):
    work = make.work("nina", now)
    assert f'data-row="{work.ticket.reference}"' in page(omar_in, "/desk/?severity=nine&view=moon&after=rubbish")


@pytest.mark.parametrize("words", ["scheduler stuck", "nordlicht", "T-"])
def test_search_finds_subject_customer_and_reference(omar_in, now, words):
    work = make.work("nina", now, subject="The scheduler is stuck")
    other = make.work("zhoumin", now, subject="别的")
    words = work.ticket.reference.lower() if words == "T-" else words
    text = page(omar_in, f"/desk/?q={words}")
    assert f'data-row="{work.ticket.reference}"' in text and f'data-row="{other.ticket.reference}"' not in text


def test_what_is_solved_is_found_behind_what_is_open_and_in_its_view(omar_in, now):
    only_omar(now)
    solved = make.owned("nina", now, subject="The scheduler is stuck")
    speak(replies.solve, solved, "Restart it.", now)
    still_open = make.work("nina", now, subject="The scheduler is stuck again")
    here, there = (f'data-row="{work.ticket.reference}"' for work in (solved, still_open))
    text = page(omar_in, "/desk/?q=stuck")
    assert text.index(there) < text.index(here)
    text = page(omar_in, "/desk/?view=solved")
    assert here in text and there not in text and here not in page(omar_in)


def test_it_says_whose_places_are_taken(omar_in, now):
    only_omar(now)
    asked = make.owned("nina", now)
    speak(replies.ask, asked, "Which version?", now)
    make.owned("nina", now)
    for address in ("/desk/", "/desk/shift/"):
        text = page(omar_in, address)
        assert "1 of 5 places, 1 waits for the customer" in " ".join(text.split())


def test_what_is_due_first_stands_first(omar_in, now):
    late = make.work("nina", now, severity=4)
    soon = make.work("nina", now, severity=1)
    text = page(omar_in)
    assert text.index(f'data-row="{soon.ticket.reference}"') < text.index(f'data-row="{late.ticket.reference}"')


def test_a_live_page_is_told_nothing_while_nothing_is_new(omar_in, now):
    make.work("nina", now)
    version = page(omar_in).split("v=")[1].split('"')[0]
    assert omar_in.get(f"/desk/?v={version}", headers=HTMX).status_code == 204


def test_a_live_page_hears_of_a_new_ticket(omar_in, now):
    make.work("nina", now)
    version = page(omar_in).split("v=")[1].split('"')[0]
    work = make.work("nina", now + timedelta(seconds=1))
    answer = omar_in.get(f"/desk/?v={version}", headers=HTMX)
    assert work.ticket.reference in answer.content.decode()


def test_the_queue_is_not_for_customers(cast, client, nina):
    client.force_login(nina)
    assert client.get("/desk/").status_code == 404


def test_nor_for_r_and_d(cast, client, ravi):
    client.force_login(ravi)
    assert client.get("/desk/").status_code == 404


def test_who_works_no_desk_is_told_so(cast, client, omar):
    client.force_login(omar)
    assert "You work no desk" in page(client)


@pytest.mark.parametrize("count", [1, 40])
def test_the_page_costs_eight_statements_at_any_size(omar_in, now, count):
    work = make.work("nina", now)
    for number in range(count - 1):
        _copy(work, number, now)
    page(omar_in)
    with CaptureQueriesContext(connection) as counted:
        page(omar_in)
    assert len(counted) <= 8, "\n".join(one["sql"][:160] for one in counted)


def _copy(work: Work, number: int, at: datetime) -> None:
    ticket = make.ticket("nina", at)
    Work.objects.create(
        ticket=ticket, desk_id=work.desk_id, severity=3, waiting_since=at, changed_at=at, skill="kubesphere",
        language="en", due_at=at + timedelta(minutes=number),
    )  # fmt: skip

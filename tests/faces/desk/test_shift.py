"""My shift, and what I was told."""

import pytest

from duty.models.inside import Engineer
from notifications.models.inside import InsideNotice
from tests import make


@pytest.fixture(autouse=True)
def _at_nine(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def omar_in(cast, client, omar):
    make.crew()
    client.force_login(omar)
    return client


def text(client, address: str) -> str:
    return client.get(address).content.decode()


def test_it_says_who_is_on(omar_in):
    assert "Sara Novak" in text(omar_in, "/desk/shift/")


def test_it_says_who_goes_home_next(omar_in):
    page = text(omar_in, "/desk/shift/")
    assert "Next hand-over 11:00" in page and "林浩" in page.split("Next hand-over")[1]


def test_it_holds_what_i_hold(omar_in, now):
    Engineer.objects.exclude(user__email__startswith="omar").update(is_active=False)
    work = make.owned("nina", now, subject="Console shows nothing")
    assert f'data-row="{work.ticket.reference}"' in text(omar_in, "/desk/shift/")


def test_what_a_colleague_holds_is_not_here(omar_in, now):
    Engineer.objects.filter(user__email__startswith="omar").update(cap=0)
    work = make.owned("nina", now)
    assert f'data-row="{work.ticket.reference}"' not in text(omar_in, "/desk/shift/")


def test_empty_hands_are_offered_the_pool(omar_in):
    assert "/desk/?view=pool" in text(omar_in, "/desk/shift/")


def test_what_was_told_can_be_read_and_ticked_off(omar_in, now, omar):
    Engineer.objects.exclude(user__email__startswith="omar").update(is_active=False)
    make.work("nina", now, subject="Console shows nothing")
    assert "Console shows nothing" in text(omar_in, "/desk/notices/")
    omar_in.post("/desk/notices/reading/")
    assert not InsideNotice.objects.visible_to(omar).on_page().unread().exists()

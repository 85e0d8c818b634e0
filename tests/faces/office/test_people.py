"""The office's page of people: operations alone, with what closing an account leaves behind."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.models.inside import Team, TeamInvitation
from desk.actions import crew
from tests import make

PEOPLE = "/office/people/"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


@pytest.fixture
def ottos(client, otto) -> Client:
    client.force_login(otto)
    return client


@pytest.mark.parametrize("who", ["dora", "fang", "sun", "omar", "ravi", "nina"])
@pytest.mark.parametrize("address", [PEOPLE, PEOPLE + "{pk}/", PEOPLE + "{pk}/closure/"])
def test_nobody_but_operations_enters(request, client, who, address):
    person = request.getfixturevalue(who)
    client.force_login(person)
    assert client.get(address.format(pk=person.pk)).status_code == 404


def test_everybody_is_listed_with_teams_and_whether_the_second_factor_stands(ottos, omar):
    Authenticator.objects.create(user=omar, type="totp", data={})
    page = ottos.get(PEOPLE).content.decode()
    assert all(words in page for words in ("Omar Haddad", "Desk, tier 1", "not set up", "R&amp;D KubeSphere"))
    assert page.count("app</span>") == 1


def test_an_invitation_is_sent_again_and_taken_back(ottos):
    team = Team.objects.get(kind=Team.Kind.SALES)
    ottos.post(PEOPLE, {"address": "new@harbour.example", "team": team.pk, "language": "en"})
    row = TeamInvitation.objects.get()
    address = f"{PEOPLE}invitations/{row.reference}/"
    assert "ten minutes" in ottos.post(address, {"do": "send"}, follow=True).content.decode()
    ottos.post(address, {"do": "revoke"})
    assert ottos.post(address, {"do": "revoke"}).status_code == 404


def test_before_closing_one_reads_where_the_person_stands_and_after_it_no_work_is_offered(ottos, omar, now):
    desk = make.crew()
    assert "Omar Haddad" in [row.user.name for row in crew.see(desk, now).rows.values()]
    page = ottos.get(f"{PEOPLE}{omar.pk}/").content.decode()
    assert "Berlin" in page and "No work is offered to them any more" in page
    ottos.post(f"{PEOPLE}{omar.pk}/closure/")
    assert not User.objects.get(pk=omar.pk).is_active
    assert "Omar Haddad" not in [row.user.name for row in crew.see(desk, now).rows.values()]
    ottos.post(f"{PEOPLE}{omar.pk}/closure/", {"do": "reopen"})
    assert "Omar Haddad" in [row.user.name for row in crew.see(desk, now).rows.values()]


def test_a_lost_second_factor_is_taken_away_and_with_it_every_session(ottos, omar):
    Authenticator.objects.create(user=omar, type="totp", data={})
    his = Client()
    his.post("/demo/people/omar/")
    ottos.post(f"{PEOPLE}{omar.pk}/factor/")
    assert not Authenticator.objects.exists() and his.get("/desk/").status_code == 302


def test_one_closes_neither_oneself_nor_a_customer(ottos, otto, nina):
    ottos.post(f"{PEOPLE}{otto.pk}/closure/")
    assert ottos.get(PEOPLE).status_code == 200
    assert ottos.post(f"{PEOPLE}{nina.pk}/closure/").status_code == 404
    assert ottos.get(f"{PEOPLE}{nina.pk}/").status_code == 404

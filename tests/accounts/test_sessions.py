"""Where somebody is signed in, ending it, and that a closed account has no session left."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from accounts.actions import people as verbs
from accounts.sessions import device, handle
from config.account import seen
from demo import cast as people

pytestmark = pytest.mark.django_db
PLACES = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def sign_in(key: str, agent: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/accounts/login/", {"login": people.BY_KEY[key].email, "password": people.PASSWORD})
    return client


def key_of(client: Client) -> str:
    return client.session.session_key


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/116.0 Safari/537.36 MicroMessenger/8.0", "WeChat on Android"),
        ("", "An unknown device"),
    ],
)  # fmt: skip
def test_a_device_has_a_name(agent, name):
    assert device(agent) == name


def test_each_place_is_listed_with_device_and_address_and_no_key(nina):
    here = sign_in("nina")
    sign_in("nina", "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1")
    page = here.get(PLACES).content.decode()
    assert "Firefox on Linux" in page and "Safari on iOS" in page and "127.0.0.1" in page and "this device" in page
    assert key_of(here) not in page


def test_one_place_can_be_ended_from_another(nina):
    here, there = sign_in("nina"), sign_in("nina")
    here.post(PLACES, {"end": handle(key_of(there))})
    assert (here.get("/portal/").status_code, there.get("/portal/").status_code) == (200, 302)


def test_all_others_can_be_ended_at_once(nina):
    here, *others = [sign_in("nina") for _ in range(3)]
    here.post(PLACES, {"others": "1"})
    assert [one.get("/portal/").status_code for one in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_another(nina, ada):
    mine, hers = sign_in("nina"), sign_in("ada")
    mine.post(PLACES, {"end": handle(key_of(hers))})
    assert hers.get("/portal/").status_code == 200


def test_ending_this_one_is_signing_out(nina):
    here = sign_in("nina")
    assert here.post(PLACES, {"end": handle(key_of(here))}).headers["Location"] == "/accounts/login/"
    assert here.get("/portal/").status_code == 302


def test_use_is_written_once_in_a_while_and_not_with_every_page(nina, monkeypatch):
    here = sign_in("nina")
    UserSession.objects.update(last_seen_at="2026-01-01T00:00Z")
    here.get("/portal/")
    assert UserSession.objects.get().last_seen_at.year == 2026 and UserSession.objects.get().last_seen_at.month == 1
    monkeypatch.setattr(seen, "EVERY_SECONDS", 0)
    here.get("/portal/")
    assert UserSession.objects.get().last_seen_at.month != 1


def test_a_closed_account_is_out_with_the_next_request_and_does_not_come_in_again(omar, otto, now):
    here = Client()
    here.post("/demo/people/omar/")
    assert here.get("/desk/").status_code == 200
    assert verbs.close(omar.pk, by=otto, at=now) == 1
    assert here.get("/desk/").headers["Location"].startswith("/accounts/login/")
    answer = here.post("/accounts/login/", {"login": omar.email, "password": people.PASSWORD})
    assert answer.headers["Location"] == "/accounts/inactive/"

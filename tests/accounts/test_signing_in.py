"""Signing up, in and out, forgotten passwords, changed addresses: and that none of it says who has an account."""

import re
import time
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership, User
from demo import cast as people
from notifications import tasks
from notifications.models import AddressedNotice
from tests import make

pytestmark = pytest.mark.django_db
LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
NEW_PASSWORD = "a short sentence holds"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def body(answer) -> str:
    """A page without what differs in every page: the token of its forms."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def sign_up(client, email: str):
    said = {"name": "Lena Vogt", "email": email, "password1": NEW_PASSWORD, "timezone": "Europe/Berlin"}
    return client.post(SIGNUP, said)


def letter(to: str):
    """The last mail to an address, sent by the house's own way."""
    tasks.deliver()
    return [one for one in mail.outbox if one.to == [to]][-1]


def link(to: str) -> str:
    return re.search(rf"{settings.SITE_URL}(/\S+)", letter(to).body).group(1)


def test_a_wrong_password_and_an_unknown_address_are_answered_byte_for_byte_the_same(client, nina):
    with time_machine.travel(time.time(), tick=False):  # a header says when the page expires
        answers = [
            client.post(LOGIN, {"login": email, "password": "wrong-wrong-wrong"}, headers={"Accept-Language": "en"})
            for email in ("nina@nordlicht.example", "nona@nordlicht.example")
        ]
    pages = [body(answer).replace("nona@", "nina@") for answer in answers]
    assert pages[0] == pages[1] and "do not fit together" in pages[0]
    assert answers[0].headers == answers[1].headers


def test_so_are_a_forgotten_password_of_somebody_and_of_nobody(client, nina):
    answers = [client.post(RESET, {"email": email}) for email in ("nina@nordlicht.example", "nobody@nowhere.example")]
    assert [answer.headers["Location"] for answer in answers] == [f"{RESET}done/"] * 2
    assert letter("nobody@nowhere.example").subject == "No account has this address"


def test_so_are_a_new_account_and_one_that_exists(client, nina):
    answers = [sign_up(client, email) for email in ("nina@nordlicht.example", "lena@vogt.example")]
    assert [answer.headers["Location"] for answer in answers] == ["/accounts/confirm-email/"] * 2
    assert letter("nina@nordlicht.example").subject == "You have an account already"
    assert User.objects.get(email="nina@nordlicht.example").check_password(people.PASSWORD)


def test_somebody_new_signs_up_confirms_names_a_company_and_orders(client, cast, now):
    make.plans()
    sign_up(client, "lena@vogt.example")
    assert client.post(LOGIN, {"login": "lena@vogt.example", "password": NEW_PASSWORD}).status_code == 302
    assert client.get("/portal/").status_code == 302  # not before the address is confirmed
    confirm = link("lena@vogt.example")
    assert client.get(confirm).status_code == 200  # looking confirms nothing
    assert not EmailAddress.objects.get(email="lena@vogt.example").verified
    client.post(confirm)
    client.post(LOGIN, {"login": "lena@vogt.example", "password": NEW_PASSWORD})
    assert "Welcome, Lena Vogt" in client.get("/portal/").content.decode()
    place = "/portal/orders/new/?plan=premium&currency=USD"
    assert client.get(place).headers["Location"].startswith("/portal/organizations/new/")
    found = {"name": "Vogt GmbH", "country": "DE", "next": place}
    assert client.post("/portal/organizations/new/", found).headers["Location"] == place
    lena = User.objects.get(email="lena@vogt.example")
    assert (lena.timezone, lena.place) == ("Europe/Berlin", User.Place.OUTSIDE)
    assert Membership.objects.get(user=lena).role == Membership.Role.OWNER
    assert client.get(place).status_code == 200


def test_the_chosen_plan_waits_behind_sign_up_the_mail_and_the_company(client, cast):
    make.plans()
    place = "/portal/orders/new/?plan=premium&currency=USD"
    said = {"name": "Lena Vogt", "email": "lena@vogt.example", "password1": NEW_PASSWORD, "next": place}
    client.post(SIGNUP, said | {"timezone": "Asia/Calcutta"})  # as some browsers still call it
    confirm = link("lena@vogt.example")
    assert client.post(confirm).headers["Location"] == place  # the browser that signed up is signed in at once
    onward = client.get(place).headers["Location"]
    assert onward == f"/portal/organizations/new/?{urlencode({'next': place})}"
    form = client.get(onward).content.decode()
    assert '<option value="IN" selected' in form and '<option value="NO"' in form
    founded = client.post(onward, {"name": "Vogt GmbH", "country": "DE", "next": place})
    assert founded.headers["Location"] == place and "Order Premium" in client.get(place).content.decode()


def test_a_zone_stands_once_in_the_list_with_its_distance_and_its_time(client_of, nina):
    page = client_of("nina").get("/accounts/").content.decode()
    [berlin] = re.findall(r'<option value="Europe/Berlin" selected>([^<]+)', page)
    assert re.fullmatch(r"Berlin \(UTC\+0[12]:00, \d\d:\d\d\)", berlin)
    names = [name.partition(" (")[0] for name in re.findall(r'<option value="Asia/[^"]+"[^>]*>([^<]+)', page)]
    assert len(names) == len(set(names)) and "Kolkata" in names


def test_a_link_opened_in_another_browser_signs_nobody_in_and_still_leads_to_the_plan(client, cast):
    place = "/portal/orders/new/?plan=premium&currency=USD"
    said = {"name": "Lena Vogt", "email": "lena@vogt.example", "password1": NEW_PASSWORD}
    client.post(SIGNUP, said | {"next": place})
    confirm, elsewhere = link("lena@vogt.example"), Client()
    page = elsewhere.get(confirm).content.decode()
    assert 'name="next" value="/portal/orders/new/?plan=premium&amp;currency=USD"' in page
    answer = elsewhere.post(confirm.partition("?")[0], {"next": place})
    assert answer.headers["Location"] == place
    assert elsewhere.get(place).headers["Location"] == f"{LOGIN}?{urlencode({'next': place}, safe='/')}"
    client.post(SIGNUP, said | {"email": "lena@evil.example", "next": "https://evil.example/"})
    assert "evil.example" not in link("lena@evil.example").partition("?")[2]


def test_a_link_to_a_new_password_works_once_and_signs_everybody_else_out(client, client_of, nina):
    elsewhere = client_of("nina")
    client.post(RESET, {"email": nina.email})
    address = link(nina.email)
    form = client.get(address).headers["Location"]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert elsewhere.get("/portal/").status_code == 302
    assert client.post(LOGIN, {"login": nina.email, "password": NEW_PASSWORD}).headers["Location"] == "/accounts/home/"
    client.post("/accounts/logout/")
    assert "opens nothing any more" in client.get(address).content.decode()


def test_the_mail_is_in_the_language_of_the_person_and_its_link_is_forgotten_once_sent(client, zhoumin):
    client.post(RESET, {"email": zhoumin.email}, headers={"Accept-Language": "en"})
    waiting = AddressedNotice.objects.get(address=zhoumin.email)
    assert waiting.language == "zh-hans" and "/accounts/password/reset/key/" in waiting.payload["url"]
    letter(zhoumin.email)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.payload) == ("sent", {})


def test_a_new_password_signs_the_other_devices_out_and_this_one_not(client_of, nina):
    here, there = client_of("nina"), client_of("nina")
    said = {"oldpassword": people.PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/accounts/password/change/", said)
    assert here.get("/portal/").status_code == 200
    assert there.get("/portal/").status_code == 302
    assert letter(nina.email).subject == "Your password was changed"


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(client_of, client, nina):
    here = client_of("nina")
    here.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    here.post("/accounts/email/", {"email": "nina@brandt.example", "action_add": "1"})
    nina.refresh_from_db()
    assert nina.email == "nina@nordlicht.example"
    here.post(link("nina@brandt.example"))
    nina.refresh_from_db()
    assert nina.email == "nina@brandt.example"
    assert letter("nina@nordlicht.example").subject == "Your e-mail address was changed"


def test_an_address_of_somebody_else_is_never_taken_over(client_of, nina, ada):
    here = client_of("nina")
    here.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    answer = here.post("/accounts/email/", {"email": ada.email, "action_add": "1"})
    assert answer.status_code == 302 and "already" not in here.get("/accounts/email/").content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@meridian.example"


def test_too_many_tries_at_one_address_have_to_wait_even_with_the_right_password(client, nina):
    for _ in range(5):
        client.post(LOGIN, {"login": nina.email, "password": "wrong-wrong-wrong"})
    answer = client.post(LOGIN, {"login": nina.email, "password": people.PASSWORD})
    assert "Wait five minutes" in answer.content.decode()


def test_from_one_network_address_only_so_many_tries_are_taken(client, cast):
    tries = [client.post(LOGIN, {"login": f"x{n}@nowhere.example", "password": "wrong-wrong-wrong"}) for n in range(31)]
    assert tries[-1].status_code == 429 and "Gatehouse" in tries[-1].content.decode()


def test_behind_a_proxy_the_tries_count_for_who_stands_before_it(client, cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(10):
        said = {"login": f"x{n}@nowhere.example", "password": "wrong-wrong-wrong"}
        client.post(LOGIN, said, headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    said = {"login": "nina@nordlicht.example", "password": people.PASSWORD}
    held = client.post(LOGIN, said, headers={"X-Forwarded-For": "1.1.1.1, 203.0.113.9"})
    free = client.post(LOGIN, said, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    assert (held.status_code, free.status_code) == (200, 302)


def test_name_language_and_zone_take_effect_at_once(client_of, nina):
    here = client_of("nina")
    here.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    here.post("/accounts/", {"name": "Nina B.", "language": "zh-hans", "timezone": "Asia/Tokyo"})
    nina.refresh_from_db()
    assert (nina.name, nina.language, nina.timezone) == ("Nina B.", "zh-hans", "Asia/Tokyo")
    assert '<html lang="zh-hans"' in here.get("/accounts/").content.decode()


def test_the_switch_of_the_language_is_remembered_with_the_person(client_of, client, nina):
    client_of("nina").post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans"' in client_of("nina").get("/portal/").content.decode()


def test_a_language_chosen_on_this_device_before_does_not_outlast_the_sign_in(client, nina):
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    client.post(LOGIN, {"login": nina.email, "password": people.PASSWORD})
    assert '<html lang="en"' in client.get("/portal/").content.decode()


@pytest.mark.parametrize("said", [{"language": "tlh"}, {"timezone": "Mars/Olympus"}, {"name": " \x00 "}])
def test_what_is_no_language_zone_or_name_is_not_taken(client_of, nina, said):
    answer = client_of("nina").post("/accounts/", {"name": "N", "language": "en", "timezone": "UTC"} | said)
    nina.refresh_from_db()
    assert answer.status_code == 422 and nina.name == "Nina Brandt"

"""The second factor: whoever must have one meets nothing else before it stands, and keeps at least one."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from accounts.access import BEFORE_THE_FACTOR
from accounts.models import Membership
from config.checks import routes
from demo import cast as people

pytestmark = pytest.mark.django_db
LOGIN, SET_UP, CHOOSE = "/accounts/login/", "/accounts/2fa/totp/activate/", "/accounts/2fa/"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def sign_in(client, key: str, *, follow: bool = False):
    """As a person does, by the form."""
    data = {"login": people.BY_KEY[key].email, "password": people.PASSWORD}
    return client.post(LOGIN, data, follow=follow)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up(client) -> str:
    """Set up the app; returns its secret."""
    secret = re.search(r'class="secret">(\w+)<', client.get(SET_UP).content.decode()).group(1)
    assert client.post(SET_UP, {"code": code_of(secret)}).status_code == 302
    return secret


@pytest.fixture
def engineer_of_a_vendor(charlie, pujiang):
    Membership.objects.create(organization=pujiang, user=charlie, role=Membership.Role.ENGINEER)
    return charlie


@pytest.mark.parametrize(
    "address", ["/desk/", "/office/", "/workshop/", "/accounts/home/", "/accounts/", "/", "/plans/"]
)
def test_without_a_second_factor_every_page_leads_to_setting_one_up(client, omar, address):
    sign_in(client, "omar")
    assert client.get(address).headers["Location"].startswith(CHOOSE)


def test_a_live_part_that_polls_leads_its_whole_page_there(client, omar):
    sign_in(client, "omar")
    answer = client.get("/desk/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (204, "/accounts/home/", b"")


def test_what_is_sent_without_a_second_factor_changes_nothing(client, omar):
    sign_in(client, "omar")
    answer = client.post("/accounts/", {"name": "Somebody", "language": "en", "timezone": "UTC"})
    omar.refresh_from_db()
    assert answer.status_code == 302 and omar.name == "Omar Haddad"


def test_every_address_but_those_named_is_closed_before_the_factor(client, dora):
    sign_in(client, "dora")
    plain = [(address, pattern) for address, pattern in routes() if not re.search(r"[<(^$]|demo/", address)]
    opened = {
        pattern.name for address, pattern in plain
        if pattern.name not in BEFORE_THE_FACTOR and not address.startswith("healthz")
        and not client.get(f"/{address}").headers.get("Location", "").startswith(CHOOSE)
    }  # fmt: skip
    assert len(plain) > 30 and opened == set()


def test_an_engineer_of_a_vendor_must_have_one_too(client, engineer_of_a_vendor):
    sign_in(client, "charlie")
    assert client.get("/portal/").headers["Location"].startswith(CHOOSE)


def test_a_customer_may_have_one_and_need_not(client, nina):
    sign_in(client, "nina")
    assert client.get("/portal/").status_code == 200


def test_with_the_app_set_up_the_work_opens_and_recovery_codes_are_shown(client, omar):
    sign_in(client, "omar")
    set_up(client)
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert client.get("/desk/").status_code == 200
    assert len(re.findall(r"<li><code>\d{8}</code>", codes)) == 10


def test_the_secret_does_not_stand_in_the_database_in_the_clear(client, omar):
    sign_in(client, "omar")
    secret = set_up(client)
    assert secret not in str(Authenticator.objects.get(user=omar, type="totp").data)


def test_the_next_sign_in_asks_for_the_code(client, omar):
    sign_in(client, "omar")
    secret = set_up(client)
    client.post("/accounts/logout/")
    assert sign_in(client, "omar").headers["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/desk/").headers["Location"].startswith(LOGIN)
    with time_machine.travel(time.time() + 60):
        client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/desk/").status_code == 200


def test_a_recovery_code_stands_in_once(client, omar):
    sign_in(client, "omar")
    set_up(client)
    code = RecoveryCodes(Authenticator.objects.get(user=omar, type="recovery_codes")).get_unused_codes()[0]
    client.post("/accounts/logout/")
    for shown in (True, False):
        sign_in(client, "omar")
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert (client.get("/desk/").status_code == 200) is shown
        client.post("/accounts/logout/")


def test_a_session_from_before_the_factor_has_to_show_it(client, omar):
    sign_in(client, "omar")
    TOTP.activate(omar, "JBSWY3DPEHPK3PXP")
    assert client.get("/desk/").headers["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_session_that_has_not_shown_the_factor_adds_none_of_its_own(client, omar):
    """Somebody with Omar's password, signed in since before he set up his key, would show their own app instead."""
    sign_in(client, "omar")
    Authenticator.objects.create(user=omar, type="webauthn", data={"name": "Omar's", "credential": {}})
    for address in (CHOOSE, SET_UP, "/accounts/2fa/webauthn/add/"):
        assert client.get(address).headers["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")
    client.post(SET_UP, {"code": "123456"})
    assert not Authenticator.objects.filter(user=omar, type="totp").exists()


def test_whoever_needs_one_cannot_take_the_last_one_away(client, omar):
    sign_in(client, "omar")
    set_up(client)
    page = client.post("/accounts/2fa/totp/deactivate/").content.decode()
    assert "Add another one before you remove this" in page
    assert Authenticator.objects.filter(user=omar, type="totp").exists()


def test_nor_the_last_passkey(client, omar):
    client.force_login(omar)
    key = Authenticator.objects.create(user=omar, type="webauthn", data={"name": "Laptop", "credential": {}})
    client.post("/accounts/reauthenticate/", {"password": people.PASSWORD})
    client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_one_of_two_may_go(client, omar):
    sign_in(client, "omar")
    set_up(client)
    Authenticator.objects.create(user=omar, type="webauthn", data={"name": "Laptop", "credential": {}})
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=omar, type="totp").exists()


def test_a_customer_may_take_the_last_one_away(client, nina):
    sign_in(client, "nina")
    set_up(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=nina).exists()


@pytest.mark.parametrize("address", [SET_UP, "/accounts/2fa/webauthn/add/"])
def test_a_change_some_minutes_after_the_sign_in_asks_once_more(client, nina, address):
    sign_in(client, "nina")
    assert client.get(address).status_code == 200
    with time_machine.travel(time.time() + 400):
        assert client.get(address).headers["Location"].startswith("/accounts/reauthenticate/")


def test_the_demos_sign_in_takes_it_as_given_and_only_there(client, omar):
    client.post("/demo/people/omar/")
    assert client.get("/desk/").status_code == 200
    client.post("/accounts/logout/")
    sign_in(client, "omar")
    assert client.get("/desk/").status_code == 302

"""Passkeys in a real browser, with the authenticator that Chromium pretends to have, under the real headers."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from playwright.sync_api import ConsoleMessage, Page

from demo import cast as people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; there must be nothing at the end."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def key(page: Page) -> None:
    """A device that shows no dialog and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def sign_in(page: Page, house: str, who: str) -> None:
    page.goto(f"{house}/accounts/login/")
    page.get_by_label("E-mail address").fill(people.BY_KEY[who].email)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_the_whole_way_of_somebody_of_the_house(page: Page, live_server, key, complaints):
    """Led to it at the first sign-in, named, used in place of the password, and kept while it is the last."""
    cache.clear()
    people.gather()
    house = live_server.url
    sign_in(page, house, "omar")
    page.get_by_role("heading", name="One thing before you begin").wait_for()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("Laptop of Omar")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url(f"{house}/desk/")

    page.goto(f"{house}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Rename Laptop of Omar").click()
    page.get_by_label("What you call it").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Old laptop").click()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("Add another one before you remove this.").wait_for()

    page.goto(f"{house}/accounts/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{house}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{house}/desk/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Old laptop"


def test_a_passkey_follows_the_password_and_another_may_be_removed(page: Page, live_server, key, complaints):
    """Nina adds two; the password alone opens nothing from then on; both may go, since she needs none."""
    cache.clear()
    people.gather()
    house = live_server.url
    sign_in(page, house, "nina")
    page.wait_for_url(f"{house}/portal/")
    page.goto(f"{house}/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(f"{house}/accounts/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, house, "nina")
    page.get_by_role("heading", name="Second step").wait_for()
    page.goto(f"{house}/portal/")
    page.get_by_role("heading", name="Second step").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{house}/portal/")
    page.goto(f"{house}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove My device").click()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("A passkey lives on your device").wait_for()

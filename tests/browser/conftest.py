"""The people who look at every page, each signed in once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import sheet
from tests.browser.places import WITH_FACTORS, confirm
from tests.browser.tourist import PICTURES, Tourist

GIVE_FACTORS = f"""
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from demo import cast
somebody = cast.person("{WITH_FACTORS}")
TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")
RecoveryCodes.activate(somebody)
"""
Tourists = Callable[[str], Tourist]


DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def add_passkey(page: Page) -> None:
    """As a person does, with a device that the browser plays."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    with page.expect_navigation():
        page.locator("[data-passkey]").click()


@pytest.fixture(scope="session")
def tourists(browser, house) -> Iterator[Tourists]:
    """`tourists("nina")`: Nina at her browser."""
    people: dict[str, Tourist] = {}

    def somebody(key: str) -> Tourist:
        if key not in people:
            people[key] = Tourist(browser, house, key)
            if key == WITH_FACTORS:
                house.shell(GIVE_FACTORS)
                add_passkey(people[key].page)
        return people[key]

    yield somebody
    for one in people.values():
        one.context.close()
    sheet.write(PICTURES)

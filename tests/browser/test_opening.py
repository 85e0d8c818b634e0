"""The first page in a real browser, under the real headers."""

import pytest
from playwright.sync_api import ConsoleMessage, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_storefront_opens_without_a_complaint(page: Page, live_server):
    """Nothing is refused by the content security policy, nothing is missing, no script fails."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(live_server.url)
    assert answer and answer.status == 200
    assert page.locator("h1").first.is_visible()
    assert complaints == []

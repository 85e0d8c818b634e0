"""Without JavaScript: pages are read, and forms do what they say."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.places import PLACES, Place
from tests.browser.tourist import Tourist
from tests.proof import PROOF

pytestmark = pytest.mark.browser
READ = [place for place in PLACES if place.act is None and place.status == 200]
SAMPLE = READ if PROOF > 1 else READ[::6]
"""A page that is shown needs no script anywhere; a few say it for all on an ordinary day."""


@pytest.fixture(scope="module")
def without(browser, house):
    """`without("nina")`: Nina at a browser that runs no script."""
    people: dict[str, Tourist] = {}

    def somebody(key: str) -> Tourist:
        if key not in people:
            people[key] = Tourist(browser, house, key, scripts=False)
            people[key].speaks("en")
        return people[key]

    yield somebody
    for one in people.values():
        one.context.close()


@pytest.mark.parametrize("place", SAMPLE, ids=[place.name for place in SAMPLE])
def test_a_page_is_read(place: Place, without):
    visitor = without(place.who)
    assert visitor.goes(place) == 200
    expect(visitor.page.locator("h1").first).to_be_visible()
    assert len(visitor.page.locator("main").inner_text()) > 30


def test_a_ticket_is_filed_with_its_promise_and_answered(without):
    page = without("jonas").page
    page.goto("/portal/tickets/new/")
    page.locator("input[name=severity][value='2']").check()
    page.get_by_label("In one line").fill("Filed without a script")
    page.get_by_label("What happened").fill("The registry refuses pushes since the certificate changed.")
    page.get_by_role("button", name="Show the promise").click()
    expect(page.locator("#promise")).to_contain_text("2 h")
    expect(page.get_by_label("In one line")).to_have_value("Filed without a script")
    page.get_by_role("button", name="Send the ticket").click()
    page.wait_for_url(re.compile(r"/portal/tickets/T-\w{6}/"))
    page.locator("textarea[name=body]").fill("One more thing: it began at noon.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("One more thing: it began at noon.")).to_be_visible()
    page.get_by_role("button", name="Urge").click()
    expect(page.get_by_role("button", name="Urged")).to_be_visible()


def test_the_language_changes(without):
    page = without("").page
    page.goto("/plans/")
    page.get_by_role("button", name="中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_note_is_written_at_the_desk(without):
    visitor = without("omar")
    visitor.page.goto(visitor.address(next(place for place in PLACES if place.name == "desk-ticket").address))
    visitor.page.locator(".composer-note textarea").fill("Written without a script.")
    visitor.page.locator(".composer-note button[type=submit]").click()
    expect(visitor.page.get_by_text("Written without a script.")).to_be_visible()

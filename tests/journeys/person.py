"""Somebody of the cast at a browser of their own."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from demo import cast
from tests.journeys.house import ROOT, House

PICTURES = ROOT / "screenshots" / "journeys"
SECONDS = 20_000
"""Milliseconds within which what the engine does behind a page must be seen on it."""


class Person:
    """One of the cast, with a browser context of their own that is set to English. Steps leave numbered pictures."""

    def __init__(self, browser: Browser, house: House, key: str, story: str) -> None:
        self.cast, self.house, self.story = cast.BY_KEY[key], house, story
        context = browser.new_context(base_url=house.url, viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(SECONDS)
        context.add_cookies([{"name": "django_language", "value": "en", "url": house.url}])
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def sees(self, *words: str) -> None:
        """The words stand on the page, now or within some seconds."""
        for one in words:
            expect(self.page.get_by_text(one).filter(visible=True).first).to_be_visible(timeout=SECONDS)

    def goes(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer and answer.ok, f"{address}: {answer and answer.status}"

    def signs_in_by_the_form(self) -> None:
        """By e-mail and password, as in life."""
        self.page.get_by_label("Email").or_(self.page.get_by_label("E-mail")).first.fill(self.cast.email)
        self.page.get_by_label("Password").first.fill(cast.PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()

    def signs_in(self) -> "Person":
        """By the button of the demo."""
        self.goes("/demo/")
        self.page.get_by_role("button", name=f"Sign in as {self.cast.name}").click()
        self.page.wait_for_url(re.compile(r"/(portal|desk|workshop|office)/"))
        return self

    def presses(self, name: str | re.Pattern[str], **more: object) -> None:
        self.page.get_by_role("button", name=name, **more).first.click()  # type: ignore[arg-type]

    def follows(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def source(self, address: str) -> str:
        """A page as it leaves the house, without what changes by itself: form tokens and the time that passes."""
        html = self.page.request.get(f"{self.house.url}{address}").text()
        for pattern, instead in PASSING:
            html = pattern.sub(instead, html)
        return html

    def picture(self, name: str) -> None:
        folder = PICTURES / self.story
        folder.mkdir(parents=True, exist_ok=True)
        number = len(list(folder.glob("*.png"))) + 1
        self.page.screenshot(path=Path(folder / f"{number:02d}-{name}.png"), full_page=True)
        assert not self.troubles, self.troubles


PASSING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"'), "token"),
    (re.compile(r'name="source_key" value="\w+"'), "key"),
    (re.compile(r"\b\d+ (?:day|h|min)s?\b"), "time"),
    (re.compile(r"\b\d{1,2}:\d\d\b"), "clock"),
    (re.compile(r'stroke-dasharray="[\d. ]+"|width="\d+%"'), "drawn"),
    (re.compile(r"\?v=[\w.%-]+"), "version"),
)

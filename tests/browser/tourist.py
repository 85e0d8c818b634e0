"""Somebody who goes through the house and looks at every page: language, light, width, and what the browser says."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.places import Link, Place
from tests.journeys.house import ROOT, House

PICTURES = ROOT / "screenshots" / "tour"
HEIGHT = {1440: 900, 360: 740}
LANGUAGES = {"en": "en", "zh": "zh-hans"}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
BY_EYE = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]},
    "resultTypes": ["violations"], "preload": False,
}  # fmt: skip
"""The rules whose answer changes with the light and the width; a page that was seen once needs no others."""
WATCH = """document.addEventListener("securitypolicyviolation", event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""
TEXTS = """() => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement
        if (!parent.closest("script, [lang=en]")) found.push(walk.currentNode.data.replace(/\\s+/g, " ").trim())
    }
    return found.filter(Boolean)
}"""


TOO_WIDE = """() => {
    const wide = document.documentElement.clientWidth, right = one => Math.round(one.getBoundingClientRect().right)
    if (document.documentElement.scrollWidth <= wide) return []
    const out = [...document.body.querySelectorAll("*")].filter(one => right(one) > wide)
    return ["the page", ...out.slice(0, 8).map(one => `${one.tagName}.${one.className} ${right(one)}`)]
}"""


@dataclass(frozen=True, slots=True)
class View:
    """How one looks: `en` or `zh`, `light` or `dark`, and how wide the window is."""

    language: str
    mode: str
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{self.mode}-{self.width}"


class Tourist:
    """One of the cast, or nobody, with a browser context of their own. Keeps what pages complain of."""

    def __init__(self, browser: Browser, house: House, who: str, *, scripts: bool = True) -> None:
        self.house, self.who, self.found = house, who, dict[Link, str]()
        self.context = browser.new_context(
            base_url=house.url, viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce",
            java_script_enabled=scripts,
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        if scripts:
            self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._see)
        if who:
            self.page.goto("/demo/")
            self.page.locator(f"form[action$='/people/{who}/'] button").click()
            self.page.wait_for_url(re.compile(r"/(portal|desk|workshop|office)/"))

    def speaks(self, language: str) -> None:
        self.context.add_cookies(
            [{"name": "django_language", "value": LANGUAGES[language], "url": self.house.url}]  # type: ignore[list-item]
        )

    def goes(self, place: Place) -> int:
        """Open a page and do what belongs to it; the status of what is shown then."""
        self.troubles.clear()
        statuses: list[int] = []
        listen = lambda answer: statuses.append(answer.status) if answer.request.is_navigation_request() else None  # noqa: E731
        self.page.on("response", listen)
        self.page.goto(self.address(place.address))
        if place.act:
            place.act(self.page)
        self.page.remove_listener("response", listen)
        return statuses[-1]

    def address(self, wanted: str | Link) -> str:
        if isinstance(wanted, str):
            return wanted
        if wanted not in self.found:
            html = self.context.request.get(f"{self.house.url}{wanted.on}").text()
            first = re.search(wanted.like, html)
            assert first, f"{self.who} finds no {wanted.like} on {wanted.on}"
            self.found[wanted] = first.group() + wanted.more
        return self.found[wanted]

    def looks(self, view: View) -> None:
        """Stand so before the page that is open."""
        self.page.set_viewport_size({"width": view.width, "height": HEIGHT[view.width]})
        self.page.emulate_media(color_scheme=view.mode, reduced_motion="reduce")  # type: ignore[arg-type]

    def violations(self, rules: dict[str, object], *, but: tuple[str, ...] = ()) -> list[str]:
        """What axe finds by `rules`, but for those that a page may break: a line each, rule, where, why."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(f"() => axe.run(document, {json.dumps(rules)})")["violations"]
        return [
            f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found
            if rule["id"] not in but
            for node in rule["nodes"]
        ]

    def overflow(self) -> list[str]:
        """Horizontal scrolling of the page as a whole: what sticks out, and to where."""
        return self.page.evaluate(TOO_WIDE)

    def texts(self) -> list[str]:
        """What stands on the page, by text nodes."""
        return self.page.evaluate(TEXTS)

    def picture(self, name: str, view: View) -> None:
        folder = PICTURES / name.partition("-")[0]
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=Path(folder / f"{name}-{view}.png"), full_page=True)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith((self.house.url, "data:")):
            self.troubles.append(f"asked for {request.url}")

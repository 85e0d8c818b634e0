"""The tour: every page of every face, in both languages, light and dark, on a desk and in a hand.

At PROOF=1 each page is loaded once, in one of the languages, and looked at twice: light at one width, dark at the
other, so that all eight ways of looking meet a quarter of the pages each; a further state of a page that was seen is
looked at once, light and dark in turn. A larger PROOF looks at every page in all
eight, and keeps the pictures under screenshots/tour, with an index.html to look at them: `make prove tour`. A page that
fails is always kept.
"""

import json

import pytest
from django.conf import settings
from playwright.sync_api import Route

from config import middleware, words
from tests.browser.conftest import Tourists
from tests.browser.places import NOT_PAGES, PLACES, Place, pages
from tests.browser.tourist import BY_EYE, EVERYTHING, LANGUAGES, Tourist, View
from tests.journeys.house import House
from tests.proof import PROOF

pytestmark = pytest.mark.browser
WIDTHS = (1440, 360)
MODES = ("light", "dark")
OF_AN_ERROR = "the server responded with a status of"
"""Chromium says so of every page that is an error."""
ERRORS = sorted(path.stem for path in (settings.BASE_DIR / "templates").glob("[45]*.html"))
POLICY = {"Content-Security-Policy": middleware.POLICY}
WRITE_ERRORS = f"""
import json
from django.template.loader import render_to_string
from django.utils.translation import override
written = {{}}
for language, code in {list(LANGUAGES.items())}:
    with override(code):
        written[language] = {{name: render_to_string(f"{{name}}.html") for name in {ERRORS}}}
print(json.dumps(written))
"""


FIRST = {place.route: place for place in reversed(PLACES)}


def looks(number: int, *, is_seen: bool) -> list[tuple[str, list[View]]]:
    """How to look at the page of this number: for each load its language, and the views of it."""
    if PROOF > 1:
        return [(one, [View(one, mode, width) for mode in MODES for width in WIDTHS]) for one in LANGUAGES]
    language = ("en", "zh")[number % 2]
    widths = WIDTHS if number % 4 in (0, 3) else WIDTHS[::-1]
    views = [View(language, mode, width) for mode, width in zip(MODES, widths, strict=True)]
    return [(language, [views[number // 2 % 2]] if is_seen else views)]


@pytest.fixture(scope="session")
def sentences() -> set[str]:
    """What the code says in English that reads otherwise in Chinese: whole texts of three words or more."""
    catalogue = words.opened(words.catalogues()[0])
    return {
        one.id
        for one in catalogue
        if isinstance(one.id, str) and one.id.count(" ") >= 2 and "%" not in one.id and one.string not in ("", one.id)
    }


@pytest.fixture(scope="session")
def errors(house: House) -> dict[str, dict[str, str]]:
    """The error pages of this house as it writes them: by language, then by status."""
    return json.loads(house.shell(WRITE_ERRORS))


def test_every_page_is_on_the_tour():
    """A new address has an entry in tests/browser/places.py, or its reason there not to be a page."""
    known = {place.route for place in PLACES} | set(NOT_PAGES)
    assert sorted(set(pages()) - known) == []
    assert sorted(known - set(pages()) - {""}) == []


@pytest.mark.parametrize(("number", "place"), [*enumerate(PLACES)], ids=[place.name for place in PLACES])
def test_page(number: int, place: Place, tourists: Tourists, sentences: set[str]):
    """It stands, in the right language, without a complaint, readable by anyone, no wider than the window."""
    problems = problems_of(place, number, tourists(place.who), sentences)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(("number", "code"), [*enumerate(ERRORS)], ids=ERRORS)
def test_error_page(number: int, code: str, tourists: Tourists, sentences: set[str], errors: dict[str, dict[str, str]]):
    """Those too that no reader can call forth; each is put in the place of an answer of the house."""
    visitor = tourists("")
    status = int(code[:3])

    def answer(route: Route) -> None:
        language = "zh" if "zh-hans" in route.request.headers.get("cookie", "") else "en"
        route.fulfill(status=status, body=errors[language][code], content_type="text/html", headers=POLICY)

    visitor.page.route("**/error/", answer)
    try:
        problems = problems_of(Place(f"error-{code}", "", "", "/error/", status), number, visitor, sentences)
    finally:
        visitor.page.unroute("**/error/")
    assert not problems, "\n".join(problems)


def problems_of(place: Place, number: int, visitor: Tourist, sentences: set[str]) -> list[str]:
    problems: list[str] = []
    for language, views in looks(number, is_seen=FIRST.get(place.route, place) is not place and bool(place.route)):
        visitor.speaks(language)
        status = visitor.goes(place)
        if status != place.status:
            problems.append(f"{language}: answered {status}")
        problems += [f"{language}: {one}" for one in of_the_page(visitor, place, language, sentences)]
        for turn, view in enumerate(views):
            visitor.looks(view)
            found = visitor.violations(BY_EYE if turn else EVERYTHING, but=place.may)
            found += [f"too wide: {one}" for one in visitor.overflow()]
            if found or PROOF > 1:
                visitor.picture(place.name, view)
            problems += [f"{view}: {one}" for one in found]
        problems += [one for one in visitor.troubles if place.status < 400 or OF_AN_ERROR not in one]
    return problems


def of_the_page(visitor: Tourist, place: Place, language: str, sentences: set[str]) -> list[str]:
    """What does not depend on how one looks."""
    problems = []
    said = visitor.page.locator("html").get_attribute("lang")
    if said != LANGUAGES[language] and "language" not in place.may:
        problems.append(f"the page says it is {said}")
    if language == "zh" and not {"english", "language"} & set(place.may) and (left := sentences & set(visitor.texts())):
        problems.append(f"left in English: {sorted(left)}")
    return problems

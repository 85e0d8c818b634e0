"""The people who come to the house, each at a browser of their own."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.journeys.person import PICTURES, Person


@pytest.fixture
def comes(browser, house, request) -> Iterator[Callable[[str], Person]]:
    """`comes("ada")`: Ada at a browser of her own, closed when the journey ends."""
    story = request.node.originalname.removeprefix("test_")
    shutil.rmtree(PICTURES / story, ignore_errors=True)
    people: list[Person] = []

    def somebody(key: str) -> Person:
        people.append(Person(browser, house, key, story))
        return people[-1]

    yield somebody
    for one in people:
        one.page.screenshot(path=PICTURES / story / f"last-{one.cast.key}.png", full_page=True)
        one.page.context.close()

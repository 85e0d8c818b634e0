"""One house with the whole demo world for all who look at it, and the people who do, each signed in once."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser import sheet
from tests.browser.tourist import PICTURES, Tourist
from tests.journeys.house import House, running

Tourists = Callable[[str], Tourist]


@pytest.fixture(scope="session")
def whole_house(tmp_path_factory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("whole-house"), tickets=48) as standing:
        yield standing


@pytest.fixture(scope="session")
def tourists(browser, whole_house) -> Iterator[Tourists]:
    """`tourists("nina")`: Nina at her browser."""
    people: dict[str, Tourist] = {}

    def somebody(key: str) -> Tourist:
        if key not in people:
            people[key] = Tourist(browser, whole_house, key)
        return people[key]

    yield somebody
    for one in people.values():
        one.context.close()
    sheet.write(PICTURES)

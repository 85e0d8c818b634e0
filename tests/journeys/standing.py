"""As a pytest plugin: one running house for all who visit it, in the journeys and on the tour."""

from collections.abc import Iterator

import pytest

from tests.journeys.house import House, running


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    """`manage.py run` with nothing set, as the README says, and everybody's last weeks in it."""
    with running(tmp_path_factory.mktemp("house")) as standing:
        yield standing

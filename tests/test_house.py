"""The house is in order: every rule that a linter cannot see (DESIGN 2), one test each."""

from collections.abc import Callable

import pytest

from tests.house import addresses, facts, tables, writers

CHECKS = [check for module in (tables, facts, addresses, writers) for check in module.CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_in_order(check: Callable[[], list[str]]) -> None:
    assert check() == []

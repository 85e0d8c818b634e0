"""As a pytest plugin: which tests are left out of this run, and why.

A test that asks for a server is skipped, with the reason, where pytest started without one. On PostgreSQL, tests that
touch no database, or are marked `once`, are left out: the SQLite suite has run them, and they would do the same again.
A journey starts a house of its own, so it stays in the browser suite whatever the database is.
"""

import pytest
from django.conf import settings

from tests.infra import browser, clusters

TOUCH = {"db", "transactional_db", "live_server", "any_database"}
"""Fixtures that say so; the marker `django_db` says it too."""


@pytest.fixture(scope="session")
def any_database() -> None:
    """For tests whose processes use a database of their own, which Django's test database does not know of."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {
        "postgres": "" if is_postgres() else "DATABASE_URL names no PostgreSQL: `make test` starts one",
        "redis": "" if settings.BROKER_URL else "no REDIS_URL: `make test` starts one",
        "browser": _without_browser(),
    }
    for item in items:
        for name, reason in missing.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))
    if is_postgres():
        left_out = [item for item in items if not _touches_a_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _touches_a_database(item)]


def is_postgres() -> bool:
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]


def _touches_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    if any(item.get_closest_marker(name) for name in ("django_db", "postgres", "browser")):
        return True
    return bool(TOUCH & set(getattr(item, "fixturenames", ())))


def _without_browser() -> str:
    try:
        browser.program()
    except clusters.Unavailable as missing:
        return str(missing)
    return ""

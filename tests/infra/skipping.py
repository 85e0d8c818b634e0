"""As a pytest plugin: tests that ask for a server are skipped, with the reason, where pytest started without one."""

import pytest
from django.conf import settings

from tests.infra import browser, clusters


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {
        "postgres": _without_postgres(),
        "redis": "" if settings.BROKER_URL else "no REDIS_URL: `make test` starts one",
        "browser": _without_browser(),
    }
    for item in items:
        for name, reason in missing.items():
            if reason and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


def _without_postgres() -> str:
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    return "" if on_postgres else "DATABASE_URL names no PostgreSQL: `make test` starts one"


def _without_browser() -> str:
    try:
        browser.program()
    except clusters.Unavailable as missing:
        return str(missing)
    return ""

"""The people and companies of `demo.cast` as fixtures, each by its key: nina, fang, nordlicht, ...; and the moment.

A person or company asked for brings the whole cast; `now` is the moment at which the tests are told.
"""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in

from accounts import factors
from demo import cast as people
from promises import terms

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""A Tuesday in the office hours of Shanghai (17:00) and Berlin (10:00)."""


def pytest_configure() -> None:
    """The cast signs in often: a slow hash of eighteen passwords a test proves nothing.

    Tests are told in English: half of the cast reads Chinese, and what it reads is the matter of tests/test_words.py.
    Nobody is told "too often" but in tests/kit/test_limits.py: a test does in a second what a person does in a day.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOCALE_PATHS = []
    settings.LIMITS_ON = False
    user_logged_in.connect(_second_factor_is_given)


def _second_factor_is_given(request, user, **kwargs) -> None:
    """`force_login` signs in as the demo does, second factor taken as given; it is known by having no address."""
    if not request.path:
        factors.mark(request, user)


@pytest.fixture
def cast(db) -> None:
    """Everybody: the house, its teams, the companies, the people."""
    people.gather()


@pytest.fixture(autouse=True)
def _no_memories() -> None:
    """Versions of policies and calendars are remembered by their primary key, which a rolled-back test gives again."""
    terms.forget()


@pytest.fixture
def now() -> datetime:
    return NOW


def _person(key: str):
    return pytest.fixture(name=key)(lambda cast: people.person(key))


def _company(key: str):
    return pytest.fixture(name=key)(lambda cast: people.company(key))


_FIXTURES = [_person(key) for key in people.BY_KEY] + [_company(c.key) for c in (people.HOUSE, *people.COMPANIES)]
globals().update({f"_fixture_{number}": one for number, one in enumerate(_FIXTURES)})

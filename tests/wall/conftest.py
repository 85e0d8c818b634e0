"""The stage of the wall tests is set once for each file: it takes longer than a world."""

import pytest

from tests.wall import worlds


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), worlds.stage(tmp_path_factory.mktemp("wall")):
        yield

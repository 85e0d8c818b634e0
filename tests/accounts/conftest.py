"""Somebody of the cast at a browser of their own."""

from collections.abc import Callable

import pytest
from django.test import Client

from demo import cast as people

Clients = Callable[[str], Client]


@pytest.fixture
def client_of(cast) -> Clients:
    """`client_of("nina")`: signed in as the demo does, each time in a session of its own."""

    def somebody(key: str) -> Client:
        client = Client()
        client.force_login(people.person(key))
        return client

    return somebody

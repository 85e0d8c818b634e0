"""The plans for programs."""

import pytest

from demo import promises
from tests import make


@pytest.fixture
def answer(client, cast):
    promises.lay()
    make.plans()
    return client.get("/machines/plans/")


def test_programs_read_prices_in_minor_units_and_promises_in_seconds(answer):
    premium = answer.json()["plans"][1]
    assert {"currency": "CNY", "amount": 16800000, "tax_bps": 600, "tax": 1008000} in premium["prices"]
    assert [row["first_response"] for row in premium["promises"]] == [3600, 7200, 14400, 32400]


def test_nothing_of_the_inside_is_in_it(answer):
    assert not {"id", "pk", "desk", "commission_bps"} & set(answer.json()["plans"][0])


def test_it_is_read_only(client, cast):
    assert client.post("/machines/plans/").status_code == 405

"""The card company in its box: keys, states, pages and events, without anybody's house."""

import json
from urllib.parse import urlsplit

import pytest
import time_machine

from sandbox import cards, events
from tests.box import box  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("box")
TOLD = {"reference": "K-1", "amount": 1999, "currency": "USD", "back": "/back/", "away": "/away/"}


def create(key="k", **changes):
    return cards.api("POST", "/checkouts", json.dumps({**TOLD, **changes}), key)


@pytest.fixture
def checkout() -> str:
    return json.loads(create()[1])["id"]


def told() -> list[dict]:
    """What is due now, as it would be posted."""
    posted = []
    events.deliver(lambda url, body, headers: posted.append(json.loads(body)) or 200)
    return posted


def test_the_same_key_is_the_same_checkout_and_never_another():
    first, again, other = create(), create(), create(amount=5)
    assert (first[0], again[0], other[0]) == (201, 200, 409)
    assert json.loads(first[1])["id"] == json.loads(again[1])["id"]


@pytest.mark.parametrize("amount", [0, -1, "7", None])
def test_without_a_sum_there_is_no_checkout(amount):
    assert create(amount=amount)[0] == 400


def test_it_is_found_by_the_sellers_reference(checkout):
    _status, answer = cards.api("GET", "/checkouts?reference=K-1", "{}", "")
    assert [one["id"] for one in json.loads(answer)["checkouts"]] == [checkout]
    assert json.loads(cards.api("GET", "/checkouts?reference=K-2", "{}", "")[1]) == {"checkouts": []}


def test_what_is_not_there_is_not_there():
    assert cards.api("GET", "/checkouts/co_0", "{}", "")[0] == 404
    assert cards.api("GET", "/nothing", "{}", "")[0] == 404


def test_what_is_paid_cannot_be_paid_again_or_canceled(checkout):
    cards.pay(checkout, cards.CARDS[0])
    with pytest.raises(cards.Gone):
        cards.pay(checkout, cards.CARDS[0])
    assert cards.api("POST", f"/checkouts/{checkout}/cancellation", "{}", "")[0] == 409
    assert cards.show(checkout)["state"] == "paid"


def test_an_event_is_posted_until_somebody_takes_it(checkout):
    cards.pay(checkout, cards.CARDS[0])
    with time_machine.travel("2030-01-01", tick=False) as clock:
        assert events.deliver(lambda *_: 500) == 0
        assert told() == []
        clock.shift(2)
        assert [one["type"] for one in told()] == ["charge.succeeded", "checkout.paid"]
        clock.shift(3600)
        assert told() == []


def test_what_is_delivered_is_nobody_elses_meanwhile(checkout):
    cards.pay(checkout, cards.CARDS[0])
    meanwhile = []
    events.deliver(lambda *_: meanwhile.extend(told()) or 200)
    assert meanwhile == []


def test_the_page_pays_declines_asks_and_leaves(client, checkout):
    page = f"/sandbox/checkouts/{checkout}/"
    number = {card.failure or card.quirk: card.number for card in cards.CARDS}
    assert "$19.99" in client.get(page).content.decode()
    assert client.post(page, {"number": "4111 1111 1111 1111"}).status_code == 422
    assert client.post(page, {"number": number["card_declined"]}).status_code == 402
    assert "is it you" in client.post(page, {"number": number["asks"]}).content.decode()
    assert client.post(f"{page}bank/", {"answer": "no"}).status_code == 402
    answer = client.post(f"{page}bank/", {"answer": "yes"})
    assert urlsplit(answer.headers["Location"]).path == "/back/"
    assert client.post(f"{page}leaving/").status_code == 409, "it is paid"


def test_leaving_leads_back_and_pays_nothing(client, checkout):
    assert client.post(f"/sandbox/checkouts/{checkout}/leaving/").headers["Location"] == "/away/"
    assert cards.show(checkout)["state"] == "canceled"
    assert client.post(f"/sandbox/checkouts/{checkout}/", {"number": "4242424242424242"}).status_code == 409
    assert client.get("/sandbox/checkouts/co_0/").status_code == 404

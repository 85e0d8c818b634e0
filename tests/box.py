"""The card company in its box, as the tests use it: a file of its own, a customer on its pages, its events by hand."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client

from billing import rails
from billing.actions import cards as verbs
from billing.models import CardPayment, Invoice, ProviderEvent
from billing.rails.sandbox import ask
from billing.rails.sandbox.arrive import sign
from sandbox import cards, events

EVENTS = "/machines/payments/sandbox/events/"


@pytest.fixture
def box(tmp_path, settings) -> Iterator[None]:
    """An empty file of the card company."""
    settings.SANDBOX_DIR = tmp_path / "sandbox"
    return settings.SANDBOX_DIR


def begin(invoice: Invoice, by, at: datetime) -> CardPayment:
    """What the button on the invoice does."""
    return ask.checkout(invoice.reference, by=by, at=at, language="en")


def pay(payment: CardPayment, quirk: str = "") -> dict:
    """The customer pays on the company's page, with the test card of this quirk or failure."""
    return cards.pay(
        payment.checkout, next(card for card in cards.CARDS if quirk in (card.failure or card.quirk, card.quirk))
    )


def deliver(client: Client | None = None, *, twice: bool = False) -> list[int]:
    """The company posts what is due, by the door of the machines. The statuses with which it was answered."""
    statuses = []

    def post(url, body, headers):
        for _ in range(2 if twice else 1):
            signed = {"Sandbox-Signature": headers["Sandbox-Signature"]}
            answer = (client or Client()).post(EVENTS, body, content_type="application/json", headers=signed)
            statuses.append(answer.status_code)
        return statuses[-1]

    events.deliver(post)
    return statuses


def handle(at: datetime) -> int:
    return rails.handle_events(at=at)


def arrive(at: datetime) -> None:
    """What is due is told and handled."""
    deliver()
    handle(at)


def paid_by_card(invoice: Invoice, by, at: datetime, quirk: str = "") -> CardPayment:
    """A whole payment by card: begun, paid, told, handled."""
    payment = begin(invoice, by, at)
    pay(payment, quirk)
    arrive(at)
    payment.refresh_from_db()
    return payment


def part_by_card(invoice: Invoice, by, at: datetime) -> CardPayment:
    """The company took less than was open: money is there and the invoice is not paid."""
    payment = begin(invoice, by, at)
    state = CardPayment.State.CAPTURED
    seen = verbs.Seen(
        payment.reference, state, payment.checkout, payment.address, payment.currency, payment.amount // 2, "ch_part"
    )
    return verbs.learn(payment, seen, at=at)


def let_go() -> None:
    """Leases run out: what waits may be looked at again."""
    ProviderEvent.objects.update(lease_until=None)
    CardPayment.objects.update(lease_until=None)


def signed(told: dict, at: datetime, *, secret: str = "", shift: int = 0) -> tuple[bytes, str]:
    """An event as somebody who knows the secret would send it: body and signature."""
    body = json.dumps(told).encode()
    moment = int(at.timestamp()) + shift
    return body, f"t={moment},v1={sign(body, secret, moment)}"


def told() -> bytes:
    """Everything that the company has ever been asked, as it was asked."""
    with cards.books() as file:
        rows = file.execute("SELECT key, told FROM checkouts ORDER BY told").fetchall()
    return "\n".join(f"{key} {body}" for key, body in rows).encode()


def forget() -> None:
    """Another world begins: the company knows of nobody yet."""
    with cards.books() as file:
        file.execute("DELETE FROM checkouts")
        file.execute("DELETE FROM events")

"""What customers are told of money, in words."""

import pytest

from billing.actions import payments
from notifications.disclosure import letter
from notifications.models import Notice
from tests import make


@pytest.fixture
def invoice(nina, now):
    return make.invoice("nina", now, currency="USD")


def last(kind: str):
    return letter(Notice.objects.filter(kind=kind, channel="mail").latest("pk"))


def test_an_issued_invoice_tells_the_sum_the_day_and_the_way(invoice):
    told = last("billing.issued")
    assert told.subject == f"Invoice {invoice.number}: $23,500.00, due 2026-12-24"
    assert (
        f"/portal/invoices/{invoice.reference}/" in told.body and f"Write {invoice.number} on the transfer" in told.body
    )


def test_a_paid_invoice_tells_what_began_until_when(invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="Nordlicht Logistik")
    told = last("billing.paid")
    assert told.subject == f"Invoice {invoice.number} is paid"
    assert "Premium has begun and runs until Wed 24 Nov 2027" in told.body and "credit" not in told.body


def test_more_than_the_sum_is_told_as_credit(invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross + 500, payer="Nordlicht Logistik")
    assert "$5.00 more arrived than was open" in last("billing.paid").body


def test_a_part_tells_what_is_open_still(invoice, now):
    make.confirm(invoice.reference, now, amount=2_000_000, payer="Nordlicht Logistik")
    assert last("billing.received").subject == f"Invoice {invoice.number} is paid in part, $3,500.00 open"


def test_money_for_a_paid_invoice_is_told_as_credit(invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="Nordlicht Logistik", line="1")
    make.confirm(invoice.reference, now, amount=700, payer="Nordlicht Logistik", line="2")
    assert "$7.00 is kept as your credit" in last("billing.received").body


@pytest.mark.parametrize(
    ("refusal", "words"), [("not_arrived", "no such transfer"), ("sent_back", "sent the money back"),
                           ("wrong_currency", "another currency"), ("unknown_payer", "from this payer")],
)  # fmt: skip
def test_a_refusal_tells_which_of_the_fixed_reasons(invoice, nina, fang, now, refusal, words):
    transfer = make.announced(invoice.reference, nina, now)
    payments.refuse(transfer.reference, by=fang, at=now, refusal=refusal, note="between us")
    told = last("billing.refused")
    assert words in told.body and "between us" not in told.body


def test_names_are_written_as_they_are(invoice, nina, now):
    payments.announce(invoice.reference, by=nina, at=now, payer="Brandt & Söhne <GmbH>")
    make.refuse(invoice.transfers.get().reference, now)
    assert "Brandt & Söhne <GmbH>" in last("billing.refused").body

"""Invoices in the portal: what to pay, where, and what has come; announced is never shown as paid."""

import pytest

from billing.models import Transfer
from demo import promises
from tests import make

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def invoice(nina, now):
    promises.lay()
    return make.invoice("nina", now, currency="USD")


@pytest.fixture
def page(client, nina, invoice):
    """The invoice's page as Nina reads it, and its words after she did something."""
    client.force_login(nina)
    return lambda: client.get(f"/portal/invoices/{invoice.reference}/", headers=ENGLISH).content.decode()


def test_it_says_what_to_pay_where_and_with_which_reference(page, invoice):
    text = page()
    assert all(part in text for part in ("$23,500.00", "SMPLCNSH", "6200 0788 4532 1002", invoice.number, "2026-12-24"))


def test_an_announced_transfer_is_not_called_paid(page, client, invoice):
    client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "Nordlicht Logistik"})
    text = page()
    assert "Transfer announced" in text and "Announced, not paid yet." in text
    assert "tag-kept" not in text


def test_a_paid_invoice_says_what_began(page, invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross, payer="Nordlicht Logistik")
    text = page()
    assert "tag-kept" in text and "24 Nov 2027" in text
    assert "I have sent the transfer" not in text


def test_part_of_the_money_shows_what_is_open(page, invoice, now):
    make.confirm(invoice.reference, now, amount=2_000_000, payer="Nordlicht Logistik")
    text = page()
    assert "Paid in part" in text and "$3,500.00" in text


def test_more_than_the_sum_shows_the_credit(page, invoice, now):
    make.confirm(invoice.reference, now, amount=invoice.gross + 12_34, payer="Nordlicht Logistik")
    assert "$12.34 credit" in page()


def test_a_refused_transfer_says_why_and_can_be_announced_again(page, client, invoice, nina, fang, now):
    from_nina = make.announced(invoice.reference, nina, now)
    make.refuse(from_nina.reference, now)
    text = page()
    assert "no such transfer has arrived" in text and "I have sent the transfer" in text


def test_a_member_reads_it_and_announces_nothing(client, jonas, invoice):
    client.force_login(jonas)
    assert "I have sent the transfer" not in client.get(f"/portal/invoices/{invoice.reference}/").content.decode()
    answer = client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "Jonas"}, headers=ENGLISH)
    assert answer.status_code == 422 and not Transfer.objects.exists()


def test_a_foreign_invoice_is_one_that_does_not_exist(client, ada, invoice):
    client.force_login(ada)
    foreign = client.get(f"/portal/invoices/{invoice.reference}/")
    missing = client.get("/portal/invoices/N-999999/")
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert client.post(f"/portal/invoices/{invoice.reference}/transfers/", {"payer": "A"}).status_code == 404


def test_the_list_is_the_readers_own(client, nina, ada, invoice):
    client.force_login(nina)
    assert invoice.number in client.get("/portal/invoices/").content.decode()
    client.force_login(ada)
    assert invoice.number not in client.get("/portal/invoices/").content.decode()


def test_nobody_of_finance_is_named_to_the_customer(page, invoice, now):
    make.confirm(invoice.reference, now, amount=1, payer="Aunt of Nina", reason="gift of an aunt", line="bank-line-7")
    text = page()
    assert not any(word in text for word in ("方蕾", "gift of an aunt", "bank-line-7"))

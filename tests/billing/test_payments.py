"""Transfers: announced is not paid, confirmed is money, and money is booked once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from billing.actions import payments
from billing.models import Entitlement, Entry, Invoice, Transfer
from billing.models.inside import Confirmation
from marketplace.models import Order
from notifications.models import Notice
from tests import make
from tests.books import balance, offences

GROSS = 17_808_000
"""Premium in yuan with 6 % tax, in fen."""
PUJIANG = "Pujiang Manufacturing"


@pytest.fixture
def invoice(zhoumin, now) -> Invoice:
    return make.invoice("zhoumin", now)


def told(kind):
    return list(Notice.objects.filter(kind=kind, channel="inapp"))


def test_an_announced_transfer_pays_nothing(invoice, zhoumin, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    invoice.refresh_from_db()
    assert (transfer.amount, invoice.state, invoice.paid) == (GROSS, Invoice.State.ISSUED, 0)
    assert balance(f"ar:{invoice.customer.reference}") == GROSS


def test_announcing_again_changes_nothing(invoice, zhoumin, now):
    first = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    assert payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG) == first


def test_a_second_payer_waits_until_the_first_was_looked_for(invoice, zhoumin, now):
    payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    with pytest.raises(payments.AnnouncedAlready):
        payments.announce(invoice.reference, by=zhoumin, at=now, payer="Somebody else")


def test_a_member_without_a_buying_role_announces_nothing(nina, jonas, now):
    invoice = make.invoice("nina", now, currency="USD")
    with pytest.raises(Invoice.DoesNotExist):
        payments.announce(invoice.reference, by=jonas, at=now, payer="Nordlicht Logistik")


def test_a_foreign_invoice_is_one_that_does_not_exist(invoice, ada, now):
    with pytest.raises(Invoice.DoesNotExist):
        payments.announce(invoice.reference, by=ada, at=now, payer="Meridian Retail")


def test_the_whole_amount_pays_books_grants_and_funds_at_once(invoice, zhoumin, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    make.confirm(transfer.reference, now, amount=GROSS, payer=PUJIANG)
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    customer = invoice.customer.reference
    assert (balance(f"ar:{customer}"), balance(f"customer_credit:{customer}")) == (0, 0)
    assert Entitlement.objects.get().source == f"invoice:{invoice.reference}"
    assert Order.objects.get().state == Order.State.FUNDED
    assert [notice.payload["number"] for notice in told("billing.paid")] == [invoice.number]
    assert offences() == {}


def test_money_that_came_unannounced_is_confirmed_by_the_invoice(invoice, now):
    transfer = make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG)
    assert (transfer.state, transfer.announced_at) == (Transfer.State.CONFIRMED, None)


def test_confirming_by_the_invoice_takes_the_transfer_that_is_announced(invoice, zhoumin, now):
    announced = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    assert make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG) == announced


def test_less_than_the_open_sum_leaves_the_invoice_open(invoice, now):
    make.confirm(invoice.reference, now, amount=GROSS - 1, payer=PUJIANG)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open) == (Invoice.State.ISSUED, 1)
    assert not Entitlement.objects.exists()
    assert [notice.payload["open"] for notice in told("billing.received")] == [1]
    assert offences() == {}


def test_the_rest_pays_it(invoice, now):
    make.confirm(invoice.reference, now, amount=GROSS - 1, payer=PUJIANG, line="one")
    make.confirm(invoice.reference, now, amount=1, payer=PUJIANG, line="two")
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert offences() == {}


def test_more_than_the_open_sum_is_the_customers_credit(invoice, now):
    transfer = make.confirm(invoice.reference, now, amount=GROSS + 500, payer=PUJIANG)
    assert (transfer.settled, balance(f"customer_credit:{invoice.customer.reference}")) == (GROSS, -500)
    assert [notice.payload["credit"] for notice in told("billing.paid")] == [500]
    assert offences() == {}


def test_money_for_a_paid_invoice_is_credit_as_a_whole(invoice, now):
    make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG, line="one")
    again = make.confirm(invoice.reference, now, amount=700, payer=PUJIANG, line="two")
    assert (again.settled, balance(f"customer_credit:{invoice.customer.reference}")) == (0, -700)
    assert offences() == {}


def test_a_second_press_books_nothing_again(invoice, now):
    first = make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG)
    entries = Entry.objects.count()
    assert make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG) == first
    assert make.confirm(first.reference, now, amount=GROSS, payer=PUJIANG, line=f"line of {invoice.reference}") == first
    assert (Entry.objects.count(), Confirmation.objects.count()) == (entries, 1)


def test_a_decided_transfer_is_not_decided_again(invoice, now):
    first = make.confirm(invoice.reference, now, amount=1, payer=PUJIANG, line="one")
    with pytest.raises(payments.DecidedAlready):
        make.confirm(first.reference, now, amount=1, payer=PUJIANG, line="two")


def test_a_line_of_the_statement_pays_one_invoice_only(invoice, lihang, now):
    other = make.invoice("lihang", now)
    make.confirm(invoice.reference, now, amount=GROSS, payer=PUJIANG, line="77")
    with pytest.raises(payments.LineUsed):
        make.confirm(other.reference, now, amount=GROSS, payer="Haichuan Energy", line="77")


def test_another_payer_needs_a_reason(invoice, now):
    with pytest.raises(payments.OtherPayer):
        make.confirm(invoice.reference, now, amount=GROSS, payer="Pujiang Holding")
    make.confirm(invoice.reference, now, amount=GROSS, payer="Pujiang Holding", reason="their parent company")
    assert Confirmation.objects.get().reason == "their parent company"


@pytest.mark.parametrize("name", ["浦江制造", "PUJIANG  MANUFACTURING", "Pujiang-Manufacturing.", "浦江制造"])
def test_the_bank_may_write_the_customers_name_in_its_own_way(pujiang, name):
    assert payments.is_payer(name, pujiang)


@pytest.mark.parametrize("name", ["", "Pujiang", "浦江"])
def test_a_part_of_the_name_is_another_payer(pujiang, name):
    assert not payments.is_payer(name, pujiang)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": -5}, {"line": " "}])
def test_what_cannot_stand_on_a_statement_is_refused(invoice, now, wrong):
    with pytest.raises(payments.NotOnStatement):
        make.confirm(invoice.reference, now, **{"amount": GROSS, "payer": PUJIANG, **wrong})


def test_money_does_not_arrive_tomorrow(invoice, fang, now):
    with pytest.raises(payments.NotOnStatement):
        payments.confirm(
            invoice.reference, by=fang, at=now, amount=GROSS, payer=PUJIANG, statement_line="1",
            received_on=now.date() + timedelta(days=1),
        )  # fmt: skip


@pytest.mark.parametrize("key", ["dora", "zhoumin"])
def test_only_finance_confirms(request, invoice, now, key):
    with pytest.raises(payments.NotYours):
        payments.confirm(
            invoice.reference, by=request.getfixturevalue(key), at=now, amount=GROSS, payer=PUJIANG,
            received_on=now.date(), statement_line="1",
        )  # fmt: skip


def test_a_refused_transfer_tells_the_customer_why_in_fixed_words(invoice, zhoumin, fang, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    payments.refuse(transfer.reference, by=fang, at=now, refusal="not_arrived", note="asked the bank twice")
    [notice] = told("billing.refused")
    assert notice.payload["refusal"] == "not_arrived" and "twice" not in str(notice.payload)
    assert Entry.objects.filter(key__startswith="transfer:").count() == 0


def test_after_a_refusal_the_transfer_may_be_announced_again(invoice, zhoumin, fang, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    payments.refuse(transfer.reference, by=fang, at=now, refusal="not_arrived")
    again = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)
    assert again != transfer


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_book_once(invoice, zhoumin, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)

    def work(number):
        try:
            return make.confirm(transfer.reference, now, amount=GROSS, payer=PUJIANG, line="77").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert set(workers.map(work, range(8))) == {transfer.pk}
    assert (balance(f"ar:{invoice.customer.reference}"), Entitlement.objects.count()) == (0, 1)
    assert offences() == {}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_with_two_lines_at_once_book_one_and_refuse_one(invoice, zhoumin, now):
    transfer = payments.announce(invoice.reference, by=zhoumin, at=now, payer=PUJIANG)

    def work(line):
        try:
            make.confirm(transfer.reference, now, amount=GROSS, payer=PUJIANG, line=line)
        except payments.DecidedAlready:
            return "refused"
        finally:
            connection.close()
        return "booked"

    with ThreadPoolExecutor(2) as workers:
        assert sorted(workers.map(work, ["one", "two"])) == ["booked", "refused"]
    assert offences() == {}

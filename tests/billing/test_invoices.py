"""Invoices: numbered without gaps, booked when issued, settled when the whole sum has come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction

from billing.actions import invoices
from billing.actions.invoices import Item
from billing.models import BankAccount, Invoice, Series
from notifications.models import Notice
from tests import make
from tests.books import balance, offences


@pytest.fixture
def accounts(harbour):
    for currency in ("CNY", "USD"):
        BankAccount.objects.create(owner=harbour, currency=currency, holder="H", bank="B", number="1")


def issue(harbour, customer, now, *, source="order:R-1", nets=(10000,), tax_bps=600, currency="CNY"):
    return invoices.issue(
        seller=harbour, customer=customer, source=source, currency=currency, at=now,
        lines=[Item(text=f"Line {n}", net=net) for n, net in enumerate(nets)], tax_bps=tax_bps,
        due_on=now.date() + timedelta(days=30), terms={},
    )  # fmt: skip


def test_an_invoice_is_booked_as_what_the_customer_owes(accounts, harbour, pujiang, now):
    issue(harbour, pujiang, now)
    owed, later, tax = balance(f"ar:{pujiang.reference}"), balance("deferred:R-1"), balance("tax:CN")
    assert (owed, later, tax) == (10600, -10000, -600)


def test_tax_is_rounded_once_and_its_lines_add_up_to_it(accounts, harbour, pujiang, now):
    invoice = issue(harbour, pujiang, now, nets=(33, 33, 34))
    assert (invoice.tax, [line.tax for line in invoice.lines.order_by("n")]) == (6, [2, 2, 2])
    assert offences() == {}


def test_no_tax_means_no_line_in_the_tax_account(accounts, harbour, nordlicht, now):
    invoice = issue(harbour, nordlicht, now, tax_bps=0, currency="USD")
    assert (invoice.gross, balance("tax:CN", "USD")) == (10000, 0)


def test_a_source_is_invoiced_once(accounts, harbour, pujiang, now):
    assert issue(harbour, pujiang, now) == issue(harbour, pujiang, now)
    assert balance(f"ar:{pujiang.reference}") == 10600


def test_numbers_run_without_a_gap(accounts, harbour, pujiang, nordlicht, now):
    numbers = [
        issue(harbour, pujiang, now, source="order:R-1").number,
        issue(harbour, nordlicht, now, source="order:R-2", currency="USD").number,
    ]
    assert numbers == ["INV-2026-00001", "INV-2026-00002"]


def test_an_invoice_that_fails_takes_no_number(accounts, harbour, pujiang, now):
    with pytest.raises(ValueError, match="negative"), transaction.atomic():
        issue(harbour, pujiang, now, source="order:R-0", tax_bps=-1)
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(harbour, pujiang, now, source="order:R-1")
        raise RuntimeError
    assert issue(harbour, pujiang, now, source="order:R-2").number == "INV-2026-00001"


def test_the_year_of_a_series_is_the_sellers(accounts, harbour, nordlicht):
    eve = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)
    assert issue(harbour, nordlicht, eve).number.startswith("INV-2027-")


def test_a_seller_without_an_account_in_the_currency_issues_nothing(harbour, pujiang, now):
    with pytest.raises(invoices.NoBankAccount):
        issue(harbour, pujiang, now)
    assert not Invoice.objects.exists()


def test_whoever_buys_for_the_customer_is_told_and_nobody_else(accounts, harbour, nordlicht, nina, jonas, now):
    issue(harbour, nordlicht, now)
    buyers = {person.pk for person in invoices.buyers(nordlicht)}
    told = set(Notice.objects.filter(kind="billing.issued").values_list("recipient", flat=True))
    assert told == buyers and nina.pk in told and jonas.pk not in told


def test_the_auditor_finds_a_gap(accounts, harbour, pujiang, now):
    issue(harbour, pujiang, now)
    Series.objects.update(next_number=3)
    assert offences() == {"numbers_without_gaps": ["INV-2026 3 1"]}


def test_a_paid_invoice_begins_what_it_carries(zhoumin, now):
    invoice = make.paid_invoice("zhoumin", now)
    assert (invoice.state, invoice.paid_at, invoice.open) == (Invoice.State.PAID, now, 0)
    assert offences() == {}


def test_the_day_to_pay_is_thirty_days_off_in_the_customers_zone(zhoumin):
    late = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    assert make.invoice("zhoumin", late).due_on == date(2026, 12, 25)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_invoices_issued_at_once_share_a_series_without_a_gap(accounts, harbour, pujiang, now):
    def work(number):
        try:
            return issue(harbour, pujiang, now, source=f"order:R-{number}").number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        numbers = sorted(workers.map(work, range(12)))
    assert numbers == [f"INV-2026-{n:05d}" for n in range(1, 13)]

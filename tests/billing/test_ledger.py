"""The one writer of the books."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from billing import ledger, postings
from billing.models import Entry, Line
from tests.books import balance, offences


def received(key="transfer:P-1:received", amount=1000, customer="O-1", bank="B-1"):
    return postings.transfer_received(key=key, currency="CNY", bank=bank, customer=customer, amount=amount)


def matched(key="transfer:P-1:matched", amount=1000, customer="O-1"):
    return postings.transfer_matched(key=key, currency="CNY", customer=customer, due=amount, amount=amount)


def test_an_entry_moves_the_balances_of_its_accounts(db, now):
    ledger.post(received(), at=now)
    assert (balance("cash_bank:B-1"), balance("customer_credit:O-1")) == (1000, -1000)


def test_a_fact_that_was_booked_returns_its_entry_and_moves_nothing(db, now):
    first = ledger.post(received(), at=now)
    assert ledger.post(received(), at=now) == first
    assert balance("cash_bank:B-1") == 1000


def test_an_account_is_never_drawn_below_its_floor(db, now):
    ledger.post(received(amount=999), at=now)
    with pytest.raises(ledger.Overdrawn) as refused, transaction.atomic():
        ledger.post(matched(amount=1000), at=now)
    assert (refused.value.account, refused.value.balance) == ("customer_credit:O-1", 1)


def test_a_refused_entry_leaves_nothing_behind(db, now):
    with pytest.raises(ledger.Overdrawn), transaction.atomic():
        ledger.post(matched(), at=now)
    assert Entry.objects.count() == Line.objects.count() == balance("customer_credit:O-1") == 0


def test_facts_of_one_event_see_what_the_ones_before_them_moved(db, now):
    issued = postings.invoice_issued(key="i", currency="CNY", customer="O-1", subscription="R-1", net=1000)
    ledger.post_all([issued, received(), matched()], at=now)
    assert balance("ar:O-1") == balance("customer_credit:O-1") == 0
    assert offences() == {}


def test_currencies_have_accounts_of_their_own(db, now):
    ledger.post(received(), at=now)
    dollars = postings.transfer_received(key="k", currency="USD", bank="B-1", customer="O-1", amount=7)
    ledger.post(dollars, at=now)
    assert (balance("cash_bank:B-1", "CNY"), balance("cash_bank:B-1", "USD")) == (1000, 7)


@pytest.mark.django_db(transaction=True)
def test_books_are_not_written_outside_of_a_transaction(now):
    with pytest.raises(RuntimeError):
        ledger.post(received(), at=now)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_who_book_the_same_fact_at_once_book_it_once(now):
    def work(_):
        try:
            with transaction.atomic():
                return ledger.post(received(), at=now).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert len(set(workers.map(work, range(8)))) == 1
    assert balance("cash_bank:B-1") == 1000


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_who_need_the_same_accounts_in_another_order_never_wait_in_a_ring(now):
    def work(number):
        there = postings.reserve_taken(key=f"t{number}", currency="CNY", vendor="O-1", amount=1)
        back = postings.reserve_released(key=f"b{number}", currency="CNY", vendor="O-1", amount=1, balances={})
        try:
            with transaction.atomic():
                ledger.post_all([there, back] if number % 2 else [back, there], at=now)
        finally:
            connection.close()

    with transaction.atomic():
        due = postings.funded(key="f", currency="CNY", order="R-1", net=100, bank="B-1")
        earned = postings.accepted(
            key="a", currency="CNY", order="R-1", vendor="O-1", amount=100, commission=0, balances={}
        )
        over = postings.hold_over(key="h", currency="CNY", vendor="O-1", amount=100, balances={})
        aside = postings.reserve_taken(key="r", currency="CNY", vendor="O-1", amount=50)
        ledger.post_all([due, earned, over, aside], at=now)
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(24)))
    assert (balance("vendor_reserve:O-1"), balance("vendor_available:O-1")) == (-50, -50)

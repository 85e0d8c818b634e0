"""The database itself keeps the books append-only, whoever holds the pen."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from billing import ledger, postings
from billing.models import Account, Entry
from tests.books import offences


@pytest.fixture
def entry(db, now) -> Entry:
    posting = postings.transfer_received(key="k", currency="CNY", bank="B-1", customer="O-1", amount=1000)
    return ledger.post(posting, at=now)


def run(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE billing_entry SET memo = 'better' WHERE id = %s",
        "UPDATE billing_line SET amount = amount WHERE entry_id = %s",
        "DELETE FROM billing_line WHERE entry_id = %s",
        "DELETE FROM billing_entry WHERE id = %s",
    ],
)
def test_what_is_booked_is_neither_edited_nor_deleted(entry, sql):
    with pytest.raises(DatabaseError, match="only ever appended to"):
        run(sql, entry.pk)


@pytest.mark.postgres
def test_postgresql_refuses_an_entry_that_does_not_sum_to_zero(entry):
    account = Account.objects.create(name="rounding", currency="CNY")
    with pytest.raises(IntegrityError, match="3 lines that sum to 5"), transaction.atomic():
        run("INSERT INTO billing_line (entry_id, account_id, amount) VALUES (%s, %s, 5)", entry.pk, account.pk)
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.postgres
def test_postgresql_refuses_an_entry_without_lines(db, now):
    with pytest.raises(IntegrityError, match="0 lines"), transaction.atomic():
        Entry.objects.create(key="empty", currency="CNY", posted_at=now)
        run("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_auditor_finds_an_entry_that_does_not_sum_to_zero(entry):
    with transaction.atomic():
        account = Account.objects.create(name="rounding", currency="CNY")
        run("INSERT INTO billing_line (entry_id, account_id, amount) VALUES (%s, %s, 5)", entry.pk, account.pk)
        assert set(offences()) == {"entries_sum_to_zero", "balances_equal_lines"}
        transaction.set_rollback(True)


def test_the_auditor_finds_a_floor_that_was_crossed(entry):
    Account.objects.filter(name="customer_credit:O-1").update(balance=1)
    assert "floors_are_kept" in offences()


def test_the_auditor_finds_a_missing_trigger(entry):
    name = "billing_line_is_never_deleted" if connection.vendor == "sqlite" else "billing_line_is_appended"
    with transaction.atomic():
        run(f"DROP TRIGGER {name}{'' if connection.vendor == 'sqlite' else ' ON billing_line'}")
        assert offences() == {"book_guards_stand": ["3 of 4 triggers stand before the books"]}
        transaction.set_rollback(True)

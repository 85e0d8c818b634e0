"""What must always hold in billing (DESIGN 14)."""

from collections.abc import Iterable

from django.db import connection

from billing.postings import PostingError, of_chart
from kit.invariants import Invariant

GUARDS = {
    "postgresql": (
        "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'D' AND tgname IN ('billing_entry_is_appended',"
        " 'billing_line_is_appended', 'billing_entry_is_balanced', 'billing_line_is_balanced')"
    ),
    "sqlite": (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
        " AND tbl_name IN ('billing_entry', 'billing_line') AND name LIKE 'billing_%_is_never_%'"
    ),
}


def missing_guards() -> Iterable[str]:
    """Four triggers stand before the books in either database."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        [found] = cursor.fetchone()
    return [] if found == 4 else [f"{found} of 4 triggers stand before the books"]


def crossed_floors() -> Iterable[str]:
    """Accounts past the floor that the chart gives them; an account outside the chart is an offence too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, currency, balance FROM billing_account WHERE balance <> 0 ORDER BY name, currency")
        accounts = cursor.fetchall()
    for name, currency, balance in accounts:
        try:
            chart = of_chart(name)
        except PostingError as error:
            yield str(error)
        else:
            if chart.floor and balance * chart.sign < 0:
                yield f"{name} {currency} {balance}"


INVARIANTS = (
    Invariant(
        name="book_guards_stand",
        sentence="The triggers that keep the books append-only are there.",
        check=missing_guards,
    ),
    Invariant(
        name="entries_sum_to_zero",
        sentence="Every entry has at least two lines, in its own currency, that sum to zero.",
        sql="""
            SELECT entry.key FROM billing_entry entry
            LEFT JOIN billing_line line ON line.entry_id = entry.id
            LEFT JOIN billing_account account ON account.id = line.account_id
            GROUP BY entry.id, entry.key, entry.currency
            HAVING count(line.id) < 2 OR sum(line.amount) <> 0
                OR sum(CASE WHEN account.currency <> entry.currency THEN 1 ELSE 0 END) > 0
        """,
        is_cheap=False,
    ),
    Invariant(
        name="balances_equal_lines",
        sentence="The balance of every account is the sum of its lines.",
        sql="""
            SELECT account.name, account.currency FROM billing_account account
            LEFT JOIN billing_line line ON line.account_id = account.id
            GROUP BY account.id, account.name, account.currency, account.balance
            HAVING account.balance <> coalesce(sum(line.amount), 0)
        """,
        is_cheap=False,
    ),
    Invariant(
        name="floors_are_kept",
        sentence="No account of the chart with a floor is overdrawn or overpaid.",
        check=crossed_floors,
        is_cheap=False,
    ),
    Invariant(
        name="paid_equals_confirmed",
        sentence="What an invoice counts as paid is what confirmed transfers and captured cards settled of it.",
        sql="""
            SELECT invoice.reference FROM billing_invoice invoice
            WHERE invoice.paid <>
                (SELECT coalesce(sum(transfer.settled), 0) FROM billing_transfer transfer
                    WHERE transfer.invoice_id = invoice.id AND transfer.state = 'confirmed')
                + (SELECT coalesce(sum(card.settled), 0) FROM billing_cardpayment card
                    WHERE card.invoice_id = invoice.id AND card.state = 'captured')
        """,
        is_cheap=False,
    ),
    Invariant(
        name="captured_cards_are_booked",
        sentence="A captured card is in the books by the key of its charge, for just what was taken; no other one is.",
        sql="""
            SELECT card.reference FROM billing_cardpayment card
            WHERE card.captured <> (
                SELECT coalesce(sum(line.amount), 0) FROM billing_entry entry
                JOIN billing_line line ON line.entry_id = entry.id AND line.amount > 0
                WHERE entry.key = card.rail || ':' || card.charge || ':captured')
        """,
        is_cheap=False,
    ),
    Invariant(
        name="confirmed_money_is_booked",
        sentence="A confirmed transfer names its statement line and is booked: received, and matched where it pays.",
        sql="""
            SELECT transfer.reference FROM billing_transfer transfer
            WHERE transfer.state = 'confirmed' AND (
                NOT EXISTS (SELECT 1 FROM billing_confirmation c WHERE c.transfer_id = transfer.id
                    AND c.statement_line <> '')
                OR NOT EXISTS (
                    SELECT 1 FROM billing_entry e WHERE e.key = 'transfer:' || transfer.reference || ':received')
                OR (transfer.settled > 0) <> EXISTS (
                    SELECT 1 FROM billing_entry e WHERE e.key = 'transfer:' || transfer.reference || ':matched'))
        """,
        is_cheap=False,
    ),
    Invariant(
        name="issued_invoices_are_booked",
        sentence="Every invoice is booked when it is issued, and its lines add up to it.",
        sql="""
            SELECT invoice.reference FROM billing_invoice invoice
            WHERE NOT EXISTS (
                SELECT 1 FROM billing_entry e WHERE e.key = 'invoice:' || invoice.reference || ':issued')
            OR invoice.gross <> (
                SELECT coalesce(sum(line.net + line.tax), 0) FROM billing_invoiceline line
                WHERE line.invoice_id = invoice.id)
        """,
        is_cheap=False,
    ),
    Invariant(
        name="one_entitlement_a_paid_invoice",
        sentence="A paid invoice with terms has its entitlement, and no other invoice has one.",
        sql="""
            SELECT invoice.reference FROM billing_invoice invoice
            LEFT JOIN billing_entitlement granted ON granted.source = 'invoice:' || invoice.reference
            WHERE (granted.id IS NOT NULL) <> (invoice.state = 'paid' AND CAST(invoice.terms AS text) <> '{}')
        """,
        is_cheap=False,
    ),
    Invariant(
        name="quotas_within_limits",
        sentence="No more of a unit is used than was granted.",
        sql="SELECT entitlement_id, unit FROM billing_quota WHERE used < 0 OR used > granted",
    ),
    Invariant(
        name="numbers_without_gaps",
        sentence="The numbers of every series of invoices run from 1 to the last one taken.",
        sql="""
            SELECT series.code, series.next_number, count(invoice.id) FROM billing_series series
            LEFT JOIN billing_invoice invoice ON invoice.number LIKE series.code || '-%'
            GROUP BY series.id, series.code, series.next_number
            HAVING count(invoice.id) <> series.next_number - 1
        """,
        is_cheap=False,
    ),
)

"""What must hold after every test with money: the invariants that the auditor asks, here for a few rooms."""

from importlib import import_module

from django.db import connection

ROOMS = ("accounts", "billing", "marketplace")


def offences() -> dict[str, list[str]]:
    """Each invariant of these rooms that does not hold now, with what breaks it."""
    found = {}
    for room in ROOMS:
        for invariant in import_module(f"{room}.invariants").INVARIANTS:
            if rows := list(invariant.check()) if invariant.check else _rows(invariant.query(connection.vendor)):
                found[invariant.name] = rows
    return found


def _rows(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [" ".join(map(str, row)) for row in cursor.fetchall()]


def balance(account: str, currency: str = "CNY") -> int:
    """Debits minus credits of an account; 0 when nothing was ever booked on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT balance FROM billing_account WHERE name = %s AND currency = %s", [account, currency])
        row = cursor.fetchone()
    return row[0] if row else 0

"""What must always hold at the desk, asked in a test."""

from django.db import connection

from desk.invariants import INVARIANTS


def holds() -> None:
    """Fail with the offending rows when an invariant of the desk does not hold now."""
    with connection.cursor() as cursor:
        for invariant in INVARIANTS:
            cursor.execute(invariant.query(connection.vendor))
            assert cursor.fetchall() == [], invariant.sentence

"""What must always hold of tickets and talk, asked in a test."""

from itertools import chain

from django.db import connection

from talk import invariants as of_talk
from tickets import invariants as of_tickets


def holds() -> None:
    """Fail with the offending rows when an invariant of tickets or talk does not hold now."""
    for invariant in chain(of_tickets.INVARIANTS, of_talk.INVARIANTS):
        if invariant.check:
            found = list(invariant.check())
        else:
            with connection.cursor() as cursor:
                cursor.execute(invariant.query(connection.vendor))
                found = cursor.fetchall()
        assert found == [], invariant.sentence

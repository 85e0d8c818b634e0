"""What must always hold in accounts: nobody stands on both sides (DESIGN 4)."""

from collections.abc import Iterable

from django.db import connection

from kit.invariants import Invariant

GUARDS = {
    "postgresql": {"membership_is_outside", "seat_is_inside", "place_is_for_ever"},
    "sqlite": {
        "membership_is_outside", "membership_stays_outside", "seat_is_inside", "seat_stays_inside", "place_is_for_ever",
    },
}  # fmt: skip
CATALOGUE = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
}


def missing_guards() -> Iterable[str]:
    """Names of triggers that should stand and do not."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    return sorted(GUARDS[connection.vendor] - found)


INVARIANTS = (
    Invariant(
        name="place_guards_stand",
        sentence="The triggers that keep outside and inside people apart are there.",
        check=missing_guards,
    ),
    Invariant(
        name="nobody_on_both_sides",
        sentence="Memberships are of outside people, seats of inside people.",
        sql="""
            SELECT person.id FROM accounts_user person
            WHERE (person.place <> 'outside' AND EXISTS (
                    SELECT 1 FROM accounts_membership m WHERE m.user_id = person.id))
            OR (person.place <> 'inside' AND EXISTS (SELECT 1 FROM accounts_seat s WHERE s.user_id = person.id))
        """,
        is_cheap=False,
    ),
)

"""Outside people have memberships, inside people have seats, and nobody changes place (DESIGN 4).

A later migration that rebuilds one of these tables on SQLite drops its triggers silently: run `stand` again in it.
The invariant `place_guards_stand` finds what was forgotten.
"""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION accounts_refuse_other_place() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT place FROM accounts_user WHERE id = NEW.user_id) <> TG_ARGV[0] THEN
            RAISE EXCEPTION 'only % people can be in %', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION accounts_refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the place of a person never changes' USING ERRCODE = 'check_violation';
    END $$
    """,
    """
    CREATE TRIGGER membership_is_outside BEFORE INSERT OR UPDATE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_other_place('outside')
    """,
    """
    CREATE TRIGGER seat_is_inside BEFORE INSERT OR UPDATE ON accounts_seat
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_other_place('inside')
    """,
    """
    CREATE TRIGGER place_is_for_ever BEFORE UPDATE ON accounts_user
    FOR EACH ROW WHEN (NEW.place <> OLD.place) EXECUTE FUNCTION accounts_refuse_move()
    """,
)
POSTGRESQL_AWAY = (
    "DROP TRIGGER membership_is_outside ON accounts_membership",
    "DROP TRIGGER seat_is_inside ON accounts_seat",
    "DROP TRIGGER place_is_for_ever ON accounts_user",
    "DROP FUNCTION accounts_refuse_other_place()",
    "DROP FUNCTION accounts_refuse_move()",
)


def _refuse(name: str, moment: str, table: str, when: str, words: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {moment} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"


_PLACE = "(SELECT place FROM accounts_user WHERE id = NEW.user_id)"
_OUTSIDE = ("accounts_membership", f"{_PLACE} <> 'outside'", "only outside people can be in accounts_membership")
_INSIDE = ("accounts_seat", f"{_PLACE} <> 'inside'", "only inside people can be in accounts_seat")
_MOVE = ("accounts_user", "NEW.place <> OLD.place", "the place of a person never changes")
SQLITE = (
    _refuse("membership_is_outside", "INSERT", *_OUTSIDE),
    _refuse("membership_stays_outside", "UPDATE", *_OUTSIDE),
    _refuse("seat_is_inside", "INSERT", *_INSIDE),
    _refuse("seat_stays_inside", "UPDATE", *_INSIDE),
    _refuse("place_is_for_ever", "UPDATE OF place", *_MOVE),
)
SQLITE_AWAY = tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE)


def stand(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def fall(apps, schema_editor):
    for statement in SQLITE_AWAY if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_AWAY:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(stand, fall)]

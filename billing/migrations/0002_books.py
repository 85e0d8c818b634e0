"""The books are only ever appended to, and on PostgreSQL no entry leaves a transaction unless it sums to zero.

On SQLite the one writer (`billing.ledger`) and the invariant `entries_sum_to_zero` say the same: there is no deferred
trigger there. A later migration that rebuilds one of these tables on SQLite drops its triggers silently: run `stand`
again in it. The invariant `book_guards_stand` finds what was forgotten.
"""

from django.db import migrations

TABLES = ("billing_entry", "billing_line")
WORDS = "the books are only ever appended to"

POSTGRESQL = (
    f"""
    CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_is_appended BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()"
        for table in TABLES
    ),
    """
    CREATE FUNCTION billing_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        entry bigint := CASE TG_TABLE_NAME WHEN 'billing_entry' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'entry_id')::bigint END;
        lines int;
        total numeric;
    BEGIN
        SELECT count(*), coalesce(sum(amount), 0) INTO lines, total FROM billing_line WHERE entry_id = entry;
        IF lines < 2 OR total <> 0 THEN
            RAISE EXCEPTION 'entry % has % lines that sum to %', entry, lines, total USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    *(
        f"CREATE CONSTRAINT TRIGGER {table}_is_balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION billing_refuse_unbalanced()"
        for table in TABLES
    ),
)
POSTGRESQL_AWAY = (
    *(f"DROP TRIGGER {table}_is_appended ON {table}" for table in TABLES),
    *(f"DROP TRIGGER {table}_is_balanced ON {table}" for table in TABLES),
    "DROP FUNCTION billing_refuse_change()",
    "DROP FUNCTION billing_refuse_unbalanced()",
)
SQLITE = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {moment} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    for table in TABLES
    for name, moment in (("is_never_edited", "UPDATE"), ("is_never_deleted", "DELETE"))
)
SQLITE_AWAY = tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE)


def stand(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def fall(apps, schema_editor):
    for statement in SQLITE_AWAY if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_AWAY:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(stand, fall)]

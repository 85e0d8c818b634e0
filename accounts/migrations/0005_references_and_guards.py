"""Members get references; acts are appended only; the guards of places stand again where SQLite rebuilt a table."""

from importlib import import_module

from django.db import migrations

import kit.references

places = import_module("accounts.migrations.0002_places")

WORDS = "acts are appended, never edited"
TABLES = ("accounts_act", "accounts_houseact")
POSTGRESQL = (
    f"""
    CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_is_appended BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change()"
        for table in TABLES
    ),
)
POSTGRESQL_AWAY = (
    *(f"DROP TRIGGER {table}_is_appended ON {table}" for table in TABLES),
    "DROP FUNCTION accounts_refuse_change()",
)
SQLITE = tuple(
    f"CREATE TRIGGER {table}_{name} BEFORE {moment} ON {table} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    for table in TABLES
    for name, moment in (("is_never_edited", "UPDATE"), ("is_never_deleted", "DELETE"))
)
SQLITE_AWAY = tuple(f"DROP TRIGGER {statement.split()[2]}" for statement in SQLITE)


def name_members(apps, schema_editor):
    membership = apps.get_model("accounts", "Membership")
    for row in membership.objects.filter(reference=None):
        row.reference = kit.references.fresh("Q")
        row.save(update_fields=["reference"])


def stand(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        schema_editor.execute(statement, params=None)
    for statement in places.SQLITE if is_sqlite else ():
        schema_editor.execute(statement.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"), params=None)


def fall(apps, schema_editor):
    for statement in SQLITE_AWAY if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_AWAY:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_departments_and_invitations")]

    operations = [
        migrations.RunPython(name_members, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="membership",
            name="reference",
            field=kit.references.ReferenceField(editable=False, max_length=16, prefix="Q", unique=True),
        ),
        migrations.RunPython(stand, fall),
    ]

"""What a process with outside faces only needs of the database, said as SQL: the wall once more, in another place."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from kit.sides import Side


def statements(role: str) -> Iterator[str]:
    """For PostgreSQL: `role` may work on every public table and not even read what the house says to itself.

    Running them again is harmless; after each migration they are to be run again. Django's own tables and those of
    sign-in count as public: both sides sign in by them.
    """
    quoted = connection.ops.quote_name
    who = quoted(role)
    yield f"GRANT USAGE ON SCHEMA public TO {who};"
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table):
        table = model._meta.db_table
        if getattr(model, "side", Side.PUBLIC) == Side.PUBLIC:
            yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quoted(table)} TO {who};"
            yield from (f"GRANT USAGE ON SEQUENCE {quoted(name)} TO {who};" for name in _sequences(table))
        else:
            yield f"REVOKE ALL ON {quoted(table)} FROM {who};"
    yield f"GRANT SELECT ON django_migrations TO {who};"


def _sequences(table: str) -> list[str]:
    """The sequences from which this table draws its keys; `kit.rows` draws them itself."""
    with connection.cursor() as cursor:
        return [sequence["name"] for sequence in connection.introspection.get_sequences(cursor, table)]

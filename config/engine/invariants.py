"""What the engine itself promises: the wall holds in the schema that is really there."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from kit.invariants import Invariant
from kit.sides import Side


def upward_references() -> Iterator[str]:
    """References in the database from a lower side to a higher one. Reads the catalogue, not the models' wishes."""
    side = {model._meta.db_table: _side(model) for model in apps.get_models(include_auto_created=True)}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column, (_, target) in connection.introspection.get_relations(cursor, table).items():
                if side.get(table, Side.PUBLIC) < side.get(target, Side.PUBLIC):
                    yield f"{table}.{column} -> {target}"


def _side(model: type) -> Side:
    return getattr(model, "side", Side.PUBLIC)


INVARIANTS = (
    Invariant(
        name="references_lead_down",
        sentence="No foreign key leads from a lower side of the wall to a higher one.",
        check=upward_references,
        is_cheap=False,
    ),
    Invariant(
        name="one_ticker_lease",
        sentence="A lease that runs has a holder.",
        sql="SELECT name FROM engine_lease WHERE lease_until IS NOT NULL AND holder = ''",
    ),
)

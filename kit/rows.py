"""Many rows written at once, each with its own values: one statement a table, or one for several tables.

The one home of SQL that Django does not write. `bulk_update` compiles a CASE for every value, which costs a hundred
times what the database needs; and every statement costs a journey to the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

Sql = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Insert:
    """New rows of one model, all with a key or all without, which is then not read back.

    `is_repeatable`: what stands already is left as it is.
    """

    rows: Sequence[models.Model]
    is_repeatable: bool = False

    def sql(self, connection: Any) -> Sql:
        model = type(self.rows[0])
        query = InsertQuery(model, on_conflict=OnConflict.IGNORE if self.is_repeatable else None)
        drawn = self.rows[0].pk is not None
        given = [field for field in model._meta.concrete_fields if drawn or not field.primary_key]
        query.insert_values(given, list(self.rows))
        [statement] = query.get_compiler(connection=connection).as_sql()
        return statement  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Update:
    """Rows of one model that exist, and the fields to save, as they stand in memory: values, no expressions."""

    rows: Sequence[models.Model]
    names: Sequence[str]

    def sql(self, connection: Any) -> Sql:
        """The new values are a table of their own, joined by primary key."""
        meta, quote = self.rows[0]._meta, connection.ops.quote_name
        fields: list[Any] = [meta.pk, *map(meta.get_field, self.names)]
        new = [f"column{number}" for number, _ in enumerate(fields, 1)]
        table, values = _table(self.rows, fields, new, connection)
        (key, its_value), *others = [
            (quote(field.column), f"new.{name}") for field, name in zip(fields, new, strict=True)
        ]
        setting = ", ".join(f"{column} = {value}" for column, value in others)
        target = quote(meta.db_table)
        return f"UPDATE {target} SET {setting} FROM {table} WHERE {target}.{key} = {its_value}", values  # noqa: S608


Change = Insert | Update
"""One statement's worth of rows of one model."""


def update_each(rows: Sequence[models.Model], names: Sequence[str]) -> int:
    """Save these fields of each of `rows` in one statement; how many of the rows there still were."""
    return write(Update(rows, names))


class NextKey(models.Func):
    """The key of the next new row of `model`, as a column of a query; NULL where the database draws none ahead."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(output_field=models.BigIntegerField(null=True))
        self.model = model

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:  # type: ignore[override]
        return "NULL", ()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        meta: Any = self.model._meta
        return "nextval(pg_get_serial_sequence(%s, %s))", (meta.db_table, meta.pk.column)


def insert_family(*rows: models.Model) -> None:
    """New rows of several models that refer to each other, parents first, those of a model side by side.

    Where the database can, all is written in one statement. It needs the keys of parents: whoever has drawn those
    with `NextKey` has set them, and the others' are not read back; else all are drawn in a statement before.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        for model, alike in groupby(rows, type):
            model._default_manager.bulk_create(alike)  # type: ignore[attr-defined]
        return
    if rows[0].pk is None:
        _draw(rows, connection)
    for row in rows:
        row._prepare_related_fields_for_save("save")  # type: ignore[attr-defined]
    write(*(Insert([row]) for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _draw(rows: Sequence[models.Model], connection: Any) -> None:
    columns = [(row._meta.db_table, row._meta.pk.column) for row in rows]
    with connection.cursor() as cursor:
        drawing = ", ".join(["nextval(pg_get_serial_sequence(%s, %s))"] * len(rows))
        cursor.execute(f"SELECT {drawing}", [name for column in columns for name in column])
        for row, key in zip(rows, cursor.fetchone(), strict=True):
            row.pk = key


def write(*changes: Change) -> int:
    """All changes, none of which may need another's: in one statement where the database can, else one after another.

    How many rows the last one changed. Changes without rows are left out.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    statements = [change.sql(connection) for change in _joined(changes)]
    if connection.vendor == "postgresql" and len(statements) > 1:
        *first, (last, _) = statements
        named = ", ".join(f"change{number} AS ({sql})" for number, (sql, _) in enumerate(first))
        statements = [(f"WITH {named} {last}", [value for _, values in statements for value in values])]
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
        return int(cursor.rowcount) if changes and changes[-1].rows else 0


def _joined(changes: Sequence[Change]) -> list[Change]:
    """Those with rows; new rows of one model in one change, so that their keys keep the order in which they came.

    They are repeatable only if all of them are.
    """
    joined: list[Change] = []
    for change in changes:
        if not change.rows:
            continue
        model = type(change.rows[0])
        like = [one for one in joined if isinstance(one, Insert) and isinstance(one.rows[0], model)]
        if isinstance(change, Insert) and like:
            both = like[0].is_repeatable and change.is_repeatable
            joined[joined.index(like[0])] = Insert([*like[0].rows, *change.rows], both)
        else:
            joined.append(change)
    return joined


def _table(rows: Sequence[models.Model], fields: Sequence[Any], names: Sequence[str], connection: Any) -> Sql:
    """The values of `fields` as a table `new`: arrays by column, or lists by row."""
    columns = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    if connection.vendor == "postgresql":
        types = (field.db_type(connection).partition("(")[0] for field in fields)  # a cast to varchar(8) would cut
        arrays = ", ".join(f"%s::{each}[]" for each in types)
        return f"unnest({arrays}) AS new ({', '.join(names)})", columns
    one = f"({', '.join(['%s'] * len(fields))})"
    values = [value for row in zip(*columns, strict=True) for value in row]
    return f"(VALUES {', '.join([one] * len(rows))}) AS new", values

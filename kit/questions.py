"""Questions that are asked all the time: a queryset is put into SQL once a process, and then only asked.

Django builds and compiles a queryset anew every time, which costs several times what the database needs to answer; and
PostgreSQL, too, plans each of them once a connection. `Deed` is the same for an UPDATE.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.expressions import Expression
from django.db.models.sql import UpdateQuery
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

T = TypeVar("T")
_PLACE = re.compile("%%|%s")


class Slot(Expression):
    """A value that is named now and given when the question is asked."""

    def __init__(self, name: str, field: Any = None) -> None:
        super().__init__(output_field=field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def adapted(self, value: Any, connection: Any) -> Any:
        """As the database takes it; whole numbers all of one size, else each size would be planned for itself."""
        given = self.output_field.get_db_prep_value(value, connection)
        return Int8(given) if connection.vendor == "postgresql" and type(given) is int else given


class Many(Slot):
    """A list of numbers; stands in `Among` only."""

    def adapted(self, value: Any, connection: Any) -> Any:
        """Text that the database reads: of an array, or of JSON."""
        if connection.vendor == "postgresql":
            return "{" + ",".join(str(int(each)) for each in value) + "}"
        return json.dumps(list(value))


class Among(models.Func):
    """`filter(Among("ticket_id", "tickets"))`: the column is one of a list that is given when the question is asked."""

    template, arg_joiner = "%(expressions)s)", " = ANY("

    def __init__(self, column: str, name: str) -> None:
        super().__init__(models.F(column), Many(name), output_field=models.BooleanField())

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        one_of = " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=one_of, **more)


def when(name: str) -> Any:
    """A slot for a moment; stands wherever a queryset takes one."""
    return Slot(name, models.DateTimeField())


def word(name: str) -> Slot:
    """A slot for text."""
    return Slot(name, models.CharField())


class Question(Generic[T]):
    """`build` makes the queryset, with slots where values will stand; it is called once for a kind of database."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self._compiled: dict[str, tuple[Any, Any, _Sql]] = {}

    def ask(self, **values: Any) -> list[T]:
        """All rows, as the queryset would give them. Raises KeyError when a slot gets no value."""
        connection = connections[DEFAULT_DB_ALIAS]
        queryset, prepared, sql = self._compiled.get(connection.vendor) or self._compile(connection)
        statement = sql.text, sql.given(values, connection)
        asked, compiler = queryset.all(), copy(prepared)
        compiler.connection, compiler.as_sql = connection, lambda *_args, **_more: statement
        asked.query.get_compiler = lambda *_args, **_more: compiler
        with _planned_once(connection):
            return list(asked)

    def first(self, **values: Any) -> T | None:
        return next(iter(self.ask(**values)), None)

    def _compile(self, connection: Any) -> tuple[Any, Any, "_Sql"]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(connection=connection)
        text, params = compiler.as_sql()
        self._compiled[connection.vendor] = queryset, compiler, _Sql(text, params, connection)
        return self._compiled[connection.vendor]


class Deed:
    """`build` names the rows and what becomes of their columns, of one table alone, with slots as in a question."""

    def __init__(self, build: Callable[[], tuple[Any, dict[str, Any]]]) -> None:
        self.build = build
        self._compiled: dict[str, _Sql] = {}

    def do(self, **values: Any) -> int:
        """How many rows were changed. Raises KeyError when a slot gets no value."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql = self._compiled.get(connection.vendor) or self._compile(connection)
        given = sql.given(values, connection)
        is_whole = transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS)
        with is_whole, _planned_once(connection), connection.cursor() as cursor:
            cursor.execute(sql.text, given)
            return int(cursor.rowcount)

    def _compile(self, connection: Any) -> "_Sql":
        rows, changes = self.build()
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(changes)
        text, params = query.get_compiler(connection=connection).as_sql()
        self._compiled[connection.vendor] = _Sql(text, params, connection)
        return self._compiled[connection.vendor]


class _Sql:
    """A compiled statement. Where the database plans it once, only the slots are left open: it knows all the rest."""

    def __init__(self, text: str, params: Any, connection: Any) -> None:
        self.text, self.params = text, list(params)
        if connection.vendor == "postgresql":
            connection.ensure_connection()
            rest = iter(self.params)
            self.text = _PLACE.sub(lambda place: self._filled(place[0], rest, connection), text)
            self.params = [each for each in self.params if isinstance(each, Slot)]

    @staticmethod
    def _filled(place: str, rest: Iterator[Any], connection: Any) -> str:
        if place == "%%" or isinstance(value := next(rest), Slot):
            return place
        return Literal(value).as_string(connection.connection).replace("%", "%%")

    def given(self, values: dict[str, Any], connection: Any) -> tuple[Any, ...]:
        return tuple(
            each.adapted(values[each.name], connection) if isinstance(each, Slot) else each for each in self.params
        )


class _Planned(psycopg.Cursor[Any]):
    """Sends values beside the statement, so that it can be planned once."""

    def _send_query_prepared(self, name: bytes, pgq: Any, *, binary: bool | None = None) -> None:
        self._query = pgq  # psycopg forgets it here, and Django's log asks for it
        super()._send_query_prepared(name, pgq, binary=binary)


@contextmanager
def _planned_once(connection: Any) -> Iterator[None]:
    """What is asked in the block is planned once a connection, unless the settings say `prepare_threshold=None`."""
    connection.ensure_connection()
    session = connection.connection
    if not isinstance(session, psycopg.Connection) or session.prepare_threshold is None:
        yield
        return
    usual, session.cursor_factory = session.cursor_factory, _Planned
    try:
        yield
    finally:
        session.cursor_factory = usual

"""Questions that are asked all the time: a queryset is put into SQL once a process, and then only asked.

Django builds and compiles a queryset anew every time, which costs several times what the database needs to answer.
"""

import json
from collections.abc import Callable
from copy import copy
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression

T = TypeVar("T")


class Slot(Expression):
    """A value that is named now and given when the question is asked."""

    def __init__(self, name: str, field: Any = None) -> None:
        super().__init__(output_field=field or models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def adapted(self, value: Any, connection: Any) -> Any:
        return self.output_field.get_db_prep_value(value, connection)


class Many(Slot):
    """A list of numbers; stands in `Among` only."""

    def adapted(self, value: Any, connection: Any) -> Any:
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))


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
        self._compiled: dict[str, tuple[Any, Any, str, tuple[Any, ...]]] = {}

    def ask(self, **values: Any) -> list[T]:
        """All rows, as the queryset would give them. Raises KeyError when a slot gets no value."""
        connection = connections[DEFAULT_DB_ALIAS]
        queryset, prepared, sql, params = self._compiled.get(connection.vendor) or self._compile(connection)
        given = tuple(
            each.adapted(values[each.name], connection) if isinstance(each, Slot) else each for each in params
        )
        asked, compiler = queryset.all(), copy(prepared)
        compiler.connection, compiler.as_sql = connection, lambda *_args, **_more: (sql, given)
        asked.query.get_compiler = lambda *_args, **_more: compiler
        return list(asked)

    def first(self, **values: Any) -> T | None:
        return next(iter(self.ask(**values)), None)

    def _compile(self, connection: Any) -> tuple[Any, Any, str, tuple[Any, ...]]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        self._compiled[connection.vendor] = queryset, compiler, sql, tuple(params)
        return self._compiled[connection.vendor]

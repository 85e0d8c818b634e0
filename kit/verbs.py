"""A verb is one transaction: lock, guard, change, record, announce or ring (DESIGN 2)."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from django.db import IntegrityError, transaction

from kit import references

P = ParamSpec("P")
R = TypeVar("R")

_inside_a_verb: ContextVar[bool] = ContextVar("inside_a_verb", default=False)
TRIES = 4


class Actor(Protocol):
    """Somebody who acts: a user, or the frozen viewer of an outside page."""

    @property
    def pk(self) -> int: ...
    @property
    def is_inside(self) -> bool: ...


class Refused(Exception):
    """A rule said no. Subclasses are nouns that carry their data; a face shows `str(refused)` to the person."""


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction; verbs that it calls join that transaction without a savepoint.

    A random reference that happens to be taken (`kit.references`) rolls everything back and runs again.
    Whatever else is raised rolls back and reaches the caller.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside_a_verb.get():
            return function(*args, **kwargs)
        token = _inside_a_verb.set(True)
        try:
            return _outermost(function, *args, **kwargs)
        finally:
            _inside_a_verb.reset(token)

    run.is_verb = True  # type: ignore[attr-defined]
    return run


def _outermost(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    for last in [False] * (TRIES - 1) + [True]:
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except IntegrityError as error:
            if last or not references.is_collision(error):
                raise
    raise AssertionError("unreachable")

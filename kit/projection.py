"""What outsiders read is built from frozen projections that cannot hold a row or a person of the house (DESIGN 9).

`@projection` makes such a type and refuses fields of any other; `check` walks what a page is given before it renders.
"""

import enum
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, dataclass_transform

from django.db.models import Manager, Model, QuerySet
from django.forms import BaseForm, BaseFormSet, ModelChoiceField
from django.utils.functional import Promise

T = TypeVar("T")

PLAIN = (str, int, float, bool, bytes, datetime, date, timedelta, enum.Enum, type(None), Promise)
"""Values that can hold nothing but themselves."""


class Leak(TypeError):
    """Something that outsiders must not hold stood at `path`."""

    def __init__(self, path: str, value: object) -> None:
        super().__init__(f"{path} holds {type(value).__name__}: outside pages show projections only")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def projection(cls: type[T]) -> type[T]:
    """A frozen, slotted, keyword-only dataclass whose fields are plain values, projections, or tuples of them."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    for name, kind in typing.get_type_hints(made).items():
        if not _is_allowed(kind):
            raise TypeError(f"{made.__module__}.{made.__name__}.{name}: {kind!r} cannot be shown outside")
    made.is_projection = True  # type: ignore[attr-defined]
    return made


def _is_allowed(kind: Any) -> bool:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType, tuple):
        return all(_is_allowed(part) for part in typing.get_args(kind) if part is not Ellipsis)
    if origin is typing.Literal:
        return True
    if not isinstance(kind, type) or issubclass(kind, Model):
        return False
    return issubclass(kind, PLAIN) or getattr(kind, "is_projection", False)


def check(value: object, path: str = "context") -> None:
    """Raise Leak when `value`, or anything in it, is not for outsiders: a row, a queryset, a manager, an exception."""
    if isinstance(value, PLAIN):
        return
    if getattr(value, "is_projection", False) and is_dataclass(value):
        for field in fields(value):
            check(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, BaseForm | BaseFormSet):
        _check_form(value, path)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            check(part, f"{path}[{key!r}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for number, part in enumerate(value):
            check(part, f"{path}[{number}]")
    else:
        raise Leak(path, value)


def _check_form(form: BaseForm | BaseFormSet, path: str) -> None:  # type: ignore[type-arg]
    forms: Iterable[Any] = form.forms if isinstance(form, BaseFormSet) else [form]
    for part in forms:
        if hasattr(part, "instance"):
            raise Leak(f"{path}.instance", part.instance)
        for name, field in part.fields.items():
            if isinstance(field, ModelChoiceField):
                raise Leak(f"{path}.{name}", field)
        check(dict(part.initial or {}), f"{path}.initial")


def to_json(value: Any) -> Any:
    """A projection as what JSON can carry: datetimes in ISO 8601, enums as their values, tuples as lists."""
    if getattr(value, "is_projection", False) and is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Manager | QuerySet | Model):
        raise Leak("json", value)
    return value

"""Short random public references such as `T-4K7Q9D` (DESIGN 4). No sequential id ever leaves the house."""

import secrets
from typing import Any

from django.db import IntegrityError, models

ALPHABET = "346789BCDFGHJKMNPQRTVWXY"
"""Without vowels (no words) and without look-alikes (0 O, 1 I L, 2 Z, 5 S, U V)."""
LENGTH = 6


def fresh(prefix: str) -> str:
    """A new reference, unguessable but not a secret. The unique column decides whether it is free."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def give(row: models.Model) -> str:
    """The reference of `row`, which has one from now on: for those who must name it before it is saved."""
    field = row._meta.get_field("reference")
    return str(field.pre_save(row, add=True))  # type: ignore[union-attr]


def is_collision(error: IntegrityError) -> bool:
    """Whether this is a random reference that was taken, so that `@verb` may simply run again."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or str(error)
    return "reference" in constraint and "UNIQUE" in str(error).upper()


class ReferenceField(models.CharField):  # type: ignore[type-arg]
    """A unique column that fills itself with `prefix` and six random characters on first save."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(**{"max_length": 16, "unique": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "prefix": self.prefix}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if add and not value:
            value = fresh(self.prefix)
            setattr(model_instance, self.attname, value)
        return value

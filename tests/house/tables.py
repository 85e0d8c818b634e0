"""Sides, references and migrations: what a table may know of another (DESIGN 2 and 9)."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from kit.sides import Side
from tests.house import ROOT, floors, rooms


def our_models() -> Iterator[type[models.Model]]:
    """The models of our own apps."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.split(".")[0] in floors():
            yield model


def place_of(model: type[models.Model]) -> Side:
    """The side that a model's module stands for."""
    room, *rest = model.__module__.split(".")
    if room == "rnd":
        return Side.RND
    if room in ("desk", "config") or rest[-1] == "inside":
        return Side.DESK
    return Side.PUBLIC


def every_model_declares_its_side() -> list[str]:
    """A model declares its side, and its place agrees."""
    problems = []
    for model in our_models():
        side = model.__dict__.get("side")
        if side is None:
            problems.append(f"{model.__module__}.{model.__name__} declares no side")
        elif side is not place_of(model):
            problems.append(f"{model.__module__}.{model.__name__} declares {side.name}, its place says otherwise")
    return problems


def no_reference_climbs() -> list[str]:
    """A foreign key leads down in the house, and never from a lower side to a higher one."""
    problems = []
    for model in our_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or not hasattr(target, "side"):
                continue
            name = f"{model.__module__}.{model.__name__}.{field.name}"
            here, there = model.__module__.split(".")[0], target.__module__.split(".")[0]
            if getattr(model, "side", Side.PUBLIC) < target.side:
                problems.append(f"{name} climbs from {model.side.name} to {target.side.name}")
            if floors()[there] > floors()[here] or (here != there and floors()[there] == floors()[here]):
                problems.append(f"{name} leads to {there}, which is not below {here}")
            if here != there and not field.remote_field.hidden:
                problems.append(f'{name} crosses apps without related_name="+"')
    return problems


def no_migration_climbs() -> list[str]:
    """A migration depends on its own app and on those below."""
    problems = []
    for room in rooms():
        for path in sorted((ROOT / room).rglob("migrations/*.py")):
            text = path.read_text(encoding="utf-8")
            needed = {other for other, _ in re.findall(r"""\(\s*["'](\w+)["'],\s*["'](\d{4}_\w+)["']\s*\)""", text)}
            needed |= set(re.findall(r"""to=["'](\w+)\.\w+["']""", text))
            problems += [
                f"{path.relative_to(ROOT)} needs {other}, which is not below {room}"
                for other in sorted(needed & set(floors()))
                if other != room and floors()[other] >= floors()[room]
            ]
    return problems


CHECKS = (every_model_declares_its_side, no_reference_climbs, no_migration_climbs)

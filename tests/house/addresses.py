"""Addresses: the address is the path, every route has a guard, and outside pages name no inside address."""

import inspect
import re
from typing import Any

from django.conf import settings

from config.checks import every_view_has_a_guard, routes
from tests.house import ROOT, imports, modules

ROOT_PAGE = {"desk": "queue", "workshop": "inbox"}
"""The module that answers a face's first address; `home` where nothing is said."""
OUTSIDE = ("storefront", "portal", "machines")
INSIDE = ("desk", "workshop", "office")


def every_route_has_a_guard() -> list[str]:
    """Default deny (DESIGN 4)."""
    return [str(error.msg) for error in every_view_has_a_guard()]


def the_address_is_the_path() -> list[str]:
    """`/desk/tickets/<reference>/` is answered by faces/desk/tickets.py."""
    problems = []
    for address, pattern in routes():
        view = inspect.unwrap(pattern.callback)
        module = view.__module__
        if not module.startswith("faces."):
            continue
        face, *rest = address.split("/")
        if face not in settings.FACES or face == "storefront":
            face, rest = "storefront", [face, *rest]
        noun = rest[0] if rest and rest[0] else ROOT_PAGE.get(face, "home")
        wanted = f"faces.{face}.{noun}"
        if module != wanted:
            problems.append(f"/{address} is answered by {module}, not by {wanted}")
    return problems


def every_view_says_which_methods_it_takes() -> list[str]:
    """`require_safe`, `require_POST`, ...: a page that is only read answers 405 to whatever else is sent."""
    return [
        f"/{address} takes any method"
        for address, pattern in routes()
        if not (
            hasattr(pattern.callback, "view_class")
            or inspect.unwrap(pattern.callback).__module__.startswith("allauth.")
        )
        and not _methods(pattern.callback)
    ]


def _methods(view: Any) -> list[str]:
    """What a decorator of django.views.decorators.http holds in its closure."""
    while view is not None:
        held = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
        for one in held:
            if isinstance(one, list | tuple) and one and all(isinstance(name, str) and name.isupper() for name in one):
                return list(one)
        view = getattr(view, "__wrapped__", None)
    return []


def outside_templates_name_no_inside_address() -> list[str]:
    """Words for outsiders contain no address behind the wall."""
    inside = re.compile(rf"""["'/]({"|".join(INSIDE)})[:/]|\bdemo:""")
    folders = [ROOT / "templates" / face for face in OUTSIDE] + [ROOT / "templates" / "frames"]
    return [
        f"{path.relative_to(ROOT)}:{number} names {found.group(0)!r}"
        for folder in folders
        for path in sorted(folder.rglob("*.html"))
        if folder.name != "frames" or path.stem in OUTSIDE
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if (found := inside.search(line))
    ]


def outside_faces_show_projections() -> list[str]:
    """Outside faces render with `kit.pages.show`, which refuses rows; never with Django's own `render`."""
    return [
        f"{path}:{line} imports {name} from {module}; use kit.pages.show"
        for path, tree in modules().items()
        if path.startswith(tuple(f"faces/{face}/" for face in OUTSIDE))
        for module, name, line in imports(tree)
        if (module, name) in {("django.shortcuts", "render"), ("django.template.response", "TemplateResponse")}
        or module == "django.template.loader"
    ]


CHECKS = (
    every_route_has_a_guard,
    every_view_says_which_methods_it_takes,
    the_address_is_the_path,
    outside_templates_name_no_inside_address,
    outside_faces_show_projections,
)

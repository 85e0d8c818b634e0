"""The facet bar: words and addresses for what the queue can be narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from desk.board import Facet, Queue
from promises.disclosure import CLOCK_NAMES

VIEWS = {
    "all": (_("All of my desk"), "list-bullet"),
    "mine": (_("With me"), "user"),
    "pool": (_("In the pool"), "users"),
    "waiting": (_("Waiting for the customer"), "pause"),
    "help": (_("Help asked of R&D"), "beaker"),
    "broken": (_("Broken"), "exclamation-triangle"),
    "solved": (_("Solved lately"), "check-circle"),
}
TITLES = {"severity": _("Severity"), "promise": _("Promise"), "product": _("Product"), "language": _("Language")}
SEVERITIES = {"1": _("down"), "2": _("degraded"), "3": _("partial"), "4": _("question")}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the bar: `href` chooses it, or drops it when it is chosen."""

    words: str
    count: int | str
    """Empty when nobody counted."""
    is_chosen: bool
    href: str
    icon: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one title."""

    title: str
    choices: tuple[Choice, ...]


def views(queue: Queue, query: QueryDict) -> tuple[Choice, ...]:
    """The saved views; choosing one keeps the facets and the search."""
    return tuple(
        Choice(
            str(VIEWS[one.name][0]), _counted(one), one.is_chosen, _address(query, view=one.name),
            icon=VIEWS[one.name][1],
        )
        for one in queue.views
    )  # fmt: skip


def groups(queue: Queue, query: QueryDict) -> tuple[Group, ...]:
    """The facets of the list."""
    return tuple(
        Group(str(TITLES[name]), tuple(_choice(name, one, queue, query) for one in facets))
        for name, facets in queue.facets.items()
        if facets
    )


def chips(queue: Queue, query: QueryDict) -> tuple[Choice, ...]:
    """What is chosen, to be taken away above the list."""
    return tuple(one for group in groups(queue, query) for one in group.choices if one.is_chosen)


def _choice(name: str, one: Facet, queue: Queue, query: QueryDict) -> Choice:
    level = f"S{one.name}" if name == "severity" else ""
    address = _toggled(query, name, one.name)
    return Choice(_words(name, one.name, queue), _counted(one), one.is_chosen, address, level=level)


def _counted(one: Facet) -> int | str:
    return "" if one.count is None else one.count


def _words(name: str, value: str, queue: Queue) -> str:
    match name:
        case "severity":
            return str(SEVERITIES[value])
        case "promise":
            return str(CLOCK_NAMES[value])
        case "product":
            return queue.products.get(value, value)
    try:
        return get_language_info(value)["name_local"]
    except KeyError:
        return value


def _toggled(query: QueryDict, name: str, value: str) -> str:
    values: Sequence[str] = query.getlist(name)
    changed = [one for one in values if one != value] if value in values else [*values, value]
    return _address(query, **{name: changed})


def _address(query: QueryDict, **changes: str | list[str]) -> str:
    """This list with something changed, from its first page."""
    changed = query.copy()
    for name in ("v", "after"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed.setlist(name, value if isinstance(value, list) else [value])
    return f"?{changed.urlencode()}"

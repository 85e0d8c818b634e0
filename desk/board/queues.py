"""The queue of a desk, in the order of routing.

Counts are taken from the first thousand open tickets, in one statement, and say so when there are more: an exact
count over a big list would cost more than the page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from assets.models import Product
from desk.board.rows import PAGE, SECTIONS, Row, cursor, help_asked, read, row, section_of
from desk.board.seats import Seat
from desk.models import Work
from tickets.models import Clock

MANY = 1000
VIEWS = ("all", "mine", "pool", "waiting", "help", "broken")
FACETS: Mapping[str, str] = {
    "severity": "severity", "promise": "due_kind", "product": "skill", "language": "language"
}  # fmt: skip
"""What the list can be narrowed by, and the column behind each."""
WORDS = 6
"""So many words of a search are looked for."""

Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that the list can be narrowed to, and how many choosing it would show."""

    name: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together; `count` is that of the whole list, not of this page."""

    name: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. `is_more`: the counts stop at a thousand. `after` is the next page, or empty."""

    sections: tuple[Section, ...]
    views: tuple[Facet, ...]
    facets: Mapping[str, tuple[Facet, ...]]
    total: int
    broken: int
    is_more: bool
    next_up: Row | None
    version: str
    after: str
    products: Mapping[str, str] = field(default_factory=dict)


def queue(
    me: Seat, *, at: datetime, view: str = "all", chosen: Chosen | None = None, q: str = "", after: str = "",
    limit: int = PAGE,
) -> Queue:  # fmt: skip
    """A page of what is open at the reader's desks. Two statements, whatever is open."""
    chosen = {name: tuple(values) for name, values in (chosen or {}).items() if values}
    open_ = Work.objects.unfinished().filter(desk_id__in=me.desks)
    counted = _counted(open_.filter(_searched(q)), at)
    works = read(open_, me, at, _searched(q) & _narrowed(me, at, view, chosen), after=after, limit=limit)
    offered = next((row(work, me, at) for work in works if work.ticket.reference == me.offered), None)
    fitting = [work for work in works if work.fits]  # type: ignore[attr-defined]
    page, rest = fitting[:limit], fitting[limit:]
    lines = tuple(row(work, me, at) for work in page)
    in_view = [one for one in counted if _in_view(one, view, me)]
    in_list = [one for one in in_view if _suits(one, chosen)]
    return Queue(
        sections=tuple(_sections(lines, in_list)),
        views=tuple(Facet(v, sum(_in_view(one, v, me) for one in counted), v == view) for v in VIEWS),
        facets={name: _facet(name, in_view, chosen) for name in FACETS},
        total=len(in_list), broken=sum(one["section"] in ("broken", "lost") for one in counted),
        is_more=len(counted) > MANY, next_up=offered or _nearest(lines), version=me.version(at),
        after=cursor(page[-1]) if rest else "",
        products={one["skill"]: one["product"] or one["skill"] for one in counted},
    )  # fmt: skip


def _counted(works: QuerySet[Work], at: datetime) -> list[dict[str, Any]]:
    """The first thousand, as little of each as counting needs."""
    columns = ("severity", "skill", "language", "due_kind", "due_at", "broken_at", "state", "engineer_id")
    name = Subquery(Product.objects.filter(slug=OuterRef("skill")).values("name")[:1])
    works = works.annotate(asked=help_asked(), product=name).by_urgency(at)  # type: ignore[attr-defined]
    rows = list(works.values(*columns, "asked", "product")[: MANY + 1])
    for one in rows:
        one["section"] = section_of(one["state"], one["due_at"], one["broken_at"], at)
    return rows


def _searched(q: str) -> Q:
    """By reference, or by words of the subject, the customer or the cluster."""
    found = Q()
    for word in q.split()[:WORDS]:
        found &= (
            Q(ticket__reference__iexact=word)
            | Q(ticket__subject__icontains=word)
            | Q(ticket__organization__name__icontains=word)
            | Q(ticket__organization__name_zh__icontains=word)
            | Q(ticket__asset__name__icontains=word)
        )
    return found


def _narrowed(me: Seat, at: datetime, view: str, chosen: Chosen) -> Q:
    views = {
        "mine": Q(engineer_id__in=me.pks),
        "pool": Q(state=Work.State.POOL),
        "waiting": Q(state=Work.State.WAITING),
        "help": Q(help_asked()),
        "broken": Q(broken_at__isnull=False) | Q(due_at__lte=at),
    }
    return views.get(view, Q()) & Q(**{f"{FACETS[name]}__in": values for name, values in chosen.items()})


def _in_view(one: dict[str, Any], view: str, me: Seat) -> bool:
    return bool({
        "mine": one["engineer_id"] in me.pks,
        "pool": one["state"] == Work.State.POOL,
        "waiting": one["state"] == Work.State.WAITING,
        "help": one["asked"],
        "broken": one["section"] in ("broken", "lost"),
    }.get(view, True))  # fmt: skip


def _suits(one: dict[str, Any], chosen: Chosen, *, but: str = "") -> bool:
    return all(str(one[FACETS[name]]) in values for name, values in chosen.items() if name != but)


def _facet(name: str, rows: list[dict[str, Any]], chosen: Chosen) -> tuple[Facet, ...]:
    """Counts under the other facets' choices."""
    counts = Counter(str(one[FACETS[name]]) for one in rows if _suits(one, chosen, but=name))
    values = {"severity": ["1", "2", "3", "4"], "promise": list(Clock.Kind.values)}.get(name) or sorted(
        {*(str(one[FACETS[name]]) for one in rows), *chosen.get(name, ())} - {""}
    )
    return tuple(Facet(value, counts[value], value in chosen.get(name, ())) for value in values)


def _sections(lines: Sequence[Row], in_list: list[dict[str, Any]]) -> list[Section]:
    counts = Counter(one["section"] for one in in_list)
    found = [(name, tuple(line for line in lines if line.section == name)) for name in SECTIONS]
    return [Section(name, max(counts[name], len(rows)), rows) for name, rows in found if rows]


def _nearest(lines: Sequence[Row]) -> Row | None:
    """The nearest promise that can still be kept."""
    return next((line for line in lines if line.section in ("hour", "today", "later")), None)

"""The queue of a desk, in the order of routing.

Counts are taken from the first thousand open tickets, in one statement, and say so when there are more: an exact
count over a big list would cost more than the page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from desk.board.counts import FACETS, MANY, Chosen, Kind, count
from desk.board.nearest import Place, place
from desk.board.rows import PAGE, Row, ended, first, help_asked
from desk.board.seats import Seat
from desk.board.sections import SECTIONS, bounds
from desk.models import Work
from tickets.models import Clock

SOLVED = "solved"
"""The view of what has ended lately; it is not counted, and no facet narrows it."""
VIEWS = ("all", "mine", "pool", "waiting", "help", "broken", SOLVED)
WORDS = 6
"""So many words of a search are looked for."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that the list can be narrowed to, and how many choosing it would show; None when nobody counted."""

    name: str
    count: int | None
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
    mine_waiting: int
    """Of the reader's own, so many wait for the customer and take no room."""
    version: str
    after: str
    products: Mapping[str, str] = field(default_factory=dict)


def queue(
    me: Seat, *, at: datetime, view: str = "all", chosen: Chosen | None = None, q: str = "", after: str = "",
    limit: int = PAGE,
) -> Queue:  # fmt: skip
    """A page of what is open at the reader's desks. Two statements, whatever is open.

    A search finds what has ended too, behind what is open, and so does the view of it, in one statement more.
    """
    chosen = {name: tuple(values) for name, values in (chosen or {}).items() if values and view != SOLVED}
    when, behind = bounds(at), place(after)
    open_ = Work.objects.unfinished()
    kinds = count(_searched(q), me, when)
    fits = _searched(q) & _narrowed(me, at, view, chosen)
    rows = first(open_, me, when, fits=fits, after=behind, limit=limit)
    fitting = [row for row in rows if row.fits and _is_behind(row, behind)] if view != SOLVED else []
    page, rest = fitting[:limit], fitting[limit:]
    is_past_asked = view == SOLVED or (q and view == "all" and not after)
    past = ended(me, at=at, fits=_searched(q) & _narrowed(me, at, "all", chosen)) if is_past_asked else ()
    offered = next((row for row in rows if row.reference == me.offered), None)
    in_view = [kind for kind in kinds if kind.is_in(view)]
    in_list = [kind for kind in in_view if kind.suits(chosen)]
    return Queue(
        sections=(*_sections(page, in_list), *([Section("ended", len(past), past)] if past else [])),
        views=tuple(_view(name, kinds, view) for name in VIEWS),
        mine_waiting=_sum(kind for kind in kinds if kind.is_mine and kind.state == Work.State.WAITING),
        facets={name: _facet(name, in_view, chosen) for name in FACETS} if view != SOLVED else {},
        total=_sum(in_list), broken=_sum(kind for kind in kinds if kind.is_in("broken")), is_more=_sum(kinds) > MANY,
        next_up=offered or _nearest(page), version=me.version(at), after=str(page[-1].place) if rest else "",
        products={kind.skill: kind.product or kind.skill for kind in kinds},
    )  # fmt: skip


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
        "help": help_asked(),
        "broken": Q(broken_at__isnull=False) | Q(due_at__lte=at),
    }
    return views.get(view, Q()) & Q(**{f"{FACETS[name]}__in": values for name, values in chosen.items()})


def _is_behind(row: Row, after: Place | None) -> bool:
    return after is None or row.place.order > after.order


def _sum(kinds: Iterable[Kind]) -> int:
    return sum(kind.number for kind in kinds)


def _view(name: str, kinds: Sequence[Kind], chosen: str) -> Facet:
    number = None if name == SOLVED else _sum(kind for kind in kinds if kind.is_in(name))
    return Facet(name, number, name == chosen)


def _facet(name: str, kinds: Sequence[Kind], chosen: Chosen) -> tuple[Facet, ...]:
    """Counts under the other facets' choices."""
    counts: Counter[str] = Counter()
    for kind in kinds:
        if kind.suits(chosen, but=name):
            counts[str(getattr(kind, FACETS[name]))] += kind.number
    known = {"severity": ["1", "2", "3", "4"], "promise": list(Clock.Kind.values)}.get(name)
    values = known or sorted({*(str(getattr(kind, FACETS[name])) for kind in kinds), *chosen.get(name, ())} - {""})
    return tuple(Facet(value, counts[value], value in chosen.get(name, ())) for value in values)


def _sections(page: Sequence[Row], in_list: Sequence[Kind]) -> list[Section]:
    counts: Counter[str] = Counter()
    for kind in in_list:
        counts[kind.section] += kind.number
    found = [(name, tuple(row for row in page if row.section == name)) for name in SECTIONS]
    return [Section(name, max(counts[name], len(rows)), rows) for name, rows in found if rows]


def _nearest(page: Sequence[Row]) -> Row | None:
    """The nearest promise that can still be kept."""
    return next((row for row in page if row.section in ("hour", "today", "later")), None)

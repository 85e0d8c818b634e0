"""How many open works there are of each kind, told from the first thousand in one statement."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Coalesce

from desk.board import nearest
from desk.board.rows import help_asked
from desk.board.seats import Seat
from desk.board.sections import UNTIL, Bounds
from desk.models import Work
from kit.questions import Slot, when

MANY = 1000
"""So many are counted; of more it is only said that there are more."""
FACETS: Mapping[str, str] = {
    "severity": "severity", "promise": "due_kind", "product": "skill", "language": "language"
}  # fmt: skip
"""What the list can be narrowed by, and the column behind each."""

Chosen = Mapping[str, Sequence[str]]


class Kind(NamedTuple):
    """So many works that are alike in everything that is counted."""

    severity: int
    due_kind: str
    skill: str
    language: str
    state: str
    is_mine: bool
    is_asked: bool
    section: str
    product: str | None
    number: int

    def is_in(self, view: str) -> bool:
        """Whether a saved view shows these."""
        match view:
            case "mine":
                return self.is_mine
            case "pool" | "waiting":
                return self.state == view
            case "help":
                return self.is_asked
            case "broken":
                return self.section in ("broken", "lost")
        return True

    def suits(self, chosen: Chosen, *, but: str = "") -> bool:
        """Whether the facets let these through, one of them left out."""
        return all(str(getattr(self, FACETS[name])) in values for name, values in chosen.items() if name != but)


GROUPED = """
    SELECT severity, due_kind, skill, language, state, is_mine, is_asked, section,
        (SELECT name FROM assets_product WHERE slug = skill), count(*)
    FROM (
        SELECT severity, due_kind, skill, language, state, is_mine, is_asked, CASE WHEN moment IS NULL THEN 'still'
            {cases} ELSE 'later' END AS section
        FROM ({works}) AS work LIMIT {many:d}
    ) AS one
    GROUP BY severity, due_kind, skill, language, state, is_mine, is_asked, section
"""


def count(q: Q, me: Seat, bounds: Bounds) -> list[Kind]:
    """The kinds of the first thousand and one open works at the reader's desks that `q` finds. One statement."""
    if not me.desks:
        return []
    sql, slots = (_counted if q else _plain)(q, len(me.desks), len(me.pks), connection.vendor)
    mine = {f"mine_{number}": pk for number, pk in enumerate(me.pks)}
    values = {**dict(bounds.until), **nearest.values(me.desks, bounds.at), **mine}
    given = [one.adapted(values[one.name], connection) if isinstance(one, Slot) else one for one in slots]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [_kind(row) for row in cursor.fetchall()]


def _counted(q: Q, desks: int, mine: int, vendor: str) -> nearest.Sql:
    """The statement for so many desks, with slots for desks, moments, and the reader's seats."""
    seats = [Q(engineer_id=Slot(f"mine_{number}")) for number in range(mine)]
    works = (
        Work.objects.unfinished()
        .filter(q)
        .annotate(moment=Coalesce("broken_at", "due_at"), is_mine=_is(reduce(or_, seats)), is_asked=_is(help_asked()))
        .values("severity", "due_kind", "skill", "language", "state", "moment", "is_mine", "is_asked")
    )
    slots = nearest.desk_slots(desks)
    sql, params = nearest.nearest(works, slots, nearest.SLOTS, MANY + 1, order=nearest.ROUGHLY)
    cases = " ".join(f"WHEN moment <= %s THEN '{name}'" for name in UNTIL)
    return GROUPED.format(works=sql, cases=cases, many=MANY + 1), (*(when(name) for name in UNTIL), *params)


@lru_cache(maxsize=64)
def _plain(_q: Q, desks: int, mine: int, vendor: str) -> nearest.Sql:
    """Of everything that is open: compiled once, for it is asked all the time."""
    return _counted(Q(), desks, mine, vendor)


def _kind(row: tuple[Any, ...]) -> Kind:
    found = Kind(*row)
    return found._replace(is_mine=bool(found.is_mine), is_asked=bool(found.is_asked))


def _is(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(condition), BooleanField())

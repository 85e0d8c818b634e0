"""How many open works there are of each kind, told from the first thousand in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Coalesce

from desk.board.nearest import ROUGHLY, nearest
from desk.board.rows import help_asked
from desk.board.seats import Seat
from desk.board.sections import Bounds
from desk.models import Work

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


def count(works: QuerySet[Work], me: Seat, bounds: Bounds) -> list[Kind]:
    """The kinds of the first thousand and one of `works` at the reader's desks. One statement."""
    if not me.desks:
        return []
    columns = works.annotate(
        moment=Coalesce("broken_at", "due_at"), is_mine=_is(Q(engineer_id__in=me.pks)), is_asked=_is(help_asked())
    ).values("severity", "due_kind", "skill", "language", "state", "moment", "is_mine", "is_asked")
    sql, params = nearest(columns, me.desks, bounds.at, MANY + 1, order=ROUGHLY)
    cases = " ".join(f"WHEN moment <= %s THEN '{name}'" for name, _last in bounds.until)
    ends = [connection.ops.adapt_datetimefield_value(last) for _name, last in bounds.until]
    with connection.cursor() as cursor:
        cursor.execute(GROUPED.format(works=sql, cases=cases, many=MANY + 1), [*ends, *params])
        return [_kind(row) for row in cursor.fetchall()]


def _kind(row: tuple[Any, ...]) -> Kind:
    found = Kind(*row)
    return found._replace(is_mine=bool(found.is_mine), is_asked=bool(found.is_asked))


def _is(condition: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Q(condition), BooleanField())

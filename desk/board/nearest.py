"""The first open works of some desks by urgency, found along an index however many are open.

The order of `Work.by_urgency` runs through four stretches: broken for over 8 h, still to be kept, broken lately, and
without a deadline. At one desk each is a stretch of the index `work_by_moment`, so its beginning is read without
sorting what lies behind. No queryset says this on both databases, where the parts of a union have limits of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from desk.models import Work
from desk.models.work import BACK_IN_FRONT
from kit.questions import Slot, when

MOMENT = 'COALESCE("desk_work"."broken_at", "desk_work"."due_at")'
ROUGHLY = f'{MOMENT}, "desk_work"."severity", "desk_work"."waiting_since"'
EXACTLY = f'{ROUGHLY}, "tickets_ticket"."reference"'
"""The order of `by_urgency` within one stretch; exactly for works that are joined with their ticket."""
STRETCH = {"lost": 0, "hour": 0, "today": 0, "later": 0, "broken": 1, "still": 2}
"""The place of a section in that order."""
Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Behind which row a page begins: the columns of the order."""

    place: int
    moment: datetime | None
    severity: int
    since: datetime
    reference: str

    @property
    def order(self) -> tuple[Any, ...]:
        """As the rows are sorted."""
        return (self.place, *([self.moment] if self.moment else []), self.severity, self.since, self.reference)

    def __str__(self) -> str:
        moment = self.moment.isoformat() if self.moment else ""
        return f"{self.place}~{moment}~{self.severity}~{self.since.isoformat()}~{self.reference}"


class Moments(NamedTuple):
    """The two moments between stretches, as the database takes them or as slots of a question."""

    late: Any
    now: Any


SLOTS = Moments(late=when("late"), now=when("now"))


def desk_slots(count: int) -> list[Slot]:
    """Of so many desks."""
    return [Slot(f"desk_{number}") for number in range(count)]


def values(desks: Sequence[int], at: datetime) -> dict[str, Any]:
    """What stands in those slots at a moment."""
    return {"late": at - BACK_IN_FRONT, "now": at, **{f"desk_{number}": desk for number, desk in enumerate(desks)}}


def place(written: str) -> Place | None:
    """What an address says; None for what nobody wrote."""
    try:
        number, moment, severity, since, reference = written.split("~")
        then = datetime.fromisoformat(moment) if moment else None
        found = Place(int(number), then, int(severity), datetime.fromisoformat(since), reference)
    except ValueError:
        return None
    is_aware = found.since.tzinfo and (then is None or then.tzinfo)
    is_possible = found.severity in range(1, 5) and found.place in ((2,) if then is None else (0, 1))
    return found if is_aware and is_possible else None


def first(
    works: QuerySet[Work], desks: Sequence[Any], at: "datetime | Moments", limit: int, *, after: Place | None = None
) -> Sql:
    """The ids of the first `limit` of `works` at these desks, behind `after`, as SQL."""
    works = works.annotate(moment=Coalesce("broken_at", "due_at"))
    columns = works.values("id", "moment", "severity", "waiting_since", "ticket__reference")
    sql, params = nearest(columns, desks, at, limit, after=after)
    order = "stretch, moment, severity, waiting_since, ticket__reference"
    return f"SELECT nearest.id FROM ({sql}) AS nearest ORDER BY {order} LIMIT {limit:d}", params  # noqa: S608


def nearest(
    works: QuerySet[Work, Any], desks: Sequence[Any], at: "datetime | Moments", limit: int, *, order: str = EXACTLY,
    after: Place | None = None,
) -> Sql:  # fmt: skip
    """The columns that `works` asks for, of its first `limit` rows of each stretch at each desk, as SQL.

    One column is added in front: `stretch`, the number of the stretch.

    `works` has a condition, and there is at least one desk. `after` asks for the exact order. Desks and moments may
    be slots of a question.
    """
    base, params = works.order_by().query.sql_with_params()
    parts: list[str] = []
    values: list[Any] = []
    for number, (where, bounds) in enumerate(_stretches(at, after)):
        for desk in desks:
            here = f'{base} AND "desk_work"."desk_id" = %s AND {where} ORDER BY {order} LIMIT {limit:d}'
            parts.append(f"SELECT {number} AS stretch, one.* FROM ({here}) AS one")  # noqa: S608  # words are parameters
            values += [*params, desk, *bounds]
    return " UNION ALL ".join(parts), tuple(values)


def _stretches(at: "datetime | Moments", after: Place | None) -> Iterator[Sql]:
    """Each stretch of the order as a condition, or the rest of it behind `after`."""
    late, now = at if isinstance(at, Moments) else (_written(at - BACK_IN_FRONT), _written(at))
    stretches: list[tuple[int, str, tuple[Any, ...]]] = [
        (0, f"{MOMENT} <= %s", (late,)),
        (0, f"{MOMENT} > %s", (now,)),
        (1, f"{MOMENT} > %s AND {MOMENT} <= %s", (late, now)),
        (2, f"{MOMENT} IS NULL", ()),
    ]
    for number, where, bounds in stretches:
        if after is None or number > after.place:
            yield where, bounds
        elif number == after.place:
            behind, rest = _behind(after)
            yield f"{where} AND {behind}", (*bounds, *rest)


def _behind(after: Place) -> Sql:
    columns = EXACTLY.removeprefix(f"{MOMENT}, ")
    rest = (after.severity, _written(after.since), after.reference)
    if after.moment is None:
        return f"({columns}) > (%s, %s, %s)", rest
    then = _written(after.moment)
    return f"{MOMENT} >= %s AND ({EXACTLY}) > (%s, %s, %s, %s)", (then, then, *rest)


def _written(moment: datetime) -> Any:
    """A moment as this database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)

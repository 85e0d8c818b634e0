"""The rows of lists of work: how each looks, in which section it stands, and how a page of them is read.

A row is read as plain columns: fifty of them must cost no more than the page around them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    Field,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL

from desk.board import nearest
from desk.board.nearest import STRETCH, Place
from desk.board.seats import Seat
from desk.board.sections import Bounds, bounds
from desk.disclosure import link
from desk.models import HelpRequest, Work
from kit.questions import Question, Slot, word
from kit.words import for_reader
from promises.disclosure import CLOCK_NAMES

PAGE = 50
ENDED, LATELY = 25, 2000
"""So many ended tickets stand in a list; so many are looked through for them."""
USED_AT_LEAST = {50: 0, 75: 50, 90: 75, 100: 90}
"""By the next threshold of a clock: so much of its working time, in percent, is used at least."""


class Columns(NamedTuple):
    """What is read of one work."""

    state: str
    severity: int
    due_at: datetime | None
    due_kind: str
    waiting_since: datetime
    engineer: int | None
    broken_at: datetime | None
    fits: bool
    is_asked: bool
    fires_percent: int | None
    is_provisional: bool | None
    target: int | None
    owner: str | None
    reference: str
    subject: str
    said_at: datetime
    first_replied_at: datetime | None
    customer: str
    customer_zh: str
    standing: str


COLUMNS = (
    "state", "severity", "due_at", "due_kind", "waiting_since", "engineer_id", "broken_at", "fits", "is_asked",
    "fires_percent", "is_provisional", "target", "engineer__user__name", "ticket__reference", "ticket__subject",
    "ticket__last_said_at", "ticket__first_replied_at", "ticket__organization__name", "ticket__organization__name_zh",
    "ticket__state",
)  # fmt: skip
"""Where they stand, in the same order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of a list. `turn` is new, ours, help or theirs, in the end solved or closed.

    `state` and `used` are as in the countdown.
    """

    reference: str
    subject: str
    customer: str
    """In the reader's language."""
    severity: int
    owner: str
    """Who has it, or was asked; empty in the pool."""
    section: str
    due_at: datetime | None
    left: timedelta | None
    """Until the next deadline or, broken, since it; never negative."""
    state: str
    used: int
    turn: str
    promise: str
    """The name of the clock that ends next, in the reader's language."""
    said_at: datetime
    """The last public word."""
    is_mine: bool
    is_offered: bool
    """Somebody was asked and has not answered yet."""
    is_in_pool: bool
    fits: bool
    """In the list that was asked for; an offer to the reader is read along, fitting or not."""
    place: Place

    @property
    def is_offered_to_me(self) -> bool:
        return self.is_mine and self.is_offered

    @property
    def link(self) -> str:
        return link(self.reference)


def first(
    works: QuerySet[Work], me: Seat, bounds: Bounds, *, fits: Q, after: Place | None = None, limit: int = PAGE
) -> list[Row]:
    """One more than a page of `works` that fit, and in front of them what is offered to the reader, fitting or not."""
    if not me.desks:
        return []
    if not fits and after is None and limit == PAGE:
        values = {**nearest.values(me.desks, bounds.at), "offered": me.offered}
        return _sorted(_plain(len(me.desks), bool(me.offered)).ask(**values), me, bounds)
    ids = nearest.first(works.filter(fits), me.desks, bounds.at, limit + 1, after=after)
    return _sorted(_columns(_wanted(ids, fits, me.offered)), me, bounds)


@lru_cache(maxsize=64)
def _plain(desks: int, has_offer: bool) -> Question[Any]:
    """The list as it is asked for nearly always: the first page of everything at so many desks."""
    offered = word("offered") if has_offer else ""

    def build() -> QuerySet[Work, Any]:
        ids = nearest.first(Work.objects.unfinished(), nearest.desk_slots(desks), nearest.SLOTS, PAGE + 1)
        return _columns(_wanted(ids, Q(), offered))

    return Question(build)


def _wanted(ids: nearest.Sql, fits: Q, offered: "str | Slot") -> QuerySet[Work]:
    """The works of these ids, and the one that is offered, with whether each fits."""
    wanted = Q(pk__in=RawSQL(*ids))  # noqa: S611  # every word in it is a parameter
    if not offered:
        return Work.objects.filter(wanted)
    found = Work.objects.filter(wanted | Q(ticket__reference=offered))
    return found.annotate(fits=ExpressionWrapper(fits & Q(pk__isnull=False), BooleanField()))


def _sorted(found: Iterable[tuple[Any, ...]], me: Seat, bounds: Bounds) -> list[Row]:
    """In the order of `by_urgency`, what is offered to the reader in front."""
    rows = [_row(Columns(*columns), me, bounds) for columns in found]
    return sorted(rows, key=lambda row: (not me.offered or row.reference != me.offered, row.place.order))


def holding(me: Seat, *, at: datetime) -> tuple[Row, ...]:
    """What the reader holds: an offer first, then own tickets by nearest promise. One statement."""
    mine = _sorted(_columns(Work.objects.filter(engineer_id__in=me.pks)), me, bounds(at))
    return tuple(sorted(mine, key=lambda row: not row.is_offered)[:PAGE])


def ended(me: Seat, *, at: datetime, fits: Q) -> tuple[Row, ...]:
    """The latest few that fit, of those solved or closed lately at the reader's desks. One statement."""
    lately = Work.objects.filter(desk__in=me.desks, state=Work.State.DONE).order_by("-changed_at").values("pk")
    latest = Work.objects.filter(fits, pk__in=lately[:LATELY]).order_by("-changed_at").values("pk")
    when = bounds(at)
    rows = [_row(Columns(*columns), me, when) for columns in _columns(Work.objects.filter(pk__in=latest[:ENDED]))]
    return tuple(sorted(rows, key=lambda row: row.said_at, reverse=True))


def help_asked() -> Q:
    """Whether R&D has been asked and has not answered yet."""
    asked = (HelpRequest.State.OPEN, HelpRequest.State.TAKEN)
    return Q(pk__in=HelpRequest.objects.filter(state__in=asked).values("work_id"))


def _columns(works: QuerySet[Work]) -> QuerySet[Work, Any]:
    """COLUMNS of all of `works`."""
    found = works.annotate(
        is_asked=ExpressionWrapper(help_asked(), BooleanField()),
        fires_percent=_of_clock("fires_percent", PositiveSmallIntegerField()),
        is_provisional=_of_clock("is_provisional", BooleanField()),
        target=_of_clock("target", PositiveIntegerField()),
    )
    if "fits" not in found.query.annotations:
        found = found.annotate(fits=Value(True))
    return found.order_by().values_list(*COLUMNS)


def _of_clock(column: str, field: "Field[Any, Any]") -> RawSQL:
    """A column of the clock that ends next. In SQL, as no name leads from a work to its clocks."""
    sql = "SELECT {} FROM tickets_clock WHERE ticket_id = desk_work.ticket_id AND kind = desk_work.due_kind"
    return RawSQL(sql.format(column), (), output_field=field)  # noqa: S611  # the columns are ours


def _row(one: Columns, me: Seat, bounds: Bounds) -> Row:
    """How one work stands at the moment of `bounds`."""
    moment = one.broken_at or one.due_at
    section = bounds.section(moment) if one.state != Work.State.DONE else "ended"
    used = _used(one, bounds.at)
    state = "late" if used >= 90 else "soon" if used >= 75 else "calm"
    if section in ("broken", "lost"):
        state, used = "broken", 100
    elif section == "ended":
        state, used = "kept", 0
    elif section == "still":
        state, used = ("paused", 0) if one.state == Work.State.WAITING else ("none", 0)
    elif one.is_provisional:
        state = "provisional"
    return Row(
        reference=one.reference, subject=one.subject, customer=for_reader(one.customer, one.customer_zh),
        severity=one.severity, owner=one.owner or "", section=section, due_at=one.due_at,
        left=abs(moment - bounds.at) if moment else None, state=state, used=used, turn=_turn(one),
        promise=str(CLOCK_NAMES.get(one.due_kind, "")), said_at=one.said_at, is_mine=one.engineer in me.pks,
        is_offered=one.state == Work.State.OFFERED, is_in_pool=one.state == Work.State.POOL, fits=bool(one.fits),
        place=Place(STRETCH.get(section, 0), moment, one.severity, one.waiting_since, one.reference),
    )  # fmt: skip


def _used(one: Columns, at: datetime) -> int:
    """About how much of the next promise is used, in percent, without its calendar.

    The thresholds that were passed are exact in working time; and what is left of it is never more than what is left
    on the wall.
    """
    passed = USED_AT_LEAST.get(one.fires_percent or 0, 0)
    if not one.target or one.due_at is None:
        return passed
    return max(passed, 100 - round(100 * (one.due_at - at).total_seconds() / one.target))


def _turn(one: Columns) -> str:
    if one.state == Work.State.DONE:
        return one.standing
    if one.state == Work.State.WAITING:
        return "theirs"
    if one.is_asked:
        return "help"
    return "ours" if one.first_replied_at else "new"

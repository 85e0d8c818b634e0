"""The rows of lists of work: how each looks, in which section it stands, and how a page of them is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from desk.board.seats import Seat
from desk.models import HelpRequest, Work
from desk.models.work import BACK_IN_FRONT
from promises.disclosure import CLOCK_NAMES
from tickets.models import Clock

PAGE = 50
HOUR = timedelta(hours=1)
SECTIONS = ("lost", "hour", "today", "later", "broken", "still")
"""Broken for over 8 h, within the hour, today, later, broken, not counting: in this order."""
USED_AT_LEAST = {50: 0, 75: 50, 90: 75, 100: 90}
"""By the next threshold of a clock: so much of its working time, in percent, is used at least."""


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket of a list. `turn` is new, ours, help or theirs; `state` and `used` as in the countdown."""

    work: Work
    section: str
    left: timedelta | None
    """Until the next deadline or, broken, since it; never negative."""
    state: str
    used: int
    turn: str
    promise: str
    """The name of the clock that ends next, in the reader's language."""
    is_mine: bool
    is_offered_to_me: bool


def read(works: QuerySet[Work], me: Seat, at: datetime, fits: Q, *, after: str = "", limit: int = PAGE) -> list[Work]:
    """One more than a page of those that fit, and in front of them what is offered to the reader, fitting or not."""
    clock = Clock.objects.filter(ticket=OuterRef("ticket_id"), kind=OuterRef("due_kind"))
    offered = Q(ticket__reference=me.offered)
    works = works.by_urgency(at).select_related("ticket__organization", "engineer__user")  # type: ignore[attr-defined]
    works = works.annotate(
        fits=ExpressionWrapper(fits & beyond(after) & Q(pk__isnull=False), BooleanField()),
        is_offer=Case(When(offered, then=0), default=1),
        asked=help_asked(),
        fires_percent=Subquery(clock.values("fires_percent")[:1]),
        is_provisional=Subquery(clock.values("is_provisional")[:1]),
        target=Subquery(clock.values("target")[:1]),
    ).filter(Q(fits=True) | offered)
    return list(works.order_by("is_offer", *works.query.order_by)[: limit + 2])


def row(work: Work, me: Seat, at: datetime) -> Row:
    """How one work stands at `at`."""
    section = section_of(work.state, work.due_at, work.broken_at, at)
    used = _used(work, at)
    state = "late" if used >= 90 else "soon" if used >= 75 else "calm"
    if section in ("broken", "lost"):
        state, used = "broken", 100
    elif section == "still":
        state, used = ("paused", 0) if work.state == Work.State.WAITING else ("none", 0)
    elif work.is_provisional:  # type: ignore[attr-defined]
        state = "provisional"
    moment = work.broken_at or work.due_at
    is_mine = work.engineer_id in me.pks
    return Row(
        work=work, section=section, left=abs(moment - at) if moment else None, state=state, used=used,
        turn=_turn(work), promise=str(CLOCK_NAMES.get(work.due_kind, "")), is_mine=is_mine,
        is_offered_to_me=is_mine and work.state == Work.State.OFFERED,
    )  # fmt: skip


def holding(me: Seat, *, at: datetime) -> tuple[Row, ...]:
    """What the reader holds: an offer first, then own tickets by nearest promise. One statement."""
    mine = read(Work.objects.filter(engineer_id__in=me.pks), me, at, Q())
    return tuple(row(work, me, at) for work in mine)


def help_asked() -> Exists:
    """Whether R&D has been asked and has not answered yet."""
    asked = (HelpRequest.State.OPEN, HelpRequest.State.TAKEN)
    return Exists(HelpRequest.objects.filter(work=OuterRef("pk"), state__in=asked))


def section_of(state: str, due_at: datetime | None, broken_at: datetime | None, at: datetime) -> str:
    """One of SECTIONS. Today is the reader's day."""
    broken = broken_at or (due_at if due_at and due_at <= at else None)
    if broken:
        return "lost" if at - broken >= BACK_IN_FRONT else "broken"
    if due_at is None:
        return "still"
    if due_at - at <= HOUR:
        return "hour"
    return "today" if timezone.localdate(due_at) == timezone.localdate(at) else "later"


def cursor(work: Work) -> str:
    """The place of this row in the order, for the address of the next page."""
    moment = work.moment.isoformat() if work.moment else ""  # type: ignore[attr-defined]
    parts = (work.place, moment, work.severity, work.waiting_since.isoformat(), work.ticket.reference)  # type: ignore[attr-defined]
    return "~".join(str(part) for part in parts)


def beyond(after: str) -> Q:
    """Rows behind the one that `after` names; all rows for a cursor that nobody made."""
    try:
        place, moment, severity, since, reference = after.split("~")
        waiting = datetime.fromisoformat(since)
        tail = Q(severity__gt=int(severity)) | Q(severity=int(severity)) & (
            Q(waiting_since__gt=waiting) | Q(waiting_since=waiting, ticket__reference__gt=reference)
        )
        here = Q(place=int(place))
        if not moment:
            return Q(place__gt=int(place)) | here & tail
        then = datetime.fromisoformat(moment)
        return Q(place__gt=int(place)) | here & (Q(moment__gt=then) | Q(moment=then) & tail)
    except ValueError:
        return Q()


def _used(work: Work, at: datetime) -> int:
    """About how much of the next promise is used, in percent, without its calendar.

    The thresholds that were passed are exact in working time; and what is left of it is never more than what is left
    on the wall.
    """
    passed = USED_AT_LEAST.get(work.fires_percent or 0, 0)  # type: ignore[attr-defined]
    target: int | None = work.target  # type: ignore[attr-defined]
    if not target or work.due_at is None:
        return passed
    return max(passed, 100 - round(100 * (work.due_at - at).total_seconds() / target))


def _turn(work: Work) -> str:
    if work.state == Work.State.WAITING:
        return "theirs"
    if work.asked:  # type: ignore[attr-defined]
        return "help"
    return "ours" if work.ticket.first_replied_at else "new"

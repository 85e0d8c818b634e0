"""Where the reader sits: which desks, with how much in hand, and whether something was offered."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from desk.models import Offer, Work
from duty import roster
from duty.models import Desk
from duty.models.inside import Engineer
from kit.questions import Question, Slot
from kit.verbs import Actor


@dataclass(frozen=True, slots=True)
class Seat:
    """The reader at the desks that they work. `offered` is the reference of the ticket that waits for their answer."""

    engineers: tuple[Engineer, ...]
    offered: str
    acknowledge_by: datetime | None
    changed: str
    """Differs as soon as anything at one of these desks does."""

    @property
    def desks(self) -> list[int]:
        return [engineer.desk_id for engineer in self.engineers]

    @property
    def pks(self) -> list[int]:
        return [engineer.pk for engineer in self.engineers]

    @property
    def held(self) -> int:
        return sum(engineer.held for engineer in self.engineers)

    @property
    def cap(self) -> int:
        return sum(engineer.cap for engineer in self.engineers)

    def version(self, at: datetime) -> str:
        """For a live page: any change, and once a minute, since rows move from group to group by time alone."""
        return f"{self.changed}-{int(at.timestamp() // 60)}"


def seat(user: Actor) -> Seat:
    """Where the reader sits. One statement."""
    rows = _SEATS.ask(user=user.pk)
    offers = sorted((row.acknowledge_by, row.offered) for row in rows if row.offered)
    until, offered = offers[0] if offers else (None, "")
    changed = "-".join(f"{row.latest['at']}.{row.latest['version']}" for row in rows if row.latest)
    return Seat(engineers=tuple(rows), offered=offered, acknowledge_by=until, changed=re.sub(r"[^\d.-]", "", changed))


def _seats() -> QuerySet[Engineer]:
    live = Offer.objects.filter(engineer=OuterRef("pk"), state=Offer.State.LIVE)
    latest = Work.objects.filter(desk=OuterRef("desk")).order_by("-changed_at")
    return (
        Engineer.objects.filter(user_id=Slot("user"), is_active=True)
        .select_related("desk")
        .annotate(
            offered=Subquery(live.values("work__ticket__reference")[:1], output_field=CharField()),
            acknowledge_by=Subquery(live.values("acknowledge_by")[:1]),
            latest=Subquery(latest.values(last=JSONObject(at="changed_at", version="version"))[:1]),
        )
        .order_by("pk")
    )


_SEATS: Question[Any] = Question(_seats)


@dataclass(frozen=True, slots=True)
class OnNow:
    """Somebody on duty: until when, and whether they can be asked."""

    name: str
    until: datetime | None
    is_me: bool
    is_away: bool
    is_standby: bool
    held: int
    cap: int


@dataclass(frozen=True, slots=True)
class DeskNow:
    """One desk of the reader: who is on, and the next hand-over with who will be on then."""

    desk: Desk
    people: tuple[OnNow, ...]
    changes_at: datetime | None
    coming: tuple[str, ...]
    going: tuple[str, ...]
    my_next: datetime | None
    """When the reader is on again; None while on, or when not within the time looked at."""


def until(me: Seat, *, at: datetime) -> datetime | None:
    """The end of the reader's shift; None when off duty. Asked once a minute; then two statements a desk."""
    key = f"desk.until.{'.'.join(map(str, me.pks))}.{int(at.timestamp() // 60)}"
    found: tuple[datetime | None] | None = cache.get(key)
    if found is None:
        found = (_until(me, at),)
        cache.set(key, found, timeout=60)
    return found[0]


def _until(me: Seat, at: datetime) -> datetime | None:
    duties = (roster.on_duty(engineer.desk_id, at).of(engineer.pk) for engineer in me.engineers)
    return max((one.shift_ends_at for one in duties if one and one.shift_ends_at), default=None)


def desks_now(me: Seat, *, at: datetime, end: datetime) -> list[DeskNow]:
    """Each desk of the reader now and until `end`. Three statements a desk."""
    return [_desk_now(engineer, at, end) for engineer in me.engineers]


def _desk_now(me: Engineer, at: datetime, end: datetime) -> DeskNow:
    crew = {one.pk: one for one in Engineer.objects.filter(desk_id=me.desk_id).select_related("user")}
    plan = roster.shifts(me.desk_id, at, end)
    now, following = plan[0], next((shift for shift in plan[1:]), None)
    on, then = set(_people(now)), set(_people(following)) if following else set()
    standby = dict(now.standby)
    mine = next((shift.start for shift in plan if shift.holds(me.pk)), None)
    return DeskNow(
        desk=me.desk,
        people=tuple(
            OnNow(
                name=crew[pk].user.name, until=_ends_at(plan, pk), is_me=pk == me.pk, is_away=crew[pk].is_away(at),
                is_standby=pk in standby, held=crew[pk].held, cap=crew[pk].cap,
            )
            for pk in sorted(on)
            if pk in crew
        ),
        changes_at=following.start if following else None,
        coming=tuple(crew[pk].user.name for pk in sorted(then - on) if pk in crew),
        going=tuple(crew[pk].user.name for pk in sorted(on - then) if pk in crew) if following else (),
        my_next=None if me.pk in on else mine,
    )  # fmt: skip


def _people(shift: roster.DeskShift) -> tuple[int, ...]:
    return (*shift.people, *(pk for pk, _severities in shift.standby))


def _ends_at(plan: tuple[roster.DeskShift, ...], pk: int) -> datetime | None:
    return next((shift.start for shift in plan if not shift.holds(pk)), None)

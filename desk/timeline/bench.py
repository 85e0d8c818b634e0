"""The page of one ticket: its newest lines, its promises, and all that stands around it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from desk.models import Work
from desk.timeline.lines import Line, facts_of, lines, newest
from desk.timeline.matter import Asked, Choice, choice_of, crew_of, help_of, version_of, work_of
from desk.timeline.promises import Promise, promises
from duty.models.inside import Engineer
from kit.verbs import Actor
from tickets.models import Clock


@dataclass(frozen=True, slots=True)
class Workbench:
    """A ticket with everything beside it. `me` is the reader at this desk."""

    work: Work
    me: Engineer
    lines: tuple[Line, ...]
    """The newest, oldest first."""
    since: datetime
    """From when on lines are here; a live page asks for all since then."""
    has_earlier: bool
    promises: tuple[Promise, ...]
    help: tuple[Asked, ...]
    choice: Choice | None
    version: str
    at: datetime

    @property
    def customer_now(self) -> str:
        """The time of day where the customer is."""
        return f"{self.at.astimezone(ZoneInfo(self.work.ticket.opened_by.timezone)):%H:%M}"

    @property
    def customer_language(self) -> str:
        return dict(settings.LANGUAGES).get(self.work.ticket.language, self.work.ticket.language)

    @property
    def is_mine(self) -> bool:
        return self.work.engineer_id == self.me.pk

    @property
    def is_offered_to_me(self) -> bool:
        return self.is_mine and self.work.state == Work.State.OFFERED

    @property
    def is_in_pool(self) -> bool:
        return self.work.state == Work.State.POOL

    @property
    def may_speak(self) -> bool:
        """As `replies` will judge it: the owner or a lead, while the matter is in somebody's hands."""
        in_hand = self.work.state in (Work.State.OWNED, Work.State.WAITING)
        return in_hand and (self.is_mine or self.me.is_lead)

    @property
    def next(self) -> Promise | None:
        """The nearest promise that runs; else the nearest one that was broken."""
        running = [promise for promise in self.promises if promise.due_at]
        return min(running, key=lambda promise: promise.due_at, default=None)  # type: ignore[arg-type,return-value]

    @property
    def has_open_word(self) -> bool:
        """Whether the customer's last word still waits for an answer."""
        return any(p.kind == Clock.Kind.NEXT_RESPONSE and p.due_at for p in self.promises)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Lines before those that the page shows."""

    work: Work
    lines: tuple[Line, ...]
    since: datetime
    has_earlier: bool


def version(reference: str, user: Actor, *, at: datetime) -> str:
    """For the live part of the page. One statement. Raises Work.DoesNotExist."""
    return _version(*version_of(reference, user), at)


def show(reference: str, user: Actor, *, at: datetime, since: datetime | None = None) -> Workbench:
    """Everything about one ticket, its newest lines or all `since` a moment. Nine statements, whatever was said.

    Raises Work.DoesNotExist.
    """
    work = work_of(reference, user)
    crew = crew_of(work)
    names = {one.pk: one.user.name for one in crew}
    me = next(one for one in crew if one.user_id == user.pk)
    facts = facts_of(work)
    page, first, has_earlier = newest(lines(work, names, facts, since=since), since)
    return Workbench(
        work=work, me=me, lines=page, since=first or at, has_earlier=has_earlier,
        promises=tuple(promises(work, facts, at)), help=tuple(help_of(work)), choice=choice_of(work, names),
        version=_version(work.version, work.ticket.last_n, at), at=at,
    )  # fmt: skip


def earlier(reference: str, user: Actor, *, before: datetime) -> Earlier:
    """The newest lines before a moment. Raises Work.DoesNotExist."""
    work = work_of(reference, user)
    names = {one.pk: one.user.name for one in crew_of(work)}
    page, first, has_earlier = newest(lines(work, names, facts_of(work), before=before), None)
    return Earlier(work=work, lines=page, since=first or before, has_earlier=has_earlier)


def _version(work_version: int, last_n: int, at: datetime) -> str:
    return f"{work_version}-{last_n}-{int(at.timestamp() // 60)}"

"""One ticket as its engineer sees it: what was said and what was noted, merged by time, and all that stands around it.

The public part is read from the same rows as the customer's page; the inside part is added here, never the other way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Subquery

from desk.models import Answer, Decision, HelpRequest, Note, Offer, Work
from duty import hours
from duty.models.inside import Engineer
from kit.verbs import Actor
from kit.words import for_reader
from promises import clock, disclosure
from promises.disclosure import Why
from talk.models import Attachment, Message
from talk.models.inside import Passage
from tickets import sla
from tickets.models import Clock, Fact

SAID_BY_FACTS = {Fact.Kind.PUBLIC_REPLY, Fact.Kind.CUSTOMER_MESSAGE, Fact.Kind.OPENED, Fact.Kind.URGED, Fact.Kind.RATED}
"""Facts that another line of the timeline tells already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind` is how it looks: customer, desk, note, rnd, system; `what` says which fact or note it is."""

    kind: str
    what: str
    at: datetime
    who: str = ""
    body: str = ""
    files: tuple[Attachment, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock as it stands: `state` as in the countdown, `used` in percent, and why."""

    kind: str
    name: str
    state: str
    used: int
    due_at: datetime | None
    target: int | None
    spent: int
    left: timedelta | None
    """Until the deadline or, broken, since it; None when the clock stands."""
    ticks_to: datetime | None
    """The deadline, when time runs straight to it."""
    why: Why


@dataclass(frozen=True, slots=True)
class Choice:
    """Why an engineer: who was on duty, and what spoke against each."""

    at: datetime
    because: str
    chosen: str
    considered: tuple[tuple[str, str], ...]
    """(name, objection or empty) of everybody on duty."""


@dataclass(frozen=True, slots=True)
class Workbench:
    """A ticket with everything beside it. `me` is the reader at this desk."""

    work: Work
    me: Engineer
    lines: tuple[Line, ...]
    promises: tuple[Promise, ...]
    help: tuple[HelpRequest, ...]
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


def version(reference: str, user: Actor, *, at: datetime) -> str:
    """For the live part of the page. One statement. Raises Work.DoesNotExist."""
    works = Work.objects.visible_to(user).filter(ticket__reference=reference)
    found = works.values_list("version", "ticket__last_n").first()
    if found is None:
        raise Work.DoesNotExist
    return _version(*found, at)


def show(reference: str, user: Actor, *, at: datetime) -> Workbench:
    """Everything about one ticket. Nine statements, whatever was said. Raises Work.DoesNotExist."""
    work = _work(reference, user)
    crew = list(Engineer.objects.filter(desk_id=work.desk_id).select_related("user"))
    names = {one.pk: one.user.name for one in crew}
    me = next(one for one in crew if one.user_id == user.pk)
    facts = list(Fact.objects.filter(ticket_id=work.ticket_id).select_related("by").order_by("n"))
    lines = [*_said(work), *_noted(work, names), *_told(facts)]
    return Workbench(
        work=work, me=me, lines=tuple(sorted(lines, key=lambda line: line.at)),
        promises=tuple(_promises(work, facts, at)), help=tuple(_help(work)), choice=_choice(work, names),
        version=_version(work.version, work.ticket.last_n, at), at=at,
    )  # fmt: skip


def _version(work_version: int, last_n: int, at: datetime) -> str:
    return f"{work_version}-{last_n}-{int(at.timestamp() // 60)}"


def _work(reference: str, user: Actor) -> Work:
    live = Offer.objects.filter(work=OuterRef("pk"), state=Offer.State.LIVE)
    works = Work.objects.visible_to(user).select_related(
        "desk", "engineer__user", "ticket__organization", "ticket__opened_by", "ticket__asset__product",
        "ticket__category__product", "ticket__entitlement",
    )  # fmt: skip
    return works.annotate(acknowledge_by=Subquery(live.values("acknowledge_by")[:1])).get(ticket__reference=reference)


def _said(work: Work) -> list[Line]:
    """Public words; the engineer who spoke for the desk is named here, and nowhere outside."""
    spoke = Passage.objects.filter(message=OuterRef("pk")).values("by__name")[:1]
    messages = (
        Message.objects.filter(thread_id=work.ticket.thread_id)
        .select_related("said_by")
        .annotate(spoke=Subquery(spoke))
        .prefetch_related(Prefetch("attachments", Attachment.objects.order_by("pk")))
        .in_order()
    )
    return [
        Line(
            kind="customer" if message.said_by else "desk", what="said", at=message.said_at,
            who=message.said_by.name if message.said_by else for_reader(message.persona, message.persona_zh),
            body=message.body,
            files=tuple(message.attachments.all()), data={"spoke": message.spoke or ""}, key=message.reference,  # type: ignore[attr-defined]
        )
        for message in messages
    ]  # fmt: skip


def _noted(work: Work, names: Mapping[int, str]) -> list[Line]:
    notes = Note.objects.filter(work=work).select_related("by").order_by("at", "pk")
    return [_note(note, names) for note in notes]


def _note(note: Note, names: Mapping[int, str]) -> Line:
    looks = {Note.Kind.NOTE: "note", Note.Kind.HELP_ASKED: "rnd", Note.Kind.HELP_ANSWERED: "rnd"}
    kind = looks.get(Note.Kind(note.kind), "system")
    data = {**note.data, "engineer": names.get(note.data.get("engineer") or 0, "")}
    if "clock" in data:
        data["clock"] = disclosure.CLOCK_NAMES.get(data["clock"], data["clock"])
    if "due_at" in data:
        data["due_at"] = datetime.fromisoformat(data["due_at"])
    if kind == "note" and not note.body:
        kind = "system"
    what = "severity" if "severity" in data else str(note.kind)
    return Line(
        kind=kind, what=what, at=note.at, who=note.by.name if note.by else "", body=note.body, data=data,
        key=f"note-{note.pk}",
    )  # fmt: skip


def _told(facts: Sequence[Fact]) -> list[Line]:
    """Public facts that are no words: what the customer reads as grey lines too."""
    return [
        Line(kind="system", what=f"fact_{fact.kind}", at=fact.at, who=fact.by.name if fact.by else "", data=fact.data)
        for fact in facts
        if fact.kind not in SAID_BY_FACTS
    ]


def _promises(work: Work, facts: Sequence[Fact], at: datetime) -> list[Promise]:
    """The clocks by a replay of the facts that were read anyway, in their fixed order."""
    told = sla.story(facts) if facts else None
    if told is None:
        return []
    states = clock.replay(told.policy, told.calendar, told.events, at)
    return [
        _promise(work, told, kind, states[kind], at)
        for kind in clock.KINDS
        if kind in told.promised and states[kind].started_at
    ]


def _promise(work: Work, told: sla.Story, kind: clock.ClockKind, state: clock.ClockState, at: datetime) -> Promise:
    version_pk = told.calendar_version_pk
    explanation = clock.explain(told.policy, told.calendar, told.events, kind, at)
    used = min(100, 100 * state.spent // state.target) if state.target else 0
    return Promise(
        kind=kind, name=str(disclosure.CLOCK_NAMES[kind]), state=_look(state, used, version_pk),
        used=100 if state.broken_at else used, due_at=state.due_at, target=state.target, spent=state.spent,
        left=abs(state.due_at - at) if state.due_at else None,
        ticks_to=state.due_at if state.due_at and state.due_at > at else None,
        why=disclosure.why(told.terms, explanation, state, severity=work.severity, calendar_version_pk=version_pk),
    )  # fmt: skip


def _look(state: clock.ClockState, used: int, version_pk: int) -> str:
    if state.broken_at:
        return "broken"
    if state.kept_at:
        return "kept"
    if state.due_at is None:
        return "paused" if state.started_at else "none"
    if hours.is_provisional(version_pk, state.due_at):
        return "provisional"
    return "late" if used >= 90 else "soon" if used >= 75 else "calm"


def _help(work: Work) -> list[HelpRequest]:
    answers = Prefetch("answers", Answer.objects.select_related("by").order_by("pk"))
    return list(
        HelpRequest.objects.filter(work=work).select_related("asked_by").prefetch_related(answers).order_by("pk")
    )


def _choice(work: Work, names: Mapping[int, str]) -> Choice | None:
    """The last decision about who should take it."""
    last = Decision.objects.filter(work=work).order_by("-pk").first()
    if last is None:
        return None
    considered = tuple((names.get(one["engineer"], ""), one["objection"] or "") for one in last.considered)
    chosen = names.get(last.chosen_id or 0, "")
    return Choice(at=last.at, because=last.because, chosen=chosen, considered=considered)

"""One ticket as its engineer sees it: what was said and what was noted, merged by time, and all that stands around it.

The public part is read from the same rows as the customer's page; the inside part is added here, never the other way.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
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
SHOWN = 50
"""So many lines stand on the page; earlier ones come when asked for."""


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
    """The newest, oldest first."""
    since: datetime
    """From when on lines are here; a live page asks for all since then."""
    has_earlier: bool
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """Lines before those that the page shows."""

    work: Work
    lines: tuple[Line, ...]
    since: datetime
    has_earlier: bool


def version(reference: str, user: Actor, *, at: datetime) -> str:
    """For the live part of the page. One statement. Raises Work.DoesNotExist."""
    works = Work.objects.visible_to(user).filter(ticket__reference=reference)
    found = works.values_list("version", "ticket__last_n").first()
    if found is None:
        raise Work.DoesNotExist
    return _version(*found, at)


def show(reference: str, user: Actor, *, at: datetime, since: datetime | None = None) -> Workbench:
    """Everything about one ticket, its newest lines or all `since` a moment. Nine statements, whatever was said.

    Raises Work.DoesNotExist.
    """
    work = _work(reference, user)
    crew = list(Engineer.objects.filter(desk_id=work.desk_id).select_related("user"))
    names = {one.pk: one.user.name for one in crew}
    me = next(one for one in crew if one.user_id == user.pk)
    facts = _facts(work)
    lines, first, has_earlier = _newest(_lines(work, names, facts, since=since), since)
    return Workbench(
        work=work, me=me, lines=lines, since=first or at, has_earlier=has_earlier,
        promises=tuple(_promises(work, facts, at)), help=tuple(_help(work)), choice=_choice(work, names),
        version=_version(work.version, work.ticket.last_n, at), at=at,
    )  # fmt: skip


def earlier(reference: str, user: Actor, *, before: datetime) -> Earlier:
    """The newest lines before a moment. Raises Work.DoesNotExist."""
    work = _work(reference, user)
    names = dict(Engineer.objects.filter(desk_id=work.desk_id).values_list("pk", "user__name"))
    lines, first, has_earlier = _newest(_lines(work, names, _facts(work), before=before), None)
    return Earlier(work=work, lines=lines, since=first or before, has_earlier=has_earlier)


def _lines(
    work: Work, names: Mapping[int, str], facts: Sequence["Told"], *, since: datetime | None = None,
    before: datetime | None = None,
) -> list[Line]:  # fmt: skip
    """Enough of each kind of line to know the newest of all, or all `since` a moment."""
    told = [line for line in _told(facts) if (not since or line.at >= since) and (not before or line.at < before)]
    return sorted([*_said(work, since, before), *_noted(work, names, since, before), *told], key=lambda line: line.at)


def _newest(lines: Sequence[Line], since: datetime | None) -> tuple[tuple[Line, ...], datetime | None, bool]:
    """The lines of a page, the moment of the first, and whether there are others. One moment is never torn apart."""
    if since:
        return tuple(lines), since, True
    if len(lines) <= SHOWN:
        return tuple(lines), lines[0].at if lines else None, False
    first = lines[-SHOWN].at
    page = tuple(line for line in lines if line.at >= first)
    return page, first, len(page) < len(lines)


def _spell(since: datetime | None, before: datetime | None, column: str) -> dict[str, datetime]:
    """The conditions of a stretch of time."""
    return {
        **({f"{column}__gte": since} if since else {}),
        **({f"{column}__lt": before} if before else {}),
    }


def _version(work_version: int, last_n: int, at: datetime) -> str:
    return f"{work_version}-{last_n}-{int(at.timestamp() // 60)}"


def _work(reference: str, user: Actor) -> Work:
    live = Offer.objects.filter(work=OuterRef("pk"), state=Offer.State.LIVE)
    works = Work.objects.visible_to(user).select_related(
        "desk", "engineer__user", "ticket__organization", "ticket__opened_by", "ticket__asset__product",
        "ticket__category__product", "ticket__entitlement",
    )  # fmt: skip
    return works.annotate(acknowledge_by=Subquery(live.values("acknowledge_by")[:1])).get(ticket__reference=reference)


def _said(work: Work, since: datetime | None, before: datetime | None) -> list[Line]:
    """Public words; the engineer who spoke for the desk is named here, and nowhere outside."""
    spoke = Passage.objects.filter(message=OuterRef("pk")).values("by__name")[:1]
    found = (
        Message.objects.filter(thread_id=work.ticket.thread_id, **_spell(since, before, "said_at"))
        .order_by("-n")
        .values_list("pk", "reference", "said_at", "body", "persona", "persona_zh", "said_by__name", Subquery(spoke))
    )
    messages = list(found if since else found[: SHOWN + 1])
    files = defaultdict(list)
    for file in Attachment.objects.filter(message_id__in=[pk for pk, *_ in messages]).order_by("pk"):
        files[file.message_id].append(file)
    return [
        Line(
            kind="customer" if customer else "desk", what="said", at=said_at, body=body,
            who=customer or for_reader(persona, persona_zh),
            files=tuple(files[pk]), data={"spoke": spoke or ""}, key=reference,
        )
        for pk, reference, said_at, body, persona, persona_zh, customer, spoke in reversed(messages)
    ]  # fmt: skip


def _noted(work: Work, names: Mapping[int, str], since: datetime | None, before: datetime | None) -> list[Line]:
    found = (
        Note.objects.filter(work=work, **_spell(since, before, "at"))
        .order_by("-at", "-pk")
        .values_list("pk", "kind", "at", "body", "data", "by__name")
    )
    return [_note(*note, names) for note in reversed(found if since else found[: SHOWN + 1])]


def _note(
    pk: int, said: str, at: datetime, body: str, told: Mapping[str, Any], who: str | None, names: Mapping[int, str]
) -> Line:
    looks = {Note.Kind.NOTE: "note", Note.Kind.HELP_ASKED: "rnd", Note.Kind.HELP_ANSWERED: "rnd"}
    kind = looks.get(Note.Kind(said), "system")
    data = {**told, "engineer": names.get(told.get("engineer") or 0, "")}
    if "clock" in data:
        data["clock"] = disclosure.CLOCK_NAMES.get(data["clock"], data["clock"])
    if "due_at" in data:
        data["due_at"] = datetime.fromisoformat(data["due_at"])
    if kind == "note" and not body:
        kind = "system"
    what = "severity" if "severity" in data else said
    return Line(kind=kind, what=what, at=at, who=who or "", body=body, data=data, key=f"note-{pk}")


class Told(NamedTuple):
    """A fact, as little of it as a page needs: there may be hundreds."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    who: str | None


def _facts(work: Work) -> list[Told]:
    """All of them, for the clocks are a replay."""
    columns = Fact.objects.filter(ticket_id=work.ticket_id).order_by("n").values_list("kind", "at", "data", "by__name")
    return [Told(*fact) for fact in columns]


def _told(facts: Sequence[Told]) -> list[Line]:
    """Public facts that are no words: what the customer reads as grey lines too."""
    return [
        Line(kind="system", what=f"fact_{fact.kind}", at=fact.at, who=fact.who or "", data=fact.data)
        for fact in facts
        if fact.kind not in SAID_BY_FACTS
    ]


def _promises(work: Work, facts: Sequence[Told], at: datetime) -> list[Promise]:
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

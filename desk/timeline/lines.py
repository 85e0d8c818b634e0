"""The lines of a talk: what was said and what was noted, and the facts that are no words, merged by time.

What was said and noted may be long: the newest of each kind are read, and no more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from desk.models import Note, Work
from kit.questions import Among, Question, Slot, when
from kit.words import for_reader
from promises import disclosure
from talk.models import Attachment, Message
from talk.models.inside import Passage
from tickets.disclosure import talk
from tickets.models import Fact

SAID_BY_FACTS = {Fact.Kind.PUBLIC_REPLY, Fact.Kind.CUSTOMER_MESSAGE, Fact.Kind.OPENED, Fact.Kind.URGED, Fact.Kind.RATED}
"""Facts that another line of the timeline tells already."""
SHOWN = 50
"""So many lines stand on the page; earlier ones come when asked for."""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Before this moment is all that there is."""


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


class Told(NamedTuple):
    """A fact, as little of it as a page needs: there may be hundreds."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    who: str | None


def lines(
    work: Work, names: Mapping[int, str], facts: Sequence[Told], *, since: datetime | None = None,
    before: datetime | None = None,
) -> list[Line]:  # fmt: skip
    """Enough of each kind of line to know the newest of all, or all `since` a moment."""
    told = [line for line in _told(facts) if (not since or line.at >= since) and (not before or line.at < before)]
    return sorted([*_said(work, since, before), *_noted(work, names, since, before), *told], key=lambda line: line.at)


def newest(lines: Sequence[Line], since: datetime | None) -> tuple[tuple[Line, ...], datetime | None, bool]:
    """The lines of a page, the moment of the first, and whether there are others. One moment is never torn apart."""
    if since:
        return tuple(lines), since, True
    if len(lines) <= SHOWN:
        return tuple(lines), lines[0].at if lines else None, False
    first = lines[-SHOWN].at
    page = tuple(line for line in lines if line.at >= first)
    return page, first, len(page) < len(lines)


def facts_of(work: Work) -> list[Told]:
    """All of them, for the clocks are a replay."""
    return [Told(*fact) for fact in _FACTS.ask(ticket=work.ticket_id)]


def _said(work: Work, since: datetime | None, before: datetime | None) -> list[Line]:
    """Public words; the engineer who spoke for the desk is named here, and nowhere outside."""
    thread = work.ticket.thread_id
    said = _SAID_SINCE.ask(thread=thread, since=since) if since else _SAID.ask(thread=thread, before=before or NEVER)
    files = defaultdict(list)
    for file in _FILES.ask(messages=[pk for pk, *_ in said]) if said else ():
        files[file.message_id].append(file)
    return [
        Line(
            kind="customer" if customer else "desk", what="said", at=said_at, body=body,
            who=customer or for_reader(persona, persona_zh),
            files=tuple(files[pk]), data={"spoke": spoke or ""}, key=reference,
        )
        for pk, reference, said_at, body, persona, persona_zh, customer, spoke in reversed(said)
    ]  # fmt: skip


def _noted(work: Work, names: Mapping[int, str], since: datetime | None, before: datetime | None) -> list[Line]:
    noted = _NOTED_SINCE.ask(work=work.pk, since=since) if since else _NOTED.ask(work=work.pk, before=before or NEVER)
    return [_note(names, *note) for note in reversed(noted)]


def _note(
    names: Mapping[int, str], pk: int, said: str, at: datetime, body: str, told: Mapping[str, Any], who: str | None
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


def _told(facts: Sequence[Told]) -> list[Line]:
    """Public facts that are no words: what the customer reads as grey lines too."""
    return [
        Line(kind="system", what=f"fact_{fact.kind}", at=fact.at, who=fact.who or "", data=fact.data, body=_words(fact))
        for fact in facts
        if fact.kind not in SAID_BY_FACTS
    ]


def _words(fact: Told) -> str:
    """The sentence that the customer reads, where it is long enough to be said in one place."""
    return talk.calendar_words(fact.data) if fact.kind == Fact.Kind.CALENDAR else ""


def _messages() -> QuerySet[Message, Any]:
    spoke = Passage.objects.filter(message=OuterRef("pk")).values("by__name")[:1]
    return (
        Message.objects.filter(thread_id=Slot("thread"))
        .order_by("-n")
        .values_list("pk", "reference", "said_at", "body", "persona", "persona_zh", "said_by__name", Subquery(spoke))
    )


def _notes() -> QuerySet[Note, Any]:
    columns = ("pk", "kind", "at", "body", "data", "by__name")
    return Note.objects.filter(work_id=Slot("work")).order_by("-at", "-pk").values_list(*columns)


_SAID: Question[Any] = Question(lambda: _messages().filter(said_at__lt=when("before"))[: SHOWN + 1])
_SAID_SINCE: Question[Any] = Question(lambda: _messages().filter(said_at__gte=when("since")))
_NOTED: Question[Any] = Question(lambda: _notes().filter(at__lt=when("before"))[: SHOWN + 1])
_NOTED_SINCE: Question[Any] = Question(lambda: _notes().filter(at__gte=when("since")))
_FILES: Question[Attachment] = Question(
    lambda: Attachment.objects.filter(Among("message_id", "messages")).order_by("pk")
)
_FACTS: Question[Any] = Question(
    lambda: Fact.objects.filter(ticket_id=Slot("ticket")).order_by("n").values_list("kind", "at", "data", "by__name")
)

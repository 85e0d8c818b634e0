"""The talk of a ticket: public words, and between them the public facts as one grey line each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.disclosure import Viewer
from kit.projection import projection
from kit.words import for_reader
from promises.disclosure import CLOCK_NAMES, exact
from talk.models import Message
from tickets.disclosure.clocks import ClockView
from tickets.disclosure.files import FileView, file_view
from tickets.models import Fact, Ticket

ASIDE = {member.value: member.label for member in Fact.Aside}
JUDGEMENT = {member.value: member.label for member in Fact.Judgement}
FACTS = {
    Fact.Kind.URGED: gettext_lazy("Urged"),
    Fact.Kind.SOLVED: gettext_lazy("Marked as solved"),
    Fact.Kind.REOPENED: gettext_lazy("Opened again"),
}
ENDS_A_WAIT = (
    Fact.Kind.ASKED, Fact.Kind.CUSTOMER_MESSAGE, Fact.Kind.ANSWERED, Fact.Kind.SOLVED, Fact.Kind.CLOSED,
)  # fmt: skip


@projection
class MessageLine:
    """Public words: the customer's people by name, the desk by its public name."""

    is_message: bool = True
    reference: str
    voice: str
    who: str
    is_mine: bool
    body: str
    said_at: datetime
    files: tuple[FileView, ...]


@projection
class FactLine:
    """Something that happened, in one sentence; `at` is None where the sentence says when."""

    is_message: bool = False
    kind: str
    words: str
    at: datetime | None


SHOWN = 50
"""So many facts are told on a page at first; as many more whenever the reader asks for earlier ones."""


@projection
class Talk:
    """What is shown of a talk. `start`: so many facts come before it; `earlier`: the start of a page that goes back
    further, None when nothing does. `question`: the words of the open question, shown or not."""

    lines: tuple[MessageLine | FactLine, ...]
    start: int
    earlier: int | None
    question: MessageLine | None


def talk_of(
    ticket: Ticket, facts: Sequence[Fact], clocks: Sequence[ClockView], viewer: Viewer, *, start: int | None = None
) -> Talk:
    """Words and facts in the order of their facts: the newest, or all from `start` on. Two queries."""
    newest = max(0, len(facts) - SHOWN)
    start = newest if start is None else min(max(0, start), newest)
    shown = facts[start:]
    asked = _asked(facts)
    wanted = {fact.data.get("message", "") for fact in shown} | {asked}
    rows = Message.objects.filter(thread=ticket.thread_id, reference__in=wanted - {""})
    rows = rows.select_related("said_by").prefetch_related("attachments")
    lines = {row.reference: _line(row, viewer) for row in rows.in_order()}
    return Talk(
        lines=tuple(_merged(ticket, shown, lines, bool(clocks))), start=start,
        earlier=max(0, start - SHOWN) if start else None, question=lines.get(asked),
    )  # fmt: skip


def _asked(facts: Sequence[Fact]) -> str:
    """The message of the last question."""
    return next((fact.data["message"] for fact in reversed(facts) if fact.kind == Fact.Kind.ASKED), "")


def _merged(
    ticket: Ticket, facts: Sequence[Fact], lines: dict[str, MessageLine], has_clocks: bool
) -> Iterator[MessageLine | FactLine]:
    """A message stands where its fact does; a question is one message with two facts."""
    told = set()
    for number, fact in enumerate(facts):
        reference = fact.data.get("message", "")
        if reference in lines and reference not in told:
            told.add(reference)
            yield lines[reference]
        words = _wait(facts[number:], has_clocks) if fact.kind == Fact.Kind.ASKED else _words(ticket, fact)
        if words:
            yield FactLine(kind=fact.kind, words=words, at=None if fact.kind == Fact.Kind.ASKED else fact.at)


def _words(ticket: Ticket, fact: Fact) -> str:
    """The sentence of a fact; empty for one that its message tells already."""
    data = fact.data
    match fact.kind:
        case Fact.Kind.SEVERITY:
            return _severity(data)
        case Fact.Kind.CLOSED:
            return _("Withdrawn") if data.get("closing") == Ticket.Closing.WITHDRAWN else _("Closed")
        case Fact.Kind.SET_ASIDE:
            reason = str(ASIDE.get(data.get("reason", ""), ""))
            return _("Set aside, no answer is owed: %(reason)s Write again if it is.") % {"reason": reason}
        case Fact.Kind.SOLVED if data.get("by") == "silence":
            return _("Marked as solved, since our question had no answer")
        case Fact.Kind.CALENDAR:
            return calendar_words(data)
        case Fact.Kind.RATED:
            return _("Rated %(score)d of 5") % {"score": data.get("score", 0)}
        case _:
            return str(FACTS.get(Fact.Kind(fact.kind), ""))


def calendar_words(data: Mapping[str, Any]) -> str:
    """Why a deadline moved without anybody acting, or that it stands for certain now. Both sides read these words."""
    until = {"until": data["known_until"]}
    moved = [
        _("%(clock)s: %(was)s became %(due)s")
        % {"clock": CLOCK_NAMES[one["clock"]], "was": _read(one["was"]), "due": _read(one["due_at"])}
        for one in data["moved"]
    ]
    if not moved:
        return _("The official working days up to %(until)s were published: the deadline is certain now.") % until
    words = _("The official working days up to %(until)s were published, so the deadline moved. %(moved)s")
    return words % {**until, "moved": "; ".join(moved)}


def _read(moment: str) -> str:
    return exact(datetime.fromisoformat(moment))


def _wait(facts: Sequence[Fact], has_clocks: bool) -> str:
    """A question and how long it waited; nothing for one whose place another took. `facts` begin with it."""
    end = next((fact for fact in facts[1:] if fact.kind in ENDS_A_WAIT), None)
    if end is not None and end.kind == Fact.Kind.ASKED:
        return ""
    since, until = exact(facts[0].at), exact(end.at) if end else ""
    words = {
        (True, True): _("%(since)s to %(until)s: waiting for your answer; clocks that may pause stood still"),
        (True, False): _("%(since)s to %(until)s: waiting for your answer"),
        (False, True): _("Since %(since)s: waiting for your answer; clocks that may pause stand still"),
        (False, False): _("Since %(since)s: waiting for your answer"),
    }[end is not None, has_clocks]
    return words % {"since": since, "until": until}


def _severity(data: dict[str, object]) -> str:
    change = {"old": data["from"], "new": data["severity"], "reason": str(data.get("reason", ""))}
    if data.get("by") == "customer":
        return _("Raised from S%(old)s to S%(new)s: %(reason)s") % change
    change["reason"] = str(JUDGEMENT.get(str(change["reason"]), ""))
    if change["old"] == change["new"]:
        return _("S%(new)s confirmed. %(reason)s") % change
    return _("S%(old)s became S%(new)s. %(reason)s") % change


def _line(row: Message, viewer: Viewer) -> MessageLine:
    is_customer = row.voice == Message.Voice.CUSTOMER
    return MessageLine(
        reference=row.reference, voice=row.voice,
        who=row.said_by.name if is_customer and row.said_by else for_reader(row.persona, row.persona_zh),
        is_mine=row.said_by_id == viewer.pk, body=row.body, said_at=row.said_at,
        files=tuple(file_view(one) for one in row.attachments.all()),
    )  # fmt: skip

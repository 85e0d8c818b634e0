"""Verbs by which the desk speaks: through the door, in the desk's name, after a look at what will be read."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import User
from desk.actions import crew, intake
from desk.actions.handovers import NotYours
from desk.models import Print, Work
from kit.files import Upload
from kit.later import later
from kit.verbs import Actor, verb
from talk import door
from talk.models import Message
from tickets.actions import asks, tickets, words
from tickets.models import Ticket


def preview(reference: str, *, by: Actor, body: str) -> door.Preview:
    """What the customer would read, and what the linter finds. Nothing is written."""
    work = Work.objects.visible_to(by).select_related("ticket__asset", "ticket__organization", "ticket__thread", "desk")
    return _preview(work.get(ticket__reference=reference), body)


def _preview(work: Work, body: str) -> door.Preview:
    return door.preview(work.ticket.thread, body, persona=work.desk.persona, **_knowledge(work))


@verb
def send(reference: str, *, by: Actor, at: datetime, body: str, digest: str, files: Sequence[Upload] = ()) -> Message:
    """Answer the customer. Raises Work.DoesNotExist, WrongMove, NotYours, and what the door raises."""
    return _speak(reference, by, at, body, digest, files, words.replied)


@verb
def ask(reference: str, *, by: Actor, at: datetime, body: str, digest: str, files: Sequence[Upload] = ()) -> Message:
    """Ask the customer: the clocks that may pause do, and the engineer has room again. Raises as `send`."""
    return _speak(reference, by, at, body, digest, files, asks.asked)


@verb
def solve(reference: str, *, by: Actor, at: datetime, body: str, digest: str, files: Sequence[Upload] = ()) -> Message:
    """Say what solved it, and end it for the desk; the customer may say otherwise. Raises as `send`."""
    return _speak(reference, by, at, body, digest, files, tickets.solve)


@verb
def set_aside(reference: str, *, by: Actor, at: datetime, reason: str) -> Work:
    """The customer's last word asks for nothing; `reason` is one of Fact.Aside, and the customer reads it.

    Raises Work.DoesNotExist, WrongMove, NotYours, ValueError for another reason.
    """
    work = _for_speech(reference, by)
    words.set_aside(work.ticket, at=at, reason=reason)
    _settle(work, by, at)
    return work


def _speak(
    reference: str, by: Actor, at: datetime, body: str, digest: str, files: Sequence[Upload],
    consequence: Callable[..., Any],
) -> Message:  # fmt: skip
    work = _for_speech(reference, by)
    desk, ticket = work.desk, work.ticket
    message = door.say(
        ticket.thread, by=by, at=at, body=body, digest=digest, persona=desk.persona, persona_zh=desk.persona_zh,
        files=files, **_knowledge(work),
    )  # fmt: skip
    consequence(ticket, message, at=at)
    _settle(work, by, at)
    return message


def _for_speech(reference: str, by: Actor) -> Work:
    """The work, the thread and its ticket, locked in this order: whoever holds a ticket waits for neither."""
    work = (
        Work.objects.visible_to(by)
        .select_for_update(of=("self", "ticket__thread", "ticket"), no_key=True)
        .select_related("ticket__asset", "ticket__organization", "ticket__thread", "desk", "engineer")
        .get(ticket__reference=reference)
    )
    work.require(Work.State.OWNED, Work.State.WAITING)
    if work.engineer and work.engineer.user_id != by.pk and not crew.engineer_of(by, work.desk_id).is_lead:
        raise NotYours
    return work


def _settle(work: Work, by: Actor, at: datetime) -> None:
    """The inside row follows the public one, which the words have just changed; who spoke is not away."""
    engineer_id = work.engineer_id
    if work.engineer is None or work.engineer.user_id != by.pk or work.engineer.away_until:
        crew.acts(by)
    intake.copy(work, at=at)
    if work.ticket.is_over():
        intake.end(work, at=at)
    elif work.ticket.state == Ticket.State.WAITING and work.state == Work.State.OWNED and engineer_id:
        work.change(at, state=Work.State.WAITING)
        crew.release(engineer_id, at=at)
        later("desk.tasks.pull", engineer_id)


def _knowledge(work: Work) -> dict[str, Any]:
    """What the linter may take as known to the customer, and what must not reach them."""
    ticket, asset, organization = work.ticket, work.ticket.asset, work.ticket.organization
    known = [ticket.subject, organization.name, organization.name_zh]
    known += [asset.name, asset.version, asset.kubernetes, asset.location] if asset else []
    said = Message.objects.filter(thread=ticket.thread, voice=Message.Voice.CUSTOMER)
    names = User.objects.filter(place=User.Place.INSIDE).exclude(name="")
    prints = Print.objects.filter(request__work=work)
    rows = _marked(said, "body").union(_marked(names, "name"), _marked(prints, "digest"), all=True)
    found: dict[str, list[str]] = {"body": [], "name": [], "digest": []}
    for mark, text in rows:
        found[mark].append(text)
    return {
        "allowed": "\n".join([*known, *found["body"]]), "names": tuple(found["name"]),
        "prints": frozenset(found["digest"]),
    }  # fmt: skip


def _marked(rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """One column as text, with its name in front, so that three tables are read in one statement."""
    return rows.order_by().values_list(Value(column, TextField()), Cast(column, TextField()))

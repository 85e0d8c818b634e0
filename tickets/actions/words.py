"""Verbs on what is said about a ticket, and on what stands in for words: urging, and setting aside."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from kit.files import Upload
from kit.verbs import Actor, Refused, verb
from talk.actions import threads
from talk.models import Message
from tickets import sla, transitions
from tickets.actions import holds, letters
from tickets.actions.tickets import Empty
from tickets.models import Ask, Fact, Ticket
from tickets.models.tickets import URGE_EVERY
from tickets.signals import customer_acted


class UrgedAlready(Refused):
    """The ticket was urged a moment ago; `again_at` is when it may be urged again."""

    def __init__(self, again_at: datetime) -> None:
        self.again_at = again_at
        super().__init__(
            _("We have heard you. You can urge again at %(time)s.") % {"time": f"{localtime(again_at):%H:%M}"}
        )


@verb
def say(reference: str, *, by: Actor, at: datetime, body: str, files: Sequence[Upload] = ()) -> Message:
    """The customer's words. They answer an open question, and open again what was solved.

    Raises Ticket.DoesNotExist, MayOnlyRead, Empty, WrongMove when it is closed for good.
    """
    ticket = holds.of_customer(reference, by, locks=("thread", "self"))
    if not body.strip() and not files:
        raise Empty
    entries: list[sla.Entry] = []
    if ticket.is_over():
        if not ticket.may_reopen(at):
            raise transitions.WrongMove(ticket.state, Fact.Kind.CUSTOMER_MESSAGE)
        entries.append((Fact.Kind.REOPENED, {}))
    if ticket.state == Ticket.State.WAITING:
        Ask.objects.filter(ticket=ticket, answered_at=None).update(answered_at=at)
    message = threads.say(ticket.thread, by=by, at=at, body=body, files=files)
    entries.append((Fact.Kind.CUSTOMER_MESSAGE, {"message": message.reference}))
    sla.record_all(ticket, entries, at=at, by=by)
    customer_acted.send(Ticket, ticket=ticket)
    return message


@verb
def replied(ticket: Ticket, message: Message, *, at: datetime) -> Fact:
    """Words of the desk have left through the door and can be read. Raises WrongMove when it is closed."""
    ticket = holds.of_desk(ticket)
    fact = sla.record(ticket, Fact.Kind.PUBLIC_REPLY, at=at, data={"message": message.reference})
    letters.replied(ticket, message, fact)
    return fact


@verb
def urge(reference: str, *, by: Actor, at: datetime) -> Fact:
    """The customer asks for speed, at most every 30 minutes.

    Raises Ticket.DoesNotExist, MayOnlyRead, UrgedAlready, and WrongMove when it is not the desk's turn.
    """
    ticket = holds.of_customer(reference, by)
    last = Fact.objects.filter(ticket=ticket, kind=Fact.Kind.URGED).order_by("-n").first()
    if last is not None and at < last.at + URGE_EVERY:
        raise UrgedAlready(last.at + URGE_EVERY)
    fact = sla.record(ticket, Fact.Kind.URGED, at=at, by=by)
    customer_acted.send(Ticket, ticket=ticket)
    return fact


@verb
def set_aside(ticket: Ticket, *, at: datetime, reason: str) -> Fact:
    """The customer's last word asks for nothing (DESIGN 6.5). `reason` is one of Fact.Aside; the customer sees it.

    A ticket that this word had opened again is solved again. Raises WrongMove, ValueError for another reason.
    """
    ticket = holds.of_desk(ticket)
    entries: list[sla.Entry] = [(Fact.Kind.SET_ASIDE, {"reason": Fact.Aside(reason).value})]
    if _was_opened_by_the_last_word(ticket):
        entries.append((Fact.Kind.SOLVED, {}))
    return sla.record_all(ticket, entries, at=at)[0]


def _was_opened_by_the_last_word(ticket: Ticket) -> bool:
    for kind in Fact.objects.filter(ticket=ticket).order_by("-n").values_list("kind", flat=True):
        if kind in (Fact.Kind.PUBLIC_REPLY, Fact.Kind.SOLVED):
            return False
        if kind == Fact.Kind.REOPENED:
            return True
    return False

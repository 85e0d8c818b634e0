"""Verbs on questions to the customer: the only thing that pauses a promise."""

from datetime import datetime

from kit.verbs import verb
from talk.models import Message
from tickets import sla
from tickets.actions import holds, letters
from tickets.models import Ask, Fact, Ticket


@verb
def asked(ticket: Ticket, message: Message, *, at: datetime) -> Ask:
    """A question has left through the door: clocks that may pause do, until the customer acts.

    A question asked before takes its place in the talk; the new one is the open one. Raises WrongMove.
    """
    ticket = holds.of_desk(ticket)
    if ticket.state == Ticket.State.WAITING:
        Ask.objects.filter(ticket=ticket, answered_at=None).update(answered_at=at)
    data = {"message": message.reference}
    facts = sla.record_all(ticket, [(Fact.Kind.PUBLIC_REPLY, data), (Fact.Kind.ASKED, data)], at=at)
    ask = Ask.objects.create(ticket=ticket, message=message, asked_at=at)
    letters.asked(ticket, message, facts[-1])
    return ask

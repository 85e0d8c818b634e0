"""Verbs on questions to the customer: the only thing that pauses a promise."""

from datetime import datetime

from django.db.models import QuerySet

from kit.leases import skip_locked
from kit.rows import update_each
from kit.verbs import verb
from promises import terms
from talk.models import Message
from tickets import sla
from tickets.actions import holds, letters
from tickets.models import Ask, Fact, Ticket
from tickets.signals import customer_acted

NEEDS_A_PERSON = (1, 2)
"""Severities that silence never ends."""


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
    reminds_after, _ends = terms.days_of_waiting(ticket.policy_version_id)
    ask = Ask.objects.create(
        ticket=ticket, message=message, asked_at=at, reminds_at=_days_after(ticket, facts[-1].at, reminds_after)
    )
    letters.asked(ticket, message, facts[-1])
    return ask


@verb
def remind_due(at: datetime, limit: int = 100) -> int:
    """Remind customers who have left a question unanswered for the policy's working days. Returns how many.

    They are told when silence ends the ticket; an S1 or S2 is never ended without a person (DESIGN 5).
    """
    due = Ask.objects.filter(answered_at=None, reminded_at=None, reminds_at__lte=at).order_by("reminds_at")
    asks = _held(due, limit)
    for ask in asks:
        ticket = ask.ticket
        _reminds, ends_after = terms.days_of_waiting(ticket.policy_version_id)
        ask.reminded_at = at
        ask.ends_at = None if ticket.severity in NEEDS_A_PERSON else _days_after(ticket, at, ends_after)
        letters.reminded(ticket, ask, at)
    update_each(asks, ["reminded_at", "ends_at"])
    return len(asks)


@verb
def end_due(at: datetime, limit: int = 100) -> int:
    """End what waited for an answer through the reminder too: solved with a notice, and it may be reopened.

    Returns how many. What has become an S1 or S2 meanwhile stays open.
    """
    due = Ask.objects.filter(answered_at=None, ends_at__lte=at).order_by("ends_at")
    asks = _held(due, limit)
    for ask in asks:
        ask.ends_at = None
        if ask.ticket.severity not in NEEDS_A_PERSON:
            ask.answered_at = at
            fact = sla.record(ask.ticket, Fact.Kind.SOLVED, at=at, data={"by": "silence"})
            letters.solved(ask.ticket, None, fact)
            customer_acted.send(Ticket, ticket=ask.ticket)
    update_each(asks, ["ends_at", "answered_at"])
    return len(asks)


def _held(due: QuerySet[Ask], limit: int) -> list[Ask]:
    """Those of these questions whose ticket nobody has in hand; a ticket is locked before its question is read."""
    first = list(due.values_list("ticket_id", flat=True)[:limit])
    rows = Ticket.objects.filter(pk__in=first, state=Ticket.State.WAITING).order_by("pk")
    held = {ticket.pk: ticket for ticket in skip_locked(rows)}
    asks = list(due.filter(ticket__in=held).select_related("message").order_by("pk"))
    for ask in asks:
        ask.ticket = held[ask.ticket_id]
    return asks


def _days_after(ticket: Ticket, since: datetime, days: int) -> datetime:
    return terms.waits_until(ticket.policy_version_id, ticket.calendar_version_id, since, days)

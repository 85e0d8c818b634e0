"""Telling the people of a ticket, in the transaction of what is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from kit.leases import skip_locked
from kit.verbs import verb
from notifications.actions import notices
from talk.models import Message
from tickets.disclosure import letters
from tickets.models import Ask, Clock, Fact, Ticket


@verb
def confirm(at: datetime, *, ticket_pk: int | None = None, limit: int = 100) -> int:
    """Confirm the arrival of tickets to who filed them: of this one, or of all that still wait. Returns how many.

    It is no part of filing, so that filing takes few statements; the ticket itself is the message that it waits.
    """
    waiting = Ticket.objects.filter(told_at=None).order_by("pk")
    if ticket_pk is not None:
        waiting = waiting.filter(pk=ticket_pk)
    tickets = list(skip_locked(waiting.select_related("opened_by"))[:limit])
    firsts = {row.ticket_id: row for row in _first_answers(tickets)}
    for ticket in tickets:
        payload = letters.opened(ticket, firsts.get(ticket.pk))
        notices.tell([ticket.opened_by], "tickets.opened", payload, about=ticket.reference, at=at)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(told_at=at)
    return len(tickets)


def replied(ticket: Ticket, message: Message, fact: Fact) -> None:
    payload = letters.replied(ticket, message)
    notices.tell(people_of(ticket), "tickets.replied", payload, about=message.reference, at=fact.at)


def asked(ticket: Ticket, message: Message, fact: Fact) -> None:
    payload = letters.asked(ticket, message)
    notices.tell(people_of(ticket), "tickets.asked", payload, about=message.reference, at=fact.at)


def reminded(ticket: Ticket, ask: Ask, at: datetime) -> None:
    payload = letters.reminded(ticket, ask)
    notices.tell(people_of(ticket), "tickets.reminded", payload, about=ask.message.reference, at=at)


def solved(ticket: Ticket, message: Message | None, fact: Fact) -> None:
    payload: Any = letters.solved(ticket, message, because=fact.data.get("by", ""))
    notices.tell(people_of(ticket), "tickets.solved", payload, about=f"{ticket.reference}:{fact.n}", at=fact.at)


def people_of(ticket: Ticket) -> list[User]:
    """Who filed it and who wrote in it, if they still see it and may still sign in."""
    wrote = Message.objects.filter(thread_id=ticket.thread_id, said_by__isnull=False).values("said_by")
    people = User.objects.filter(Q(pk=ticket.opened_by_id) | Q(pk__in=wrote), is_active=True)
    sees = Q(memberships__organization_id=ticket.organization_id)
    if ticket.department_id:
        sees &= Q(memberships__sees_all=True) | Q(memberships__posts__department_id=ticket.department_id)
    return list(people.filter(sees).distinct().order_by("pk"))


def _first_answers(tickets: Iterable[Ticket]) -> Iterable[Clock]:
    return Clock.objects.filter(ticket__in=list(tickets), kind=Clock.Kind.FIRST_RESPONSE)

"""Verbs on tickets as a whole: filed, taken back, solved, closed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from billing.actions import entitlements
from billing.models import Quota
from kit.files import Upload
from kit.later import later
from kit.leases import skip_locked
from kit.rows import insert_family
from kit.texts import clean_line
from kit.verbs import Actor, Refused, verb
from talk.actions import threads
from talk.models import Message
from tickets import sla, transitions
from tickets.actions import holds, letters
from tickets.actions.ground import Ground, survey
from tickets.models import Ask, Fact, Ticket
from tickets.signals import customer_acted, ticket_opened

SUBJECT_LIMIT = 200


class Empty(Refused):
    """A ticket needs a subject and words."""

    def __init__(self) -> None:
        super().__init__(_("Say in a line what it is about, and below what happened."))


def submit(
    *, by: Actor, at: datetime, organization: str, category: str, subject: str, body: str, severity: int,
    entitlement: str | None = None, asset: str | None = None, department: str | None = None, language: str = "",
    files: Sequence[Upload] = (), source_key: str | None = None,
) -> Ticket:  # fmt: skip
    """File a ticket. `organization`, `entitlement`, `asset`, `department` are references, `category` a slug.

    Without an entitlement S3 and S4 are community tickets without a promise; an S1 is always taken and, where nothing
    covers it, marked as unsettled. The same `source_key` again gives the ticket that it made the first time.
    Raises DoesNotExist for what `by` may not see, and what `ground.survey` raises.
    """
    asked = {
        "organization": organization, "category": category, "severity": severity, "entitlement": entitlement,
        "asset": asset, "department": department,
    }  # fmt: skip
    try:
        return _submit(by, at, asked, subject, body, language, files, source_key)
    except IntegrityError:  # outside the transaction, which the twin has ended
        twin = Ticket.objects.visible_to(by).filter(source_key=source_key).first() if source_key else None
        if twin is None:
            raise
        return twin


@verb
def _submit(
    by: Actor, at: datetime, asked: dict[str, object], subject: str, body: str, language: str,
    files: Sequence[Upload], source_key: str | None,
) -> Ticket:  # fmt: skip
    subject = clean_line(subject, SUBJECT_LIMIT)
    if not subject or not body.strip():
        raise Empty
    ground = survey(by, at, **asked)  # type: ignore[arg-type]
    severity = int(asked["severity"])  # type: ignore[call-overload]
    message = threads.beginning(ground.organization_id, by=by, at=at, body=body)
    ticket = _drawn(ground, message, severity, by, at)
    ticket.subject, ticket.source_key, ticket.language = subject, source_key, language or ground.language
    pinned = ground.terms
    data = {
        "message": message.reference, "severity": severity,
        "policy_version": pinned.version_pk if pinned else None,
        "calendar_version": pinned.calendar_version_pk if pinned else None,
    }  # fmt: skip
    message.thread.pk, message.pk, ticket.pk = ground.keys
    insert_family(message.thread, message, ticket, *sla.opening(ticket, at=at, by=by, data=data))
    threads.attach(message, files)
    ticket_opened.send(Ticket, ticket=ticket)
    later("tickets.tasks.confirm", ticket.pk)
    return ticket


def _drawn(ground: Ground, message: Message, severity: int, by: Actor, at: datetime) -> Ticket:
    return Ticket(
        organization_id=ground.organization_id, opened_by_id=by.pk, desk_id=ground.desk_id,
        entitlement_id=ground.entitlement_id, asset_id=ground.asset_id, department_id=ground.department_id,
        category_id=ground.category_id, thread=message.thread, requested_severity=severity, severity=severity,
        is_unsettled=ground.is_unsettled,
        policy_version_id=ground.terms.version_pk if ground.terms else None,
        calendar_version_id=ground.terms.calendar_version_pk if ground.terms else None,
        opened_at=at, last_said_at=at,
    )  # fmt: skip


@verb
def withdraw(reference: str, *, by: Actor, at: datetime) -> Ticket:
    """The customer takes it back. Before anybody answered, the quota gets its ticket again.

    Raises Ticket.DoesNotExist, MayOnlyRead, WrongMove once it is solved.
    """
    ticket = holds.of_customer(reference, by)
    if ticket.is_over():
        raise transitions.WrongMove(ticket.state, Fact.Kind.CLOSED)
    if ticket.entitlement_id and ticket.first_replied_at is None:
        entitlements.give_back(ticket.entitlement_id, Quota.Unit.TICKETS)
    return _close(ticket, Ticket.Closing.WITHDRAWN, by, at)


@verb
def close(reference: str, *, by: Actor, at: datetime) -> Ticket:
    """The customer confirms that it is done, solved by the desk or not. Raises as `withdraw`."""
    return _close(holds.of_customer(reference, by), Ticket.Closing.CONFIRMED, by, at)


@verb
def close_due(at: datetime, limit: int = 200) -> int:
    """Close what was solved so long ago that its customer has agreed by silence. Returns how many."""
    due = Ticket.objects.filter(state=Ticket.State.SOLVED, closes_at__lte=at).order_by("closes_at")
    tickets = list(skip_locked(due)[:limit])
    for ticket in tickets:
        _close(ticket, Ticket.Closing.CONFIRMED, None, at)
    return len(tickets)


@verb
def solve(ticket: Ticket, message: Message | None = None, *, at: datetime) -> Ticket:
    """The desk says that it is done; `message` are the words that said so, if they are not yet a reply.

    Raises WrongMove. It closes by itself after the policy's days unless the customer answers.
    """
    ticket = holds.of_desk(ticket)
    _end_question(ticket, at)
    entries: list[sla.Entry] = [(Fact.Kind.SOLVED, {})]
    if message is not None:
        entries.insert(0, (Fact.Kind.PUBLIC_REPLY, {"message": message.reference}))
    facts = sla.record_all(ticket, entries, at=at)
    letters.solved(ticket, message, facts[-1])
    return ticket


def _close(ticket: Ticket, closing: str, by: Actor | None, at: datetime) -> Ticket:
    _end_question(ticket, at)
    sla.record(ticket, Fact.Kind.CLOSED, at=at, by=by, data={"closing": closing})
    customer_acted.send(Ticket, ticket=ticket)
    return ticket


def _end_question(ticket: Ticket, at: datetime) -> None:
    if ticket.state == Ticket.State.WAITING:
        Ask.objects.filter(ticket=ticket, answered_at=None).update(answered_at=at)

"""Verbs on the severity in force: the customer raises it, the desk confirms one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kit.texts import clean_line
from kit.verbs import Actor, Refused, verb
from promises import terms
from tickets import sla, story, transitions
from tickets.actions import holds
from tickets.actions.ground import NotCovered
from tickets.models import Ask, Fact, Ticket
from tickets.models.tickets import COMMUNITY, WORST
from tickets.signals import customer_acted

REASON_LIMIT = 500


class NotARaise(Refused):
    """Raising goes up: towards severity 1, and to another one than now."""

    def __init__(self, severity: int) -> None:
        self.severity = severity
        super().__init__(_("The ticket already has S%(severity)d or higher.") % {"severity": severity})


class NoReason(Refused):
    """A change of severity is told with its reason."""

    def __init__(self) -> None:
        super().__init__(_("Say in a line what has changed, so that the desk can act on it."))


@verb
def raise_(reference: str, *, by: Actor, at: datetime, severity: int, reason: str) -> Fact:
    """The customer asks for a higher severity; it rules at once, until the desk confirms one.

    An S1 that nothing covers is taken and marked as unsettled; its promise stays as it was. Raises
    Ticket.DoesNotExist, MayOnlyRead, NotARaise, NoReason, NotCovered, WrongMove.
    """
    ticket = holds.of_customer(reference, by, "entitlement")
    reason = clean_line(reason, REASON_LIMIT)
    if not 1 <= severity < ticket.severity:
        raise NotARaise(severity)
    if not reason:
        raise NoReason
    if ticket.is_over():
        raise transitions.WrongMove(ticket.state, Fact.Kind.SEVERITY)
    data: dict[str, Any] = {"severity": severity, "from": ticket.severity, "by": "customer", "reason": reason}
    if _is_covered(ticket, severity):
        data.update(_targets(ticket, severity, at))
    else:
        ticket.is_unsettled = True
    entries: list[sla.Entry] = [(Fact.Kind.SEVERITY, data)]
    if ticket.state == Ticket.State.WAITING:
        Ask.objects.filter(ticket=ticket, answered_at=None).update(answered_at=at)
        entries.insert(0, (Fact.Kind.ANSWERED, {}))
    ticket.severity = ticket.requested_severity = severity
    ticket.is_confirmed = False
    fact = sla.record_all(ticket, entries, at=at, by=by)[-1]
    customer_acted.send(Ticket, ticket=ticket)
    return fact


@verb
def confirm(ticket: Ticket, *, at: datetime, severity: int, reason: str) -> Fact:
    """The desk says which severity it is, by its definition. `reason` is one of Fact.Judgement, read by the customer.

    Other words of the desk stay inside: they would have to leave through the door. A lower severity never worsens a
    promise that was made (DESIGN 6.6). Raises WrongMove.
    """
    ticket = holds.of_desk(ticket)
    known = reason in Fact.Judgement.values
    data: dict[str, Any] = {
        "severity": severity, "from": ticket.severity, "by": "desk",
        "reason": reason if known else Fact.Judgement.BY_DEFINITION.value,
    }  # fmt: skip
    if severity < ticket.severity:
        data.update(_targets(ticket, severity, at))
    elif severity > ticket.severity:
        data.update(_no_worse(ticket, severity, at))
    ticket.severity, ticket.is_confirmed = severity, True
    return sla.record(ticket, Fact.Kind.SEVERITY, at=at, data=data)


def _is_covered(ticket: Ticket, severity: int) -> bool:
    if ticket.entitlement is not None and severity in ticket.entitlement.severities:
        return True
    if ticket.entitlement is None and severity in COMMUNITY:
        return True
    if severity != WORST:
        raise NotCovered(severity)
    return False


def _targets(ticket: Ticket, severity: int, at: datetime) -> Mapping[str, Any]:
    """The terms of the other severity; nothing where none were promised. The ticket pins their calendar."""
    moved = _moved(ticket, severity, at)
    if moved is None:
        return {}
    ticket.calendar_version_id = moved.calendar_version_pk
    return {"targets": dict(moved.policy.targets), "calendar_version": moved.calendar_version_pk}


def _no_worse(ticket: Ticket, severity: int, at: datetime) -> Mapping[str, Any]:
    """Clock by clock the new target, unless the one in force is better; in the calendar in force."""
    moved = _moved(ticket, severity, at)
    if moved is None:
        return {}
    now = story.targets_of(list(story.facts_of([ticket.pk])))
    targets = {
        kind: min((value for value in (now.get(kind), new) if value is not None), default=None)
        for kind, new in moved.policy.targets.items()
    }
    return {"targets": targets, "calendar_version": ticket.calendar_version_id}


def _moved(ticket: Ticket, severity: int, at: datetime) -> terms.Terms | None:
    if ticket.policy_version_id is None or ticket.calendar_version_id is None:
        return None
    return terms.moved(ticket.policy_version_id, ticket.calendar_version_id, severity, at)

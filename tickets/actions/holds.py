"""How verbs take hold of a ticket: by its customer's hand, or by the desk's. The row stays locked until the end."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from kit.verbs import Actor, Refused
from tickets.models import Ticket


class MayOnlyRead(Refused):
    """The person's role in the organization does not open, answer or move tickets."""

    def __init__(self, organization: str) -> None:
        self.organization = organization
        super().__init__(
            _("Your role at %(organization)s reads tickets but does not write. An owner or admin can change that.")
            % {"organization": organization}
        )


def of_customer(reference: str, by: Actor, *related: str, locks: tuple[str, ...] = ("self",)) -> Ticket:
    """The customer's ticket, locked, its thread with it. Raises Ticket.DoesNotExist, MayOnlyRead.

    Who will speak locks the thread too, and first: the desk, too, comes to the ticket with the thread in hand.
    """
    rows = Ticket.objects.asked_by(by).select_for_update(of=locks, no_key=True)
    ticket: Any = rows.select_related("thread", "organization", *related).get(reference=reference)
    check_role(ticket.role, ticket.organization.name)
    return ticket  # type: ignore[no-any-return]


def of_desk(ticket: Ticket) -> Ticket:
    """The row that a desk's verb holds, locked and read anew: its customer may have acted meanwhile."""
    ticket.refresh_from_db(from_queryset=Ticket.objects.select_for_update(no_key=True))
    return ticket


def check_role(role: str, organization: str) -> None:
    if role not in Membership.ASKING:
        raise MayOnlyRead(organization)

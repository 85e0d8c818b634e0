"""Verbs on the engineers of vendors."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actions import invitations
from accounts.models import Invitation, Organization
from kit.verbs import Actor, Refused, verb
from vendors.models import Vendor


class NoVendor(Refused):
    """Only who sells here has desks of its own."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        super().__init__(_("Only an organization that sells here has engineers."))


@verb
def invite(organization: str, *, by: Actor, at: datetime, address: str, language: str = "en") -> Invitation:
    """Invite somebody to work the vendor's own desks. Raises DoesNotExist, NoVendor, and what inviting raises."""
    company = Organization.objects.visible_to(by).get(reference=organization)
    if not Vendor.objects.filter(organization=company, state=Vendor.State.ACTIVE).exists():
        raise NoVendor(company)
    return invitations.invite_engineer(company, by=by, at=at, address=address, language=language)

"""Verbs on organizations and memberships."""

from accounts.models import Membership, Organization
from kit.verbs import Actor, Refused, verb


class NotOutside(Refused):
    """Only outside people belong to organizations."""

    def __init__(self, user: Actor) -> None:
        self.user = user
        super().__init__("Only people from outside the house can belong to an organization.")


@verb
def found(
    name: str, *, by: Actor, name_zh: str = "", country: str = "CN", language: str = "en", timezone: str = "UTC",
    tax_number: str = "", postal_address: str = "",
) -> Organization:  # fmt: skip
    """A new organization with `by` as its owner."""
    organization = Organization.objects.create(
        name=name, name_zh=name_zh, country=country, language=language, timezone=timezone, tax_number=tax_number,
        postal_address=postal_address,
    )  # fmt: skip
    admit(organization, by, role=Membership.Role.OWNER)
    return organization


@verb
def admit(organization: Organization, user: Actor, *, role: str) -> Membership:
    """Give `user` a role in the organization. Raises NotOutside for people of the house."""
    if user.is_inside:
        raise NotOutside(user)
    membership, _ = Membership.objects.update_or_create(
        organization=organization, user_id=user.pk, defaults={"role": role}
    )
    return membership

"""Verbs on vendors."""

from accounts.models import Organization
from kit.verbs import verb
from vendors.models import Vendor


@verb
def admit(organization: Organization, commission_bps: int) -> Vendor:
    """Let an organization sell, for this commission. Admitting it again changes the commission of later sales only."""
    vendor, _ = Vendor.objects.update_or_create(
        organization=organization, defaults={"commission_bps": commission_bps, "state": Vendor.State.ACTIVE}
    )
    return vendor

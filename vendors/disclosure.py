"""What pages may know of vendors."""

from vendors.models import Vendor


def sells(organization: str) -> bool:
    """Whether this organization may sell here, and is not the house itself."""
    vendors = Vendor.objects.filter(organization__reference=organization, organization__is_house=False)
    return vendors.filter(state=Vendor.State.ACTIVE).exists()

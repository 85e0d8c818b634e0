"""Tables of accounts: who people are."""

from accounts.models import inside as inside
from accounts.models.organizations import Membership, Organization
from accounts.models.people import User

__all__ = ["Membership", "Organization", "User"]

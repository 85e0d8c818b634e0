"""Tables of accounts: who people are."""

from accounts.models import inside as inside
from accounts.models.acts import Act
from accounts.models.departments import Department, Post
from accounts.models.invitations import Invitation
from accounts.models.organizations import Membership, Organization
from accounts.models.people import User

__all__ = ["Act", "Department", "Invitation", "Membership", "Organization", "Post", "User"]

"""Invitations: single use, 72 hours, bound to an address. The link stands in the mail alone, here only its hash."""

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.db.models import Q

from kit.references import ReferenceField
from kit.sides import Side


def fresh_token() -> tuple[str, str]:
    """A new token of 256 random bits for the link, and the hash under which it is kept."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


WAITING = Q(accepted_at=None, revoked_at=None)
"""Neither accepted nor taken back; some of them may have expired."""


def still_open(at: datetime) -> Q:
    """Those whose link opens something at `at`."""
    return WAITING & Q(expires_at__gt=at)


class InvitationRow(models.Model):
    """Somebody may come in, once, with this address. Sending it again makes a new link; the old one is void."""

    address = models.EmailField(max_length=254)
    language = models.CharField(max_length=8, default="en")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > at


class Invitation(InvitationRow):
    """Into an organization, with a role; into one department of it, or with sight of all."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="J")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=8)
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "address"],
                condition=WAITING,
                name="one_waiting_invitation",
            )
        ]

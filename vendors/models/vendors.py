"""Vendors: organizations that may sell. The house is one of them, with commission 0 (DESIGN 4)."""

from django.db import models

from kit.sides import Side


class Vendor(models.Model):
    """An organization's record as a seller. `commission_bps` is the house's part, in hundredths of a percent."""

    class State(models.TextChoices):
        ACTIVE = "active"
        """May list and sell."""
        SUSPENDED = "suspended"
        """Sells nothing until the house lifts it."""

    side = Side.PUBLIC
    organization = models.OneToOneField("accounts.Organization", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    commission_bps = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(commission_bps__lte=10000), name="commission_within")]

    def __str__(self) -> str:
        return f"vendor {self.organization_id}"

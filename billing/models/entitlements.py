"""Entitlements: the only answer to "have they bought it?", and the only bridge from selling to answering."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class EntitlementQuerySet(models.QuerySet["Entitlement"]):
    def visible_to(self, user: Actor) -> "EntitlementQuerySet":
        """Members of the organization see what it may use; inside people all."""
        return self if user.is_inside else self.filter(organization__memberships__user_id=user.pk)

    def in_force(self, at: datetime) -> "EntitlementQuerySet":
        """Begun and not yet ended at `at`."""
        return self.filter(begins_at__lte=at, ends_at__gt=at)


EntitlementManager = models.Manager.from_queryset(EntitlementQuerySet, class_name="EntitlementManager")


class Entitlement(models.Model):
    """What an organization may ask of which desk, under which policy, from when until when."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="E")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120, blank=True)
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    policy = models.CharField(max_length=40)
    severities = models.JSONField(default=list)
    contacts = models.PositiveSmallIntegerField(default=3)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = EntitlementManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="entitlement_has_length")]
        indexes = [models.Index(fields=["organization", "ends_at"])]

    def __str__(self) -> str:
        return self.reference

    def is_in_force(self, at: datetime) -> bool:
        return self.begins_at <= at < self.ends_at


class Quota(models.Model):
    """How much of a unit an entitlement holds and how much is used. `granted` null, or no row = without limit."""

    class Unit(models.TextChoices):
        TICKETS = "tickets", _("tickets")
        """One for each ticket opened."""
        ONSITE_DAYS = "onsite_days", _("days on site")
        """One for each day on which a person comes."""

    side = Side.PUBLIC
    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="quotas")
    unit = models.CharField(max_length=12, choices=Unit)
    granted = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "unit"], name="one_quota_a_unit"),
            models.CheckConstraint(condition=Q(used__lte=F("granted")), name="used_within_granted"),
        ]

    def __str__(self) -> str:
        return f"{self.used} of {self.granted} {self.unit}"

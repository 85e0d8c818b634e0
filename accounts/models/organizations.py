"""Organizations, and the outside people who belong to them."""

from django.db import models

from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: Actor) -> "OrganizationQuerySet":
        """Outside people see their own; inside people all, since each of them serves customers."""
        return self if user.is_inside else self.filter(memberships__user_id=user.pk)


OrganizationManager = models.Manager.from_queryset(OrganizationQuerySet, class_name="OrganizationManager")


class Organization(models.Model):
    """A company or a person that buys, sells, or both. Exactly one is the house."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="O")
    name = models.CharField(max_length=160)
    name_zh = models.CharField(max_length=160, blank=True)
    is_house = models.BooleanField(default=False)
    country = models.CharField(max_length=2, default="CN")
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    tax_number = models.CharField(max_length=32, blank=True)
    postal_address = models.CharField(max_length=300, blank=True)

    objects = OrganizationManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_house"], condition=models.Q(is_house=True), name="one_house"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """An outside person in an organization, with one role."""

    class Role(models.TextChoices):
        OWNER = "owner"
        """Everything, the organization's end included."""
        ADMIN = "admin"
        """Members, assets, contacts, purchases."""
        BILLING = "billing"
        """Orders, invoices and payments."""
        MEMBER = "member"
        """Opens and answers tickets."""
        VIEWER = "viewer"
        """Reads."""
        ENGINEER = "engineer"
        """Works the organization's own desks; only in organizations that sell."""

    side = Side.PUBLIC
    BUYING = (Role.OWNER, Role.ADMIN, Role.BILLING)
    ASKING = (Role.OWNER, Role.ADMIN, Role.MEMBER)
    MANAGING = (Role.OWNER, Role.ADMIN)

    reference = ReferenceField(prefix="Q")
    sees_all = models.BooleanField(default=True)
    """Every department's tickets and assets; else those of the own posts, and what belongs to no department."""
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_a_person"),
            models.CheckConstraint(
                condition=models.Q(sees_all=True) | ~models.Q(role__in=["owner", "admin"]), name="managers_see_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id} as {self.role}"

"""Orders: each sale, with the version that was bought pinned."""

from django.db import models

from accounts.models import Membership
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: Actor) -> "OrderQuerySet":
        """Whoever buys for the customer sees its orders: owners, admins, billing. Inside people see all."""
        if user.is_inside:
            return self
        return self.filter(customer__memberships__user_id=user.pk, customer__memberships__role__in=Membership.BUYING)


OrderManager = models.Manager.from_queryset(OrderQuerySet, class_name="OrderManager")


class Order(models.Model):
    """One sale of one version to one organization, for a price that no later edit changes.

    `form` is the token of the form that placed it, so that a second press places nothing; `invoice` a reference.
    """

    class State(models.TextChoices):
        AWAITING_PAYMENT = "awaiting_payment"
        """Invoiced; nothing has begun."""
        FUNDED = "funded"
        """Paid; what was bought has begun."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="R")
    version = models.ForeignKey("marketplace.ListingVersion", models.PROTECT, related_name="+")
    customer = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    placed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.AWAITING_PAYMENT)
    form = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001  (null = placed without a form)
    invoice = models.CharField(max_length=16, blank=True)
    placed_at = models.DateTimeField()
    funded_at = models.DateTimeField(null=True)

    objects = OrderManager()

    def __str__(self) -> str:
        return self.reference

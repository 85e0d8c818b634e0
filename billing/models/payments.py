"""Bank transfers (对公转账): announced by the customer, confirmed by finance against the bank's statement."""

from typing import TYPE_CHECKING

from django.db import models

from kit.references import ReferenceField
from kit.sides import Side

if TYPE_CHECKING:
    from accounts.access import Actor


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: "Actor") -> "TransferQuerySet":
        """Members of the customer see its transfers; inside people all."""
        return self if user.is_inside else self.filter(invoice__customer__memberships__user_id=user.pk)


TransferManager = models.Manager.from_queryset(TransferQuerySet, class_name="TransferManager")


class Transfer(models.Model):
    """Money on its way to an invoice. Announced is never shown as paid; only a confirmed one is money."""

    class State(models.TextChoices):
        ANNOUNCED = "announced"
        """The customer says that it was sent."""
        CONFIRMED = "confirmed"
        """Finance found it on the statement; the ledger holds it."""
        REFUSED = "refused"
        """It did not arrive; the customer was told."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="P")
    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="transfers")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    payer = models.CharField(max_length=160)
    announced_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    announced_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.ANNOUNCED)
    received_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = TransferManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_is_positive"),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="announced"), name="one_announced_transfer"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="transfer_announced", condition=models.Q(state="announced"))]

    def __str__(self) -> str:
        return self.reference

"""Bank transfers (对公转账): announced by the customer, confirmed by finance against the bank's statement."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: Actor) -> "TransferQuerySet":
        """Whoever buys for the customer sees its transfers: owners, admins, billing. Inside people see all."""
        if user.is_inside:
            return self
        return self.filter(
            invoice__customer__memberships__user_id=user.pk, invoice__customer__memberships__role__in=Membership.BUYING
        )


TransferManager = models.Manager.from_queryset(TransferQuerySet, class_name="TransferManager")


class Transfer(models.Model):
    """Money on its way to an invoice. Announced is never shown as paid; only a confirmed one is money.

    `settled` is the part of a confirmed `amount` that paid the invoice; the rest is the customer's credit.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced"
        """The customer says that it was sent."""
        CONFIRMED = "confirmed"
        """Finance found it on the statement; the ledger holds it."""
        REFUSED = "refused"
        """It did not arrive; the customer was told."""

    class Refusal(models.TextChoices):
        """Why finance refused. Fixed words: nothing that a person of the house types reaches the customer this way."""

        NOT_ARRIVED = "not_arrived", _("no such transfer has arrived on our account")
        SENT_BACK = "sent_back", _("the bank sent the money back")
        WRONG_CURRENCY = "wrong_currency", _("it arrived in another currency")
        UNKNOWN_PAYER = "unknown_payer", _("we cannot accept money from this payer")

    side = Side.PUBLIC
    reference = ReferenceField(prefix="P")
    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="transfers")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    settled = models.BigIntegerField(default=0)
    payer = models.CharField(max_length=160)
    announced_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    announced_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.ANNOUNCED)
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True)
    received_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = TransferManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_is_positive"),
            models.CheckConstraint(
                condition=models.Q(settled__gte=0, settled__lte=models.F("amount"))
                & (models.Q(state="confirmed") | models.Q(settled=0)),
                name="settled_within_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(state="announced", decided_at=None)
                | (~models.Q(state="announced") & models.Q(decided_at__isnull=False)),
                name="decided_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="announced"), name="one_announced_transfer"
            ),
        ]
        indexes = [models.Index(fields=["id"], name="transfer_announced", condition=models.Q(state="announced"))]

    def __str__(self) -> str:
        return self.reference

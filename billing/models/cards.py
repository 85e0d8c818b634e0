"""Payments by card: our intent is a row before anything is asked of a card company, money only when booked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class CardPaymentQuerySet(models.QuerySet["CardPayment"]):
    def visible_to(self, user: Actor) -> "CardPaymentQuerySet":
        """Whoever buys for the customer sees its payments: owners, admins, billing. Inside people see all."""
        if user.is_inside:
            return self
        return self.filter(
            invoice__customer__memberships__user_id=user.pk, invoice__customer__memberships__role__in=Membership.BUYING
        )

    def live(self) -> "CardPaymentQuerySet":
        """What may still become money."""
        return self.filter(state__in=CardPayment.LIVE)


CardPaymentManager = models.Manager.from_queryset(CardPaymentQuerySet, class_name="CardPaymentManager")


class CardPayment(models.Model):
    """One intent to pay by card what was open of an invoice. Submitted is never shown as paid.

    `key` goes with the call and never changes, so that asking again asks for the same; `checkout`, `address` and
    `charge` are the card company's. `captured` is what it took, `settled` the part of it that paid the invoice.
    States only ever move on: live, ended, captured. Money that comes after an end is money all the same.
    """

    class State(models.TextChoices):
        BEGUN = "begun"
        """Our intent stands; whether the card company knows of it is not known yet."""
        OPEN = "open"
        """The customer may be on the card company's page."""
        SUBMITTED = "submitted"
        """The customer has paid there; the bank has not said yes yet."""
        FAILED = "failed"
        """The card company did not take it up."""
        CANCELED = "canceled"
        """Given up, by the customer or because the invoice was paid otherwise."""
        EXPIRED = "expired"
        """The page was open for too long."""
        CAPTURED = "captured"
        """The money is there and booked."""

    class Failure(models.TextChoices):
        """Why the last try on the card company's page did not work, in our words."""

        DECLINED = "declined", _("The bank of the card said no.")
        NO_FUNDS = "no_funds", _("The card does not cover the sum.")
        NOT_CONFIRMED = "not_confirmed", _("The bank could not make sure that it was you.")
        OTHER = "other", _("The card company did not take the card.")

    side = Side.PUBLIC
    LIVE = (State.BEGUN, State.OPEN, State.SUBMITTED)

    reference = ReferenceField(prefix="K")
    invoice = models.ForeignKey("billing.Invoice", models.PROTECT, related_name="cards")
    rail = models.CharField(max_length=12)
    key = models.CharField(max_length=40, unique=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.BEGUN)
    begun_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    checkout = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=500, blank=True)
    charge = models.CharField(max_length=80, blank=True)
    captured = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)
    failure = models.CharField(max_length=14, choices=Failure, blank=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    objects = CardPaymentManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="card_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(settled__gte=0, settled__lte=F("captured"), fee__gte=0, fee__lte=F("captured"))
                & ((Q(state="captured", captured__gt=0) & ~Q(charge="")) | (~Q(state="captured") & Q(captured=0))),
                name="captured_is_money",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("begun", "open", "submitted"), ended_at=None)
                | (~Q(state__in=("begun", "open", "submitted")) & Q(ended_at__isnull=False)),
                name="ended_card_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(state__in=("begun", "open", "submitted")), name="one_live_card_payment"
            ),
            models.UniqueConstraint(fields=["rail", "checkout"], condition=~Q(checkout=""), name="one_card_checkout"),
            models.UniqueConstraint(fields=["rail", "charge"], condition=~Q(charge=""), name="one_card_charge"),
        ]
        indexes = [
            models.Index(fields=["id"], name="card_live", condition=Q(state__in=("begun", "open", "submitted"))),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

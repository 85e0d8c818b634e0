"""Invoices: what an organization owes to a seller, numbered without gaps in each series."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Membership
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class Series(models.Model):
    """A numbering without gaps. Its row is locked while a number is taken, in the invoice's own transaction."""

    side = Side.PUBLIC
    code = models.CharField(max_length=20, unique=True)
    next_number = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.code


class BankAccount(models.Model):
    """Where transfers to a seller arrive, by currency."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="B")
    owner = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=160)
    bank = models.CharField(max_length=160)
    number = models.CharField(max_length=40)
    swift = models.CharField(max_length=11, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "currency"], name="one_account_for_transfers")]

    def __str__(self) -> str:
        return f"{self.bank} {self.currency}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: Actor) -> "InvoiceQuerySet":
        """Whoever buys for the customer sees its invoices: owners, admins, billing. Inside people see all."""
        if user.is_inside:
            return self
        return self.filter(customer__memberships__user_id=user.pk, customer__memberships__role__in=Membership.BUYING)

    def unpaid(self) -> "InvoiceQuerySet":
        return self.filter(state=Invoice.State.ISSUED)


InvoiceManager = models.Manager.from_queryset(InvoiceQuerySet, class_name="InvoiceManager")


class Invoice(models.Model):
    """An issued invoice. Its lines never change; it may carry the terms of what begins once it is paid.

    `source` says what was sold ("order:R-4K7Q9D"); `terms` is the snapshot from which the entitlement is granted.
    """

    class State(models.TextChoices):
        ISSUED = "issued"
        """Sent to the customer; money is awaited."""
        PAID = "paid"
        """Fully paid; what it carries has begun."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="N")
    number = models.CharField(max_length=30, unique=True)
    seller = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    customer = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, unique=True)
    currency = models.CharField(max_length=3)
    net = models.BigIntegerField()
    tax_bps = models.PositiveIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField()
    due_on = models.DateField()
    paid_at = models.DateTimeField(null=True)
    terms = models.JSONField(default=dict)

    objects = InvoiceManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="gross_is_net_and_tax"),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("gross")), name="paid_within_gross"),
            models.CheckConstraint(
                condition=Q(state="issued", paid__lt=F("gross"), paid_at=None)
                | Q(state="paid", paid=F("gross"), paid_at__isnull=False),
                name="paid_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def open(self) -> int:
        """What is still to be paid."""
        return self.gross - self.paid


class InvoiceLine(models.Model):
    """One line: what, how many, and its part of net and tax."""

    side = Side.PUBLIC
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    n = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    text_zh = models.CharField(max_length=200, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "n"], name="invoice_line_numbers")]

    def __str__(self) -> str:
        return self.text

"""The books: accounts with materialised balances, and entries that are only ever appended.

Triggers in both databases refuse a change of an entry or a line; `billing.ledger` is the only writer.
"""

from django.db import models

from kit.sides import Side


class Account(models.Model):
    """One account in one currency, such as `held:R-4K7Q9D`. `balance` is debits minus credits in minor units."""

    side = Side.PUBLIC
    name = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "currency"], name="one_account_a_currency")]

    def __str__(self) -> str:
        return f"{self.name} {self.currency}"


class Entry(models.Model):
    """One business fact, booked once: `key` is source, object and purpose, never an event id (DESIGN 11)."""

    side = Side.PUBLIC
    key = models.CharField(max_length=120, unique=True)
    currency = models.CharField(max_length=3)
    memo = models.CharField(max_length=200)
    posted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Line(models.Model):
    """One side of an entry: debits positive, credits negative; the lines of an entry sum to zero."""

    side = Side.PUBLIC
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="lines")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "account"], name="one_line_an_account"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="no_empty_line"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.account_id}"

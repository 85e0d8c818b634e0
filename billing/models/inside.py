"""What finance writes for itself."""

from django.db import models

from kit.sides import Side


class Confirmation(models.Model):
    """Who of finance confirmed or refused a transfer, and against which line of the statement of which account.

    A line of a statement confirms one transfer, so money that arrived once is booked once.
    """

    side = Side.DESK
    transfer = models.OneToOneField("billing.Transfer", models.PROTECT, related_name="+")
    bank = models.ForeignKey("billing.BankAccount", models.PROTECT, related_name="+", null=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    statement_line = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "statement_line"], condition=~models.Q(statement_line=""), name="one_transfer_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"confirmation of {self.transfer_id}"

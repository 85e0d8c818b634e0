"""What finance writes for itself."""

from django.db import models

from kit.sides import Side


class Confirmation(models.Model):
    """Who of finance confirmed or refused a transfer, and against which line of the statement."""

    side = Side.DESK
    transfer = models.OneToOneField("billing.Transfer", models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    statement_line = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"confirmation of {self.transfer_id}"

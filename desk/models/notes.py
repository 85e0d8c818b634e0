"""Notes: what the desk says to itself about a ticket. No customer, and no code that customers reach, reads them."""

from django.db import models

from kit.sides import Side


class Note(models.Model):
    """One inside line of a ticket's timeline. Append-only. `by` null = the house itself."""

    class Kind(models.TextChoices):
        NOTE = "note"
        """Somebody wrote it."""
        TAKEN_IN = "taken_in"
        """The ticket reached the desk."""
        OFFERED = "offered"
        """An engineer was asked."""
        ACKNOWLEDGED = "acknowledged"
        """The engineer took it."""
        REFUSED = "refused"
        """The engineer gave it back."""
        EXPIRED = "expired"
        """The engineer did not answer in time."""
        RETURNED = "returned"
        """It went back to the pool."""
        GAP = "gap"
        """Nobody on duty could take it."""
        WARNING = "warning"
        """A promise is near its end."""
        BREACH = "breach"
        """A promise was broken."""
        HELP_ASKED = "help_asked"
        """R&D was asked."""
        HELP_ANSWERED = "help_answered"
        """R&D answered."""
        URGED = "urged"
        """The customer asked for speed."""
        RATED = "rated"
        """The customer judged the answer."""

    side = Side.DESK
    work = models.ForeignKey("desk.Work", models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.NOTE)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    body = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["work", "at", "id"], name="note_timeline")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.work_id}"

"""Offers of a ticket to an engineer, and why that engineer was chosen."""

from django.db import models
from django.db.models import Q

from kit.sides import Side


class Offer(models.Model):
    """One engineer is asked to take one ticket, until a moment. At most one is live for each of the two."""

    class State(models.TextChoices):
        LIVE = "live"
        """Waits for the engineer."""
        ACKNOWLEDGED = "acknowledged"
        """Taken."""
        REFUSED = "refused"
        """Given back with a reason."""
        EXPIRED = "expired"
        """Nobody answered in time."""
        RETURNED = "returned"
        """Overtaken: the ticket ended, or somebody else took it."""

    side = Side.DESK
    work = models.ForeignKey("desk.Work", models.PROTECT, related_name="offers")
    engineer = models.ForeignKey("duty.Engineer", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.LIVE)
    offered_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work"], condition=Q(state="live"), name="one_live_offer_a_ticket"),
            models.UniqueConstraint(fields=["engineer"], condition=Q(state="live"), name="one_live_offer_an_engineer"),
        ]
        indexes = [models.Index(fields=["acknowledge_by"], name="offer_live", condition=Q(state="live"))]

    def __str__(self) -> str:
        return f"offer of {self.work_id} to {self.engineer_id}"


class Decision(models.Model):
    """Why: everybody who was considered for a ticket, with the objection that filtered each out, and who was chosen.

    `considered` is [{"engineer": pk, "objection": name or null, "load": n, "held": n}, ...]; `chosen` null = nobody.
    """

    side = Side.DESK
    work = models.ForeignKey("desk.Work", models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    considered = models.JSONField()
    chosen = models.ForeignKey("duty.Engineer", models.PROTECT, related_name="+", null=True)
    because = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"decision on {self.work_id}"

"""The four clocks of a ticket as they stand. `tickets.sla` is their only writer; a replay of the facts equals them."""

from django.db import models
from django.db.models import Q

from kit.sides import Side


class Clock(models.Model):
    """One promise of a ticket. `fires_at` is the next threshold (`fires_percent` of the target); null = none ahead."""

    class Kind(models.TextChoices):
        FIRST_RESPONSE = "first_response"
        """Until a person's first public reply."""
        NEXT_RESPONSE = "next_response"
        """From the customer's oldest unanswered word."""
        UPDATE = "update"
        """The rhythm of news while the ticket is open."""
        RESOLUTION = "resolution"
        """Until the solution."""

    side = Side.PUBLIC
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=16, choices=Kind)
    cycle = models.PositiveIntegerField(default=0)
    target = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    spent = models.PositiveIntegerField(default=0)
    paused = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    broken_by_change = models.BooleanField(default=False)
    is_provisional = models.BooleanField(default=False)
    fires_at = models.DateTimeField(null=True)
    fires_percent = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "kind"], name="one_clock_a_kind")]
        indexes = [
            models.Index(fields=["fires_at", "id"], name="clock_fires", condition=Q(fires_at__isnull=False)),
            models.Index(fields=["ticket"], name="clock_provisional", condition=Q(is_provisional=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"

"""What card companies write to us."""

from django.db import models

from kit.sides import Side


class ProviderEvent(models.Model):
    """What a card company has told us, kept raw and once: (rail, event) is remembered for ever, bodies may be pruned.

    It is only a hint that something happened to `thing`; what did is asked of the company itself before money moves.
    Public, since processes with outside faces only take it in; no page shows it.
    """

    class State(models.TextChoices):
        RECEIVED = "received"
        """Kept and answered; waits to be handled."""
        PARKED = "parked"
        """It speaks of something that we do not know, or not yet; it is looked at again."""
        HANDLED = "handled"
        """What it told of is in our books, or was before."""
        DEAD = "dead"
        """Nobody ever knew what it speaks of, or its money cannot be ours. For a person to look at."""

    side = Side.PUBLIC
    WAITING = (State.RECEIVED, State.PARKED)

    rail = models.CharField(max_length=12)
    event = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    thing = models.CharField(max_length=80)
    body = models.TextField()
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "event"], name="one_provider_event")]
        indexes = [
            models.Index(
                fields=["id"], name="provider_event_waits", condition=models.Q(state__in=("received", "parked"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rail} {self.event}"

"""What the engine remembers: when each part last worked, and who may tick on SQLite."""

from django.db import models

from kit.sides import Side


class Beat(models.Model):
    """The last time that a part of the engine finished its round: a sweep by its dotted name, `ticker`, or `audit`.

    `beat_at` is the database's clock, so that processes on different machines agree on what is fresh.
    """

    side = Side.DESK
    name = models.CharField(max_length=100, unique=True)
    beat_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    """What went wrong in that round; empty when nothing did."""

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%H:%M:%S}"


class Lease(models.Model):
    """Who may do a thing alone, until when, on a database without advisory locks."""

    side = Side.DESK
    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} by {self.holder or 'nobody'}"

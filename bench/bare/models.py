"""The four rows that a new ticket costs at least, about as wide as such rows are in a real desk."""

from django.db import models


class Ticket(models.Model):
    reference = models.CharField(max_length=12, unique=True)
    organization = models.PositiveBigIntegerField(db_index=True)
    opened_by = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    severity = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    owner = models.CharField(max_length=40)
    opened_at = models.DateTimeField(db_index=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    ticket = models.ForeignKey(Ticket, models.CASCADE)
    voice = models.CharField(max_length=8)
    body = models.TextField()
    said_by = models.PositiveBigIntegerField()
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body


class Clock(models.Model):
    ticket = models.ForeignKey(Ticket, models.CASCADE)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.kind


class Event(models.Model):
    ticket = models.ForeignKey(Ticket, models.CASCADE)
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    by = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.kind

"""Open questions to the customer, and the customer's judgement."""

from django.db import models

from kit.sides import Side


class Ask(models.Model):
    """A question that left through the door and stops the clocks that may pause. Its words are the `Message`.

    The customer is reminded at `reminds_at`; `ends_at`, set then, is when silence ends the ticket, null = never.
    """

    side = Side.PUBLIC
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="asks")
    message = models.OneToOneField("talk.Message", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    reminds_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=models.Q(answered_at=None), name="one_open_question")
        ]
        indexes = [
            models.Index(
                fields=["reminds_at"], name="ask_reminds", condition=models.Q(answered_at=None, reminded_at=None)
            ),
            models.Index(
                fields=["ends_at"], name="ask_ends", condition=models.Q(answered_at=None, ends_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"question of {self.ticket_id}"


class Rating(models.Model):
    """What the customer thinks of the answer: 1 to 5 and a comment; the last word counts."""

    side = Side.PUBLIC
    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(score__in=(1, 2, 3, 4, 5)), name="rating_score")]

    def __str__(self) -> str:
        return f"{self.score} for {self.ticket_id}"

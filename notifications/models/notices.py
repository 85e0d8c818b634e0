"""Notices: a row for each thing told to one person on one channel. The row is the message (DESIGN 13)."""

import secrets

from django.db import models

from kit.sides import Side
from kit.verbs import Actor


def fresh_message_id() -> str:
    """128 random bits: the stable id of one outgoing mail, the same at every attempt."""
    return secrets.token_hex(16)


class NoticeQuerySet(models.QuerySet["NoticeRow"]):
    def visible_to(self, user: Actor) -> "NoticeQuerySet":
        """People read what was told to them."""
        return self.filter(recipient_id=user.pk)

    def with_reader(self) -> "NoticeQuerySet":
        return self.select_related("recipient")

    def on_page(self) -> "NoticeQuerySet":
        return self.filter(channel=NoticeRow.Channel.INAPP).order_by("-pk")

    def pending(self) -> "NoticeQuerySet":
        return self.filter(state=NoticeRow.State.PENDING)

    def dead(self) -> "NoticeQuerySet":
        return self.filter(state=NoticeRow.State.DEAD)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


NoticeManager = models.Manager.from_queryset(NoticeQuerySet, class_name="NoticeManager")


class NoticeRow(models.Model):
    """What is needed to tell one person one thing: kind, language, zone and a payload made by `disclosure`."""

    class Channel(models.TextChoices):
        INAPP = "inapp"
        """Stands on the person's pages; sent as soon as it is written."""
        MAIL = "mail"
        """Leaves by SMTP."""

    class State(models.TextChoices):
        PENDING = "pending"
        """Waits for its first or next attempt."""
        SENT = "sent"
        """Handed over, at least once, exactly once in our books."""
        DEAD = "dead"
        """Given up after the last attempt; operations see it."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    recipient = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel)
    language = models.CharField(max_length=8)
    zone = models.CharField(max_length=64)
    payload = models.JSONField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=40, default=fresh_message_id)

    objects = NoticeManager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["id"], name="%(class)s_pending", condition=models.Q(state="pending")),
            models.Index(fields=["id"], name="%(class)s_dead", condition=models.Q(state="dead")),
            models.Index(fields=["recipient", "-id"], name="%(class)s_inapp", condition=models.Q(channel="inapp")),
            models.Index(
                fields=["recipient"], name="%(class)s_unread", condition=models.Q(channel="inapp", read_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def to(self) -> str:
        """The address that a mail goes to."""
        return self.recipient.email

    def forgotten(self) -> dict[str, object]:
        """Columns that are emptied once the notice has left."""
        return {}


class Notice(NoticeRow):
    """Words that an outsider may read."""

    side = Side.PUBLIC

    class Meta(NoticeRow.Meta):
        pass

"""Threads of public words. Outsiders read words of the house or of a vendor only here (DESIGN 9.3)."""

from collections.abc import Iterable

from django.db import connection, models
from django.db.models import Q

from kit.files import Stored
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class Thread(models.Model):
    """A talk between an organization and a counter: of a ticket, an order, a dispute."""

    side = Side.PUBLIC
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    last_n = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"thread {self.pk}"

    def count_up(self) -> int:
        """The next message's number; the row stays locked until the transaction ends, so numbers have no gaps."""
        with connection.cursor() as cursor:
            cursor.execute("UPDATE talk_thread SET last_n = last_n + 1 WHERE id = %s RETURNING last_n", [self.pk])
            self.last_n = cursor.fetchone()[0]
        return self.last_n


class MessageQuerySet(models.QuerySet["Message"]):
    def in_order(self) -> "MessageQuerySet":
        return self.order_by("n")


MessageManager = models.Manager.from_queryset(MessageQuerySet, class_name="MessageManager")


class Message(models.Model):
    """One public line of a thread: the customer's words, or the counter's as they left the door. Append-only."""

    class Voice(models.TextChoices):
        CUSTOMER = "customer"
        """Somebody of the customer's organization, by portal, mail or API."""
        SUPPORT = "support"
        """A desk or seller, under its persona. No column of this table can name a person of the house."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="M")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages")
    n = models.PositiveIntegerField()
    voice = models.CharField(max_length=8, choices=Voice)
    said_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    persona = models.CharField(max_length=80, blank=True)
    persona_zh = models.CharField(max_length=80, blank=True)
    body = models.TextField()
    said_at = models.DateTimeField()

    objects = MessageManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "n"], name="message_numbers"),
            models.CheckConstraint(
                condition=Q(voice="support", said_by=None) | Q(voice="customer", said_by__isnull=False),
                name="a_counter_has_no_person",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: Actor) -> "AttachmentQuerySet":
        """Files of the threads of the reader's organizations; inside people all."""
        if user.is_inside:
            return self
        return self.filter(message__thread__organization__memberships__user_id=user.pk)

    def hang(self, message: Message, files: Iterable[Stored]) -> None:
        """Hang stored files on a message, in the order given."""
        rows = [
            Attachment(message=message, name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256)
            for one in files
        ]
        self.bulk_create(rows)  # type: ignore[arg-type]


AttachmentManager = models.Manager.from_queryset(AttachmentQuerySet, class_name="AttachmentManager")


class Attachment(models.Model):
    """A file of a message. Its content lies in `kit.files` under its SHA-256, outside of everything served."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="F")
    message = models.ForeignKey(Message, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    objects = AttachmentManager()

    def __str__(self) -> str:
        return self.name

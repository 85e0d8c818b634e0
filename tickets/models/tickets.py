"""Tickets and their public facts. Clocks and states are a replay of the facts."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.departments import in_sight
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor

WORST = 1
"""Severity 1 is never refused for want of an entitlement; it is settled afterwards (DESIGN 5)."""
COMMUNITY = (3, 4)
"""The severities that may be asked without an entitlement, and without a promise."""
EVERYBODY = "*"
"""As a department: none, so that everybody of the organization sees the ticket."""
URGE_EVERY = timedelta(minutes=30)
"""How often a ticket may be urged."""


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: Actor) -> "TicketQuerySet":
        """Members see the tickets of their departments, and those of none.

        Inside people see all here; a desk narrows by its own `Work`.
        """
        return self if user.is_inside else self.filter(in_sight(user.pk))

    def newest_first(self) -> "TicketQuerySet":
        return self.order_by("-opened_at", "-pk")

    def asked_by(self, user: Actor) -> "TicketQuerySet":
        """As `visible_to`, for customers alone, each row with the reader's `role` in its organization."""
        if user.is_inside:
            return self.none()
        return self.visible_to(user).annotate(role=F("organization__memberships__role"))


TicketManager = models.Manager.from_queryset(TicketQuerySet, class_name="TicketManager")


class Ticket(models.Model):
    """A matter of an organization at one desk. Written by public facts only; nothing here knows who works on it.

    `last_n` counts the facts. `told_at` is when its arrival was confirmed to who filed it; a sweep reads what
    still lacks it.
    """

    class State(models.TextChoices):
        OPEN = "open"
        """It is the desk's turn."""
        WAITING = "waiting"
        """The desk asked, and waits for the customer's answer."""
        SOLVED = "solved"
        """The desk says that it is done; the customer may say otherwise."""
        CLOSED = "closed"
        """Ended, with a public reason."""

    class Closing(models.TextChoices):
        CONFIRMED = "confirmed"
        """The customer, or time after the solution, ended it."""
        WITHDRAWN = "withdrawn"
        """The customer took it back."""

    side = Side.PUBLIC
    reference = ReferenceField(prefix="T")
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    entitlement = models.ForeignKey("billing.Entitlement", models.PROTECT, related_name="+", null=True)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="+", null=True)
    category = models.ForeignKey("tickets.Category", models.PROTECT, related_name="+")
    thread = models.OneToOneField("talk.Thread", models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    language = models.CharField(max_length=8)
    requested_severity = models.PositiveSmallIntegerField()
    severity = models.PositiveSmallIntegerField()
    is_confirmed = models.BooleanField(default=False)
    is_unsettled = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    closing = models.CharField(max_length=10, choices=Closing, blank=True)
    policy_version = models.ForeignKey("promises.PolicyVersion", models.PROTECT, related_name="+", null=True)
    calendar_version = models.ForeignKey("duty.CalendarVersion", models.PROTECT, related_name="+", null=True)
    source_key = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001  (unique where set)
    opened_at = models.DateTimeField()
    first_replied_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    reopens_until = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    last_said_at = models.DateTimeField()
    last_n = models.PositiveIntegerField(default=0)

    objects = TicketManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(requested_severity__in=(1, 2, 3, 4), severity__in=(1, 2, 3, 4)), name="ticket_severity"
            ),
            models.CheckConstraint(condition=Q(state="closed") ^ Q(closing=""), name="closed_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["organization", "-opened_at", "-id"], name="ticket_list"),
            models.Index(fields=["closes_at"], name="ticket_closing", condition=Q(state="solved")),
            models.Index(fields=["id"], name="ticket_untold", condition=Q(told_at=None)),
        ]

    def __str__(self) -> str:
        return self.reference

    def is_over(self) -> bool:
        return self.state in (self.State.SOLVED, self.State.CLOSED)

    def may_reopen(self, at: datetime) -> bool:
        """Solved: always. Closed after a solution: within the policy's days. Withdrawn: never."""
        if self.state == self.State.CLOSED:
            was_solved = self.closing == self.Closing.CONFIRMED
            return was_solved and self.reopens_until is not None and at < self.reopens_until
        return self.state == self.State.SOLVED


class Fact(models.Model):
    """One public event of a ticket, numbered from 1. Append-only.

    `taken_at` alone is written later: the moment when the desk's side had drawn its consequences; the sweep reads
    what it still lacks (DESIGN 5).
    """

    class Kind(models.TextChoices):
        OPENED = "opened"
        """The customer filed it."""
        CUSTOMER_MESSAGE = "customer_message"
        """The customer wrote."""
        PUBLIC_REPLY = "public_reply"
        """A person of the desk answered; it can be read."""
        ASKED = "asked"
        """The desk waits for an answer; clocks that may pause do."""
        ANSWERED = "answered"
        """The customer acted; the clocks run again."""
        SOLVED = "solved"
        """The desk says that it is done."""
        REOPENED = "reopened"
        """It was not done."""
        CLOSED = "closed"
        """Ended."""
        SEVERITY = "severity"
        """The severity in force changed, and with it the targets."""
        CALENDAR = "calendar"
        """The official schedule of dates was published on which a deadline lies; running clocks are measured by it."""
        URGED = "urged"
        """The customer asked for speed (催单)."""
        RATED = "rated"
        """The customer judged the answer."""
        SET_ASIDE = "set_aside"
        """The customer's last word asks for nothing, says the desk; the reason is one of a list, and public."""

    class Aside(models.TextChoices):
        """Why a word asks for nothing. A list, since free words of the desk leave only through the door."""

        THANKS = "thanks", _("You thanked us.")
        """Thanks."""
        WILL_TRY = "will_try", _("You will try it and come back.")
        """Will try tonight."""
        FOR_INFORMATION = "for_information", _("You told us something; nothing was asked.")
        """For information."""

    class Judgement(models.TextChoices):
        """Why the desk confirms a severity."""

        BY_DEFINITION = "by_definition", _("By the definitions of the severities.")
        """The words of the definition decide."""
        WORKAROUND = "workaround", _("There is a way around it.")
        """Work goes on by other means."""
        NOT_PRODUCTION = "not_production", _("Production is not affected.")
        """A test or staging system."""
        RECOVERED = "recovered", _("Production works again.")
        """The worst is over."""
        WIDER = "wider", _("More is affected than it seemed.")
        """The desk raises it."""

    side = Side.PUBLIC
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="facts")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    data = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "n"], name="fact_numbers")]
        indexes = [models.Index(fields=["id"], name="fact_not_taken", condition=Q(taken_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"

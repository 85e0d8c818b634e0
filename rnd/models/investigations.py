"""Investigations of help requests, what R&D says about them to itself, and the findings that go back to the desk."""

from datetime import datetime

from django.db import models

from accounts.models.inside import Seat
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class InvestigationQuerySet(models.QuerySet["Investigation"]):
    def visible_to(self, user: Actor) -> "InvestigationQuerySet":
        """Those of the R&D groups in which this person sits."""
        return self.filter(group_id__in=Seat.objects.filter(user_id=user.pk).values("team_id"))

    def locked(self, reference: str) -> "Investigation":
        """The one with this reference, locked until the transaction ends. Raises Investigation.DoesNotExist."""
        return self.select_for_update(of=("self",)).select_related("request", "group").get(reference=reference)


InvestigationManager = models.Manager.from_queryset(InvestigationQuerySet, class_name="InvestigationManager")


class Investigation(models.Model):
    """R&D's work on one help request, by one group."""

    class State(models.TextChoices):
        OPEN = "open"
        """Waits for somebody of the group, or is being worked on."""
        ANSWERED = "answered"
        """A finding went to the desk."""
        DROPPED = "dropped"
        """The desk withdrew its request."""

    side = Side.RND
    reference = ReferenceField(prefix="V")
    request = models.OneToOneField("desk.HelpRequest", models.PROTECT, related_name="+")
    group = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    taken_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    objects = InvestigationManager()

    def __str__(self) -> str:
        return self.reference

    def used(self, at: datetime) -> int:
        """Percent of the time between the desk's question and its due moment that has passed, 0 to 100."""
        asked_at, due_at = self.request.asked_at, self.request.due_at
        return max(0, min(100, round(100 * ((at - asked_at) / (due_at - asked_at)))))


class Remark(models.Model):
    """What R&D writes to itself about an investigation, with links to defects and commits. Append-only."""

    side = Side.RND
    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="remarks")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"remark on {self.investigation_id}"


class Finding(models.Model):
    """What R&D published to the desk, word for word, with the version that fixes it."""

    side = Side.RND
    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="findings")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()
    workaround = models.TextField(blank=True)
    fixed_in = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"finding of {self.investigation_id}"

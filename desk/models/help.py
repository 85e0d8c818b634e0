"""Help requests: how the desk asks R&D, and what comes back. R&D never sees the ticket (DESIGN 9.1)."""

from django.db import models
from django.db.models import Q

from duty.models.inside import Engineer
from kit.references import ReferenceField
from kit.sides import Side
from kit.verbs import Actor


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def visible_to(self, user: Actor) -> "HelpRequestQuerySet":
        """Requests of the desks at which this person is an engineer."""
        return self.filter(work__desk_id__in=Engineer.objects.filter(user_id=user.pk, is_active=True).values("desk_id"))


HelpRequestManager = models.Manager.from_queryset(HelpRequestQuerySet, class_name="HelpRequestManager")


class HelpRequest(models.Model):
    """A question of the desk to R&D: symptom, environment, what was tried, what is asked, and until when."""

    class State(models.TextChoices):
        OPEN = "open"
        """Asked; R&D has not opened an investigation yet."""
        TAKEN = "taken"
        """R&D investigates."""
        ANSWERED = "answered"
        """The desk has the finding."""
        WITHDRAWN = "withdrawn"
        """Not needed any more."""

    side = Side.DESK
    reference = ReferenceField(prefix="H")
    work = models.ForeignKey("desk.Work", models.PROTECT, related_name="help_requests")
    topic = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    symptom = models.TextField()
    environment = models.TextField(blank=True)
    tried = models.TextField()
    question = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    looked_at = models.DateTimeField(null=True)
    """Since when somebody of R&D works on it; None while nobody has it yet."""

    objects = HelpRequestManager()

    class Meta:
        indexes = [models.Index(fields=["id"], name="help_open", condition=Q(state="open"))]

    def __str__(self) -> str:
        return self.reference


class Answer(models.Model):
    """What R&D tells the desk. Inside words: they reach a customer only as the desk's own, through the door."""

    side = Side.DESK
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="answers")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()
    workaround = models.TextField(blank=True)
    fixed_in = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"answer to {self.request_id}"


class Print(models.Model):
    """The digest of 40 characters that R&D typed about a matter: the door knows a copy without holding the text."""

    side = Side.DESK
    request = models.ForeignKey(HelpRequest, models.PROTECT, related_name="prints")
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "digest"], name="one_print")]

    def __str__(self) -> str:
        return self.digest

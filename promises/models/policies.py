"""Policies as versions: what a plan promises, severity by severity (DESIGN 6)."""

from datetime import datetime

from django.db import models

from kit.sides import Side

SEVERITIES = (1, 2, 3, 4)


class Policy(models.Model):
    """A promise that plans can name by its code. The entitlement carries the code; the ticket pins a version."""

    side = Side.PUBLIC
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.code


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def in_force(self, code: str, at: datetime) -> "PolicyVersionQuerySet":
        """Versions of the policy that have begun, the newest first."""
        return self.filter(policy__code=code, valid_from__lte=at).order_by("-valid_from", "-number")


PolicyVersionManager = models.Manager.from_queryset(PolicyVersionQuerySet, class_name="PolicyVersionManager")


class PolicyVersion(models.Model):
    """The terms of a policy from a moment on; never edited. `pausing` lists the clocks that wait with the customer.

    `opening_starts_next_response`: the filing counts as a word that waits for an answer. A ticket that waits for its
    customer is remembered after `reminds_after_days` working days, and ended so many `ends_waiting_after_days` later.
    `published_by` null: the house itself.
    """

    class OnReopen(models.TextChoices):
        RESUME = "resume"
        """The solution's clock goes on with what was spent."""
        RESTART = "restart"
        """It starts from zero."""

    class OnChange(models.TextChoices):
        RECOMPUTE = "recompute"
        """A change of severity or plan measures the running promise anew from where it began."""
        RESTART = "restart"
        """It is measured from the change."""

    side = Side.PUBLIC
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    pausing = models.JSONField(default=list)
    on_reopen = models.CharField(max_length=8, choices=OnReopen, default=OnReopen.RESUME)
    on_change = models.CharField(max_length=9, choices=OnChange, default=OnChange.RECOMPUTE)
    opening_starts_next_response = models.BooleanField(default=False)
    reminds_after_days = models.PositiveSmallIntegerField(default=3)
    ends_waiting_after_days = models.PositiveSmallIntegerField(default=3)
    published_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    closes_after_days = models.PositiveSmallIntegerField(default=7)
    reopens_within_days = models.PositiveSmallIntegerField(default=30)

    objects = PolicyVersionManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_numbers")]

    def __str__(self) -> str:
        return f"{self.policy_id} version {self.number}"


class Term(models.Model):
    """What one severity is promised: working seconds of `calendar`, null = not promised."""

    side = Side.PUBLIC
    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="terms")
    severity = models.PositiveSmallIntegerField()
    calendar = models.ForeignKey("duty.Calendar", models.PROTECT, related_name="+")
    first_response = models.PositiveIntegerField(null=True)
    next_response = models.PositiveIntegerField(null=True)
    update = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    acknowledge_minutes = models.PositiveSmallIntegerField(default=15)
    clause = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "severity"], name="one_term_a_severity"),
            models.CheckConstraint(condition=models.Q(severity__in=SEVERITIES), name="term_severity"),
        ]

    def __str__(self) -> str:
        return f"S{self.severity} of {self.version_id}"

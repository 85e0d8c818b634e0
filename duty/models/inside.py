"""Who works a desk, and when: engineers with their room, rosters as versions, overrides, absences."""

from datetime import datetime

from django.db import connections, models
from django.db.models import F, Q

from kit.sides import Side
from kit.verbs import Actor


class EngineerQuerySet(models.QuerySet["Engineer"]):
    def visible_to(self, user: Actor) -> "EngineerQuerySet":
        """Colleagues of the same desks; an outside person only for the desks of the own organization."""
        return self.filter(desk__in=Engineer.objects.filter(user_id=user.pk).values("desk"))

    def skipping_lock(self) -> "EngineerQuerySet":
        """Lock what nobody holds and leave out the rest; on SQLite the one write lock already holds everything."""
        can_skip = connections[self.db].features.has_select_for_update_skip_locked
        return self.select_for_update(of=("self",), no_key=True, skip_locked=can_skip)


EngineerManager = models.Manager.from_queryset(EngineerQuerySet, class_name="EngineerManager")


class Engineer(models.Model):
    """A person at a desk, with tier, skills (product slugs), languages, and room.

    `held` = live offers + owned tickets that do not wait for the customer; only an S1 may take the place above `cap`.
    `version` counts every change of what the engineer holds, so that a claim can compare and set.
    """

    side = Side.DESK
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    tier = models.PositiveSmallIntegerField(default=1)
    skills = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    cap = models.PositiveSmallIntegerField(default=3)
    held = models.SmallIntegerField(default=0)
    is_lead = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    idle_since = models.DateTimeField()
    away_until = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = EngineerManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "user"], name="one_engineer_a_desk"),
            models.CheckConstraint(condition=Q(held__gte=0) & Q(held__lte=F("cap") + 1), name="held_within_cap"),
        ]

    def __str__(self) -> str:
        return f"engineer {self.pk}"

    def is_away(self, at: datetime) -> bool:
        return self.away_until is not None and self.away_until > at


class Roster(models.Model):
    """A roster of a desk. Its layers stand in versions, so that the past stays true."""

    class Kind(models.TextChoices):
        WORKING = "working"
        """People are offered whatever the desk has."""
        STANDBY = "standby"
        """People are offered only running promises of the severities named."""

    side = Side.DESK
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORKING)
    standby_for = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "name"], name="one_roster_a_name")]

    def __str__(self) -> str:
        return self.name


class RosterVersion(models.Model):
    """The plan of a roster from a moment on. People are primary keys of engineers.

    `layers`: [{"priority": 1, "people": [..]} or {"priority": 1, "rotation": {"unit", "start", "groups", ...}},
    each with an optional "window": {"days", "start", "end"}]; `holidays`: [{"on", "like_weekday"}]; `fallback`: [..].
    """

    side = Side.DESK
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    timezone = models.CharField(max_length=64)
    layers = models.JSONField()
    holidays = models.JSONField(default=list)
    fallback = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="roster_numbers")]

    def __str__(self) -> str:
        return f"{self.roster_id} version {self.number}"


class Override(models.Model):
    """A change of a roster for a time: somebody comes on, goes off, stands in, or is set alone."""

    class Kind(models.TextChoices):
        ADD = "add"
        """On besides the others."""
        REMOVE = "remove"
        """Off."""
        REPLACE = "replace"
        """On instead of `instead_of`, if that person is on."""
        SET = "set"
        """On alone."""

    side = Side.DESK
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=8, choices=Kind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.ForeignKey(Engineer, models.PROTECT, related_name="+")
    instead_of = models.ForeignKey(Engineer, models.PROTECT, related_name="+", null=True)
    priority = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="override_has_length")]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Absence(models.Model):
    """An engineer is away from every desk."""

    side = Side.DESK
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_has_length")]

    def __str__(self) -> str:
        return f"{self.user_id} away"


class CalendarPublication(models.Model):
    """Who published a version of a calendar, when, and in a line why. What founding the house brought has none."""

    side = Side.DESK
    version = models.OneToOneField("duty.CalendarVersion", models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.version_id} by {self.by_id}"

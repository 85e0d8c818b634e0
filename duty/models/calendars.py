"""Working calendars as versions. A version never changes; an edit makes the next one (DESIGN 6.3)."""

from datetime import datetime

from django.db import models

from kit.sides import Side


class Calendar(models.Model):
    """A working calendar that a contract can name, such as 5x9 in China."""

    side = Side.PUBLIC
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.code


class CalendarVersionQuerySet(models.QuerySet["CalendarVersion"]):
    def in_force(self, at: datetime) -> "CalendarVersionQuerySet":
        """Versions that have begun, the newest first."""
        return self.filter(valid_from__lte=at).order_by("-valid_from", "-number")


CalendarVersionManager = models.Manager.from_queryset(CalendarVersionQuerySet, class_name="CalendarVersionManager")


class CalendarVersion(models.Model):
    """The windows of a calendar from a moment on. `weekly` is {"0": [["09:00", "18:00"]], ...}, 0 = Monday.

    `known_until` is the last date for which the official schedule was published; null = no such schedule is needed.
    `continues` is the version that this one repeats, with dates that were not published then; null for an edit. Who is
    promised by that version follows this one where the deadline lies on such a date, and nowhere else (DESIGN 6.3).
    """

    class HolidayRule(models.TextChoices):
        CALENDAR_DATE = "calendar_date"
        """A holiday closes every instant of its local date."""
        SHIFT_START = "shift_start"
        """A holiday drops the windows that start on it."""

    side = Side.PUBLIC
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    timezone = models.CharField(max_length=64)
    weekly = models.JSONField()
    holiday_rule = models.CharField(max_length=16, choices=HolidayRule, default=HolidayRule.CALENDAR_DATE)
    known_until = models.DateField(null=True)
    continues = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

    objects = CalendarVersionManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_numbers")]

    def __str__(self) -> str:
        return f"{self.calendar_id} version {self.number}"


class CalendarDay(models.Model):
    """One date of a version that differs from the week: closed, with windows of its own, or with a break."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday"
        """Closed by the version's holiday rule."""
        OVERRIDE = "override"
        """`windows` replace the week's, such as an adjusted working weekend (调休)."""
        BREAK = "break"
        """`windows` are closed pieces of the date."""

    side = Side.PUBLIC
    version = models.ForeignKey(CalendarVersion, models.PROTECT, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    windows = models.JSONField(default=list)
    name = models.CharField(max_length=80, blank=True)
    name_zh = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "on", "kind"], name="one_day_a_kind")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"

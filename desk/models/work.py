"""Work: the inside row beside each ticket, narrow and hot; and what its promises set off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duty.models.inside import Engineer
from kit.sides import Side
from kit.verbs import Actor, Refused

BACK_IN_FRONT = timedelta(hours=8)
"""So long a broken promise stands behind those that can still be kept (DESIGN 8.2)."""


class WrongMove(Refused):
    """The work is not in a state in which this can be done."""

    def __init__(self, work: "Work", *wanted: str) -> None:
        self.work, self.wanted = work, wanted
        super().__init__(
            _("This ticket is %(state)s now. Somebody else may have acted; look again.")
            % {"state": Work.State(work.state).label}
        )


class WorkQuerySet(models.QuerySet["Work"]):
    def visible_to(self, user: Actor) -> "WorkQuerySet":
        """The work of the desks at which this person is an engineer."""
        return self.filter(desk_id__in=Engineer.objects.filter(user_id=user.pk, is_active=True).values("desk_id"))

    def locked(self, reference: str) -> "Work":
        """The one work of the ticket `reference`, locked until the transaction ends. Raises Work.DoesNotExist."""
        return self.waiting_lock().select_related("ticket", "desk").get(ticket__reference=reference)

    def waiting_lock(self) -> "WorkQuerySet":
        """Lock; wait for whoever holds it. `no_key`, so that a note by somebody else does not wait for us."""
        return self.select_for_update(of=("self",), no_key=True)

    def skipping_lock(self) -> "WorkQuerySet":
        """Lock what nobody holds and leave out the rest; on SQLite the one write lock already holds everything."""
        can_skip = connections[self.db].features.has_select_for_update_skip_locked
        return self.select_for_update(of=("self",), no_key=True, skip_locked=can_skip)

    def taken_hold_of(self, tickets: Sequence[int], at: datetime) -> "list[Work]":
        """The work of each of these tickets, locked in the order of tickets, and made where there was none.

        A work of version 0 was made just now, as the public rows stood then. Two who come at once get the same one.
        """
        if not tickets:
            return []
        marks = ", ".join(["%s"] * len(tickets))
        works = self.raw(TAKE_HOLD.format(marks), [at, *tickets])
        return sorted(works, key=lambda work: work.ticket_id)

    def unfinished(self) -> "WorkQuerySet":
        return self.exclude(state=Work.State.DONE)

    def in_pool(self) -> "WorkQuerySet":
        return self.filter(state=Work.State.POOL)

    def by_urgency(self, at: datetime) -> "WorkQuerySet":
        """The order of `routing.urgency`: what can be kept and what was broken long ago, then broken, then the rest."""
        return self.annotate(
            moment=Coalesce("broken_at", "due_at"),
            place=Case(
                When(moment=None, then=2), When(moment__gt=at, then=0), When(moment__lte=at - BACK_IN_FRONT, then=0),
                default=1,
            ),
        ).order_by(
            "place", F("moment").asc(nulls_last=True), "severity", "waiting_since", "ticket__reference"
        )  # fmt: skip


TAKE_HOLD = """
INSERT INTO desk_work (
    ticket_id, desk_id, state, refused_by, severity, tier, skill, language, due_at, due_kind, broken_at,
    waiting_since, version, changed_at
)
SELECT ticket.id, ticket.desk_id, 'pool', '[]', ticket.severity, 1, product.slug, ticket.language,
    (SELECT min(due_at) FROM tickets_clock WHERE ticket_id = ticket.id),
    coalesce((
        SELECT kind FROM tickets_clock WHERE ticket_id = ticket.id AND due_at IS NOT NULL ORDER BY due_at, id LIMIT 1
    ), ''),
    (SELECT min(broken_at) FROM tickets_clock WHERE ticket_id = ticket.id AND due_at IS NOT NULL),
    ticket.opened_at, 0, %s
FROM tickets_ticket ticket
JOIN tickets_category category ON category.id = ticket.category_id
JOIN assets_product product ON product.id = category.product_id
WHERE ticket.id IN ({})
ORDER BY ticket.id
ON CONFLICT (ticket_id) DO UPDATE SET version = desk_work.version + 1
RETURNING *
"""
"""Find or make, and lock: what would be four statements for every ticket that comes."""

WorkManager = models.Manager.from_queryset(WorkQuerySet, class_name="WorkManager")


class Work(models.Model):
    """What a desk does about one ticket. `due_at`, `severity` and `language` are copies of public facts, for order.

    `engineer` is who was offered it or owns it; `handled_by` who had this matter last.
    """

    class State(models.TextChoices):
        POOL = "pool", gettext_lazy("in the pool")
        """Waits in the desk's pool for somebody with room."""
        OFFERED = "offered", gettext_lazy("offered")
        """One engineer was asked and has not yet acknowledged."""
        OWNED = "owned", gettext_lazy("owned")
        """One engineer works on it."""
        WAITING = "waiting", gettext_lazy("waiting for the customer")
        """Owned; it is the customer's turn, so it takes no room."""
        DONE = "done", gettext_lazy("done")
        """Solved or closed."""

    side = Side.DESK
    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="+")
    desk = models.ForeignKey("duty.Desk", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.POOL)
    engineer = models.ForeignKey("duty.Engineer", models.PROTECT, related_name="+", null=True)
    handled_by = models.ForeignKey("duty.Engineer", models.PROTECT, related_name="+", null=True)
    refused_by = models.JSONField(default=list)
    severity = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField(default=1)
    skill = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, blank=True)
    due_at = models.DateTimeField(null=True)
    due_kind = models.CharField(max_length=16, blank=True)
    broken_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField()
    gap_told_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects = WorkManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("offered", "owned", "waiting"), engineer__isnull=False)
                | Q(state__in=("pool", "done"), engineer=None),
                name="work_has_its_engineer",
            )
        ]
        indexes = [
            models.Index(fields=["desk", "due_at", "id"], name="work_open", condition=~Q(state="done")),
            models.Index(
                "desk", Coalesce("broken_at", "due_at"), "severity", "waiting_since", name="work_by_moment",
                condition=~Q(state="done"),
            ),
            models.Index(fields=["desk", "severity", "due_at", "id"], name="work_pool", condition=Q(state="pool")),
            models.Index(fields=["desk", "-changed_at"], name="work_changed"),
            models.Index(fields=["engineer"], name="work_held", condition=Q(engineer__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"work on {self.ticket_id}"

    def require(self, *states: str) -> None:
        """Raise WrongMove unless the state is one of `states`."""
        if self.state not in states:
            raise WrongMove(self, *states)

    def change(self, at: datetime, **fields: Any) -> None:
        """Set `fields`, count the version up for live pages, and save just these columns."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.version += 1
        self.changed_at = at
        self.save(update_fields=[*fields, "version", "changed_at"])


class Firing(models.Model):
    """One threshold of one clock's cycle that was passed. Unique, so nothing fires twice, however many workers."""

    side = Side.DESK
    work = models.ForeignKey(Work, models.PROTECT, related_name="firings")
    clock = models.CharField(max_length=16)
    cycle = models.PositiveIntegerField()
    threshold = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["work", "clock", "cycle", "threshold"], name="fires_once"),
            models.CheckConstraint(condition=Q(fired_at__gte=F("due_at")), name="never_fires_early"),
        ]

    def __str__(self) -> str:
        return f"{self.threshold} % of {self.clock}"

"""The wallboard: how the desks of the house stand at this moment, for those who manage duty.

One picture of a fixed size, whatever waits: counts come from the database, rows only for what is nearest to its
deadline, most overdue, or waiting for a person to act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Max, Q, When

from desk.models import HelpRequest, Note, Offer, Work
from duty import businesstime, coverage, hours
from duty.models import Desk
from duty.models.inside import Engineer
from kit.templatetags.look import named
from tickets.models import Clock

NEAREST = 120
"""Tickets in the picture of slack: what is over, and what is due first."""
LISTED = 6
"""Lines in the list of broken promises and those at risk; a count tells of the rest."""
WAITING_LISTED = 3
"""Lines of each kind of thing that waits for a person; together they fit the panel."""
URGED_WITHIN = timedelta(hours=8)
REFRESH = 15
"""Seconds after which the picture is drawn again though no ticket changed: duty, countdowns."""
AT_RISK = 75
"""Percent of a promise used, from which it is at risk."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One ticket whose promise runs. `slack` is working time left in seconds; below zero, real time over."""

    reference: str
    subject: str
    organization: str
    severity: int
    kind: str
    due_at: datetime
    slack: int
    used: int
    holder: str
    state: str

    @property
    def is_over(self) -> bool:
        return self.slack < 0

    @property
    def is_at_risk(self) -> bool:
        return not self.is_over and self.used >= AT_RISK


@dataclass(frozen=True, slots=True)
class Load:
    """What one engineer holds. Blocks: S1, others, offered, free."""

    name: str
    is_on: bool
    is_away: bool
    s1: int
    held: int
    offered: int
    free: int
    cap: int

    @property
    def taken(self) -> int:
        return self.s1 + self.held + self.offered


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for a person: a ticket in the pool, an offer, an urge, a help request."""

    reference: str
    title: str
    severity: int
    who: str
    at: datetime
    """Until when, or since when for an urge and in the pool."""
    is_gap: bool = False
    """Nobody is on duty at its desk."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures over everything, not only over what is drawn."""

    open: int
    running: int
    within_hour: int
    broken: int
    pool: int
    severities: tuple[int, int, int, int]
    offers: int
    urges: int
    help: int


@dataclass(frozen=True, slots=True)
class Wallboard:
    """The picture."""

    at: datetime
    version: str
    desks: tuple[coverage.DeskNow, ...]
    marks: tuple[Mark, ...]
    counts: Counts
    loads: tuple[Load, ...]
    pool: tuple[Waits, ...]
    offers: tuple[Waits, ...]
    urges: tuple[Waits, ...]
    help: tuple[Waits, ...]

    @property
    def next_up(self) -> Mark | None:
        """The nearest promise that can still be kept."""
        return next((mark for mark in self.marks if not mark.is_over), None)

    @property
    def broken(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.is_over)

    @property
    def at_risk(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.is_at_risk)

    @property
    def worst(self) -> tuple[Mark, ...]:
        """Broken promises, then those at risk; no longer than a list may be."""
        return (*self.broken, *self.at_risk)[:LISTED]

    @property
    def unlisted(self) -> int:
        """How many more are broken or at risk."""
        return self.counts.broken + len(self.at_risk) - len(self.worst)

    @property
    def first_gap(self) -> coverage.Gap | None:
        return min((gap for desk in self.desks for gap in desk.gaps), key=lambda gap: gap.starts_at, default=None)

    @property
    def on_duty(self) -> int:
        return sum(load.is_on for load in self.loads)

    @property
    def away(self) -> int:
        return sum(load.is_on and load.is_away for load in self.loads)

    @property
    def free(self) -> int:
        return sum(load.free for load in self.loads if load.is_on and not load.is_away)


def version(at: datetime) -> str:
    """Changes with every ticket and help request, and every REFRESH seconds. Two indexed reads."""
    changed = Work.objects.aggregate(last=Max("changed_at"))["last"]
    asked = HelpRequest.objects.aggregate(last=Max("pk"))["last"]
    return f"{changed.timestamp() if changed else 0:.6f}-{asked or 0}-{int(at.timestamp()) // REFRESH}"


def show(*, at: datetime) -> Wallboard:
    """The picture of all desks of the house. Ten statements, and five for each desk."""
    desks = list(Desk.objects.filter(owner__is_house=True).order_by("pk"))
    covers = tuple(coverage.show(desk, at=at) for desk in desks)
    engineers = list(
        Engineer.objects.filter(desk__in=desks, is_active=True, cap__gt=0)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    is_on = {one.engineer_pk for cover in covers for one in cover.on}
    offers, urges, asked = _offers(desks), _urges(desks, at), _help(desks)
    return Wallboard(
        at=at,
        version=version(at),
        desks=covers,
        marks=_marks(desks, at),
        counts=_counts(desks, at, offers=len(offers), urges=len(urges), help=len(asked)),
        loads=_loads(engineers, is_on, at),
        pool=_pool(desks, covers),
        offers=offers[:WAITING_LISTED],
        urges=urges[:WAITING_LISTED],
        help=asked[:WAITING_LISTED],
    )


def _marks(desks: Sequence[Desk], at: datetime) -> tuple[Mark, ...]:
    works = list(
        Work.objects.unfinished()
        .filter(desk__in=desks, due_at__isnull=False)
        .select_related("ticket__organization", "engineer__user")
        .order_by("due_at", "pk")[:NEAREST]
    )
    clocks = Clock.objects.filter(ticket_id__in=[work.ticket_id for work in works])
    targets = {(pk, kind): target for pk, kind, target in clocks.values_list("ticket_id", "kind", "target")}
    return tuple(_mark(work, targets.get((work.ticket_id, work.due_kind)) or 0, at) for work in works)


def _mark(work: Work, target: int, at: datetime) -> Mark:
    ticket, due_at = work.ticket, work.due_at or at
    slack = _slack(ticket.calendar_version_id, due_at, at)
    used = 100 if slack < 0 or not target else round(100 * max(0, target - slack) / target)
    return Mark(
        reference=ticket.reference, subject=ticket.subject, organization=named(ticket.organization),
        severity=work.severity, kind=work.due_kind, due_at=due_at, slack=slack, used=used,
        holder=work.engineer.user.name if work.engineer else "", state=work.state,
    )  # fmt: skip


def _slack(calendar_version: int | None, due_at: datetime, at: datetime) -> int:
    if due_at <= at or calendar_version is None:
        return int((due_at - at).total_seconds())
    return businesstime.between(hours.compiled(calendar_version), at, due_at)


def _counts(desks: Sequence[Desk], at: datetime, **listed: int) -> Counts:
    runs = Q(due_at__isnull=False)
    found = (
        Work.objects.unfinished()
        .filter(desk__in=desks)
        .aggregate(
            open=Count("pk"),
            running=Count("pk", filter=runs & Q(due_at__gt=at)),
            within_hour=Count("pk", filter=Q(due_at__gt=at, due_at__lte=at + timedelta(hours=1))),
            broken=Count("pk", filter=runs & Q(due_at__lte=at)),
            pool=Count("pk", filter=Q(state=Work.State.POOL)),
            s1=Count("pk", filter=Q(severity=1)),
            s2=Count("pk", filter=Q(severity=2)),
            s3=Count("pk", filter=Q(severity=3)),
            s4=Count("pk", filter=Q(severity=4)),
        )
    )
    severities = (found.pop("s1"), found.pop("s2"), found.pop("s3"), found.pop("s4"))
    return Counts(severities=severities, **found, **listed)


def _loads(engineers: Sequence[Engineer], is_on: set[int], at: datetime) -> tuple[Load, ...]:
    """Those on duty first."""
    held: dict[tuple[int, str, bool], int] = {}
    rows = Work.objects.filter(engineer__in=engineers, state__in=(Work.State.OFFERED, Work.State.OWNED)).order_by()
    for pk, state, severity, count in rows.values_list("engineer_id", "state", "severity").annotate(n=Count("pk")):
        key = (pk, state, severity == 1)
        held[key] = held.get(key, 0) + count
    loads = []
    for one in engineers:
        offered = held.get((one.pk, Work.State.OFFERED, True), 0) + held.get((one.pk, Work.State.OFFERED, False), 0)
        s1, others = held.get((one.pk, Work.State.OWNED, True), 0), held.get((one.pk, Work.State.OWNED, False), 0)
        loads.append(
            Load(
                name=one.user.name, is_on=one.pk in is_on, is_away=one.is_away(at), s1=s1, held=others,
                offered=offered, free=max(0, one.cap - s1 - others - offered), cap=one.cap,
            )
        )  # fmt: skip
    return tuple(sorted(loads, key=lambda load: not load.is_on))


def _pool(desks: Sequence[Desk], covers: Sequence[coverage.DeskNow]) -> tuple[Waits, ...]:
    """What nobody was asked about, the worst first: S1 before others, then where nobody is on duty."""
    empty = [desk.pk for desk, cover in zip(desks, covers, strict=True) if cover.is_gap]
    works = (
        Work.objects.in_pool()
        .filter(desk__in=desks)
        .select_related("ticket__organization")
        .order_by(
            "severity", Case(When(desk__in=empty, then=0), default=1), F("due_at").asc(nulls_last=True), "pk"
        )[:WAITING_LISTED]
    )  # fmt: skip
    return tuple(
        Waits(
            reference=work.ticket.reference, title=work.ticket.subject, severity=work.severity,
            who=named(work.ticket.organization), at=work.waiting_since, is_gap=work.desk_id in empty,
        )
        for work in works
    )  # fmt: skip


def _offers(desks: Sequence[Desk]) -> tuple[Waits, ...]:
    """Every live offer: there is at most one an engineer."""
    live = Offer.objects.filter(work__desk__in=desks, state=Offer.State.LIVE)
    return tuple(
        Waits(
            reference=offer.work.ticket.reference, title=offer.work.ticket.subject, severity=offer.work.severity,
            who=offer.engineer.user.name, at=offer.acknowledge_by,
        )
        for offer in live.select_related("work__ticket", "engineer__user").order_by("acknowledge_by", "pk")
    )  # fmt: skip


def _urges(desks: Sequence[Desk], at: datetime) -> tuple[Waits, ...]:
    """Open tickets whose customers asked for speed within the last hours, the newest first, each once."""
    notes = (
        Note.objects.filter(kind=Note.Kind.URGED, at__gt=at - URGED_WITHIN, work__desk__in=desks)
        .exclude(work__state=Work.State.DONE)
        .select_related("work__ticket__organization")
        .order_by("-at", "-pk")
    )
    urged = {
        note.work.ticket.reference: Waits(
            reference=note.work.ticket.reference, title=note.work.ticket.subject, severity=note.work.severity,
            who=named(note.work.ticket.organization), at=note.at,
        )
        for note in reversed(notes)
    }  # fmt: skip
    return tuple(reversed(urged.values()))


def _help(desks: Sequence[Desk]) -> tuple[Waits, ...]:
    asked = HelpRequest.objects.filter(
        work__desk__in=desks, state__in=(HelpRequest.State.OPEN, HelpRequest.State.TAKEN)
    )
    return tuple(
        Waits(
            reference=request.reference, title=request.title, severity=request.severity, who=request.asked_by.name,
            at=request.due_at,
        )
        for request in asked.select_related("asked_by").order_by("due_at", "pk")
    )  # fmt: skip

"""The ticket's page: everything that its customer may know of it, in the reader's language and zone."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from accounts.disclosure import Viewer
from accounts.models import Membership
from duty.models import Desk
from kit.projection import projection
from kit.words import for_reader
from tickets import story, transitions
from tickets.disclosure.clocks import ClockView, clock_views, next_of
from tickets.disclosure.status import SEVERITIES, Status, public_status
from tickets.disclosure.talk import FactLine, MessageLine, talk_of
from tickets.models import Clock, Fact, Rating, Ticket
from tickets.models.tickets import URGE_EVERY


@projection
class AssetView:
    """The cluster that it concerns."""

    reference: str
    name: str
    product: str
    version: str
    kubernetes: str
    nodes: int
    location: str


@projection
class PlanView:
    """The entitlement under which it was opened."""

    reference: str
    name: str
    ends_at: datetime
    contacts: int


@projection
class Moves:
    """What this reader may do now."""

    may_answer: bool
    may_reopen: bool
    may_urge: bool
    urge_again_at: datetime | None
    raise_to: tuple[int, ...]
    may_withdraw: bool
    may_close: bool
    may_rate: bool


@projection
class RatingView:
    score: int
    comment: str


@projection
class TicketPage:
    """A ticket as its customer sees it. `turn`: ours, yours, solved or closed; `version` changes with any of it.

    `start` and `earlier` as in `Talk`.
    """

    reference: str
    subject: str
    version: str
    status: str
    status_words: str
    turn: str
    severity: int
    severity_name: str
    is_requested: bool
    is_unsettled: bool
    has_promise: bool
    organization: str
    category: str
    persona: str
    opened_at: datetime
    last_said_at: datetime
    closes_at: datetime | None
    closing: str
    clocks: tuple[ClockView, ...]
    deadline: ClockView | None
    question: MessageLine | None
    talk: tuple[MessageLine | FactLine, ...]
    start: int
    earlier: int | None
    asset: AssetView | None
    plan: PlanView | None
    rating: RatingView | None
    moves: Moves


def page_version(viewer: Viewer, reference: str, at: datetime) -> str:
    """What the page at `at` would carry as its version: one indexed read. Raises Ticket.DoesNotExist."""
    late = Clock.objects.filter(ticket=OuterRef("pk"), due_at__lte=at)
    row = Ticket.objects.visible_to(viewer).annotate(is_late=Exists(late))
    last_n, is_late = row.values_list("last_n", "is_late").get(reference=reference)
    return _version(last_n, is_late)


def ticket_page(reference: str, viewer: Viewer, *, at: datetime, start: int | None = None) -> TicketPage:
    """The whole page in five or six queries; of the talk the newest, or all from `start` on.

    Raises Ticket.DoesNotExist for a foreign ticket as for a missing one.
    """
    rows = Ticket.objects.visible_to(viewer).select_related(
        "organization", "desk", "asset__product", "entitlement", "category", "rating"
    )
    row = rows.annotate(role=F("organization__memberships__role")).get(reference=reference)
    facts = list(story.facts_of([row.pk]))
    clocks = clock_views(facts, row.severity, at, is_over=row.is_over())
    status = public_status(row.state, row.first_replied_at)
    talk = talk_of(row, facts, clocks, viewer, start=start)
    return TicketPage(
        reference=row.reference, subject=row.subject,
        version=_version(row.last_n, any(one.is_running and one.is_broken for one in clocks)),
        status=status.value, status_words=str(status.label), turn=_turn(status), severity=row.severity,
        severity_name=str(SEVERITIES[row.severity][0]), is_requested=not row.is_confirmed,
        is_unsettled=row.is_unsettled, has_promise=any(not one.is_endless for one in clocks),
        organization=for_reader(row.organization.name, row.organization.name_zh),
        category=for_reader(row.category.name, row.category.name_zh), persona=_persona(row.desk),
        opened_at=row.opened_at, last_said_at=row.last_said_at, closes_at=row.closes_at, closing=row.closing,
        clocks=clocks, deadline=next_of(clocks), talk=talk.lines, start=talk.start,
        earlier=talk.earlier, question=talk.question if status == Status.WAITING_FOR_YOU else None,
        asset=_asset(row), plan=_plan(row), rating=_rating(row), moves=_moves(row, facts, at),
    )  # fmt: skip


def _version(last_n: int, is_late: bool) -> str:
    return f"{last_n}{'b' if is_late else ''}"


def _turn(status: Status) -> str:
    return {Status.WAITING_FOR_YOU: "yours", Status.SOLVED: "solved", Status.CLOSED: "closed"}.get(status, "ours")


def _persona(desk: Desk) -> str:
    return for_reader(desk.persona, desk.persona_zh)


def _asset(row: Ticket) -> AssetView | None:
    asset = row.asset
    if asset is None:
        return None
    return AssetView(
        reference=asset.reference, name=asset.name, product=asset.product.name, version=asset.version,
        kubernetes=asset.kubernetes, nodes=asset.nodes, location=asset.location,
    )  # fmt: skip


def _plan(row: Ticket) -> PlanView | None:
    plan = row.entitlement
    if plan is None:
        return None
    return PlanView(
        reference=plan.reference, name=for_reader(plan.name, plan.name_zh), ends_at=plan.ends_at, contacts=plan.contacts
    )


def _rating(row: Ticket) -> RatingView | None:
    try:
        return RatingView(score=row.rating.score, comment=row.rating.comment)
    except Rating.DoesNotExist:
        return None


def _moves(row: Ticket, facts: Sequence[Fact], at: datetime) -> Moves:
    """What the state and the reader's role allow; the verbs ask again."""
    may_write = row.role in Membership.ASKING  # type: ignore[attr-defined]
    urged = next((fact.at for fact in reversed(facts) if fact.kind == Fact.Kind.URGED), None)
    again_at = urged + URGE_EVERY if urged and at < urged + URGE_EVERY else None

    def allows(kind: str) -> bool:
        return bool(may_write and transitions.allows(row.state, kind))

    return Moves(
        may_answer=allows(Fact.Kind.CUSTOMER_MESSAGE), may_reopen=bool(may_write and row.may_reopen(at)),
        may_urge=allows(Fact.Kind.URGED), urge_again_at=again_at,
        raise_to=tuple(range(1, row.severity)) if allows(Fact.Kind.SEVERITY) else (),
        may_withdraw=allows(Fact.Kind.CLOSED) and not row.is_over(),
        may_close=allows(Fact.Kind.CLOSED), may_rate=allows(Fact.Kind.RATED),
    )  # fmt: skip

"""Tickets side by side: the list, what is open on the first page, and what may be used."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.disclosure import Viewer
from billing.models import Entitlement, Quota
from duty import hours
from kit.projection import projection
from kit.words import for_reader
from promises.disclosure import CLOCK_NAMES, Countdown, PromiseRow, countdown, promise_table
from tickets.disclosure.status import Status, public_status
from tickets.models import Clock, Ticket
from tickets.models.tickets import TicketQuerySet

PAGE = 50
OPEN_SHOWN = 12


@projection
class TicketCard:
    """A ticket as one line. `deadline` is the next one of its running clocks; `deadline_name` says of which."""

    reference: str
    subject: str
    severity: int
    is_requested: bool
    status: str
    status_words: str
    is_yours: bool
    organization: str
    asset: str
    opened_at: datetime
    last_said_at: datetime
    deadline: Countdown | None
    deadline_name: str
    is_paused: bool


@projection
class TicketShelf:
    """A page of the list, newest first; `older` is where the next one begins, or empty."""

    cards: tuple[TicketCard, ...]
    older: str


@projection
class Entitled:
    """What was bought and how much of it is used; `granted` is None where tickets are not counted out."""

    reference: str
    name: str
    organization: str
    ends_at: datetime
    used: int
    granted: int | None
    contacts: int
    promises: tuple[PromiseRow, ...]


def ticket_list(viewer: Viewer, *, at: datetime, before: str | None = None, status: str = "") -> TicketShelf:
    """The reader's tickets, newest first, from the ticket before `before` on. A foreign `before` is as none."""
    rows = _with_status(_of(viewer), status)
    if before:
        edge = Ticket.objects.visible_to(viewer).filter(reference=before).values_list("opened_at", "pk").first()
        if edge:
            rows = rows.filter(Q(opened_at__lt=edge[0]) | Q(opened_at=edge[0], pk__lt=edge[1]))
    page = list(rows.newest_first()[: PAGE + 1])
    cards = tuple(_card(row, at) for row in page[:PAGE])
    return TicketShelf(cards=cards, older=cards[-1].reference if len(page) > PAGE else "")


def open_tickets(viewer: Viewer, *, at: datetime) -> tuple[TicketCard, ...]:
    """What is not over: what waits for the reader first, then by the next deadline, then the rest."""
    rows = _of(viewer).filter(state__in=(Ticket.State.OPEN, Ticket.State.WAITING)).newest_first()
    cards = [_card(row, at) for row in rows[: PAGE * 2]]
    far = datetime.max.replace(tzinfo=at.tzinfo)
    cards.sort(key=lambda card: (not card.is_yours, card.deadline.due_at if card.deadline else far))
    return tuple(cards)


def entitlements(viewer: Viewer, *, at: datetime) -> tuple[Entitled, ...]:
    """What the reader's organizations may use now, with its promises and its use."""
    rows = Entitlement.objects.visible_to(viewer).in_force(at).select_related("organization")
    rows = rows.prefetch_related("quotas").order_by("organization__name", "-ends_at")
    return tuple(_entitled(row, at) for row in rows)


def _of(viewer: Viewer) -> TicketQuerySet:
    rows = Ticket.objects.visible_to(viewer).select_related("organization", "asset")
    return rows.prefetch_related("clocks")


def _with_status(rows: TicketQuerySet, status: str) -> TicketQuerySet:
    if status == "open":
        return rows.filter(state__in=(Ticket.State.OPEN, Ticket.State.WAITING))
    if status == "over":
        return rows.filter(state__in=(Ticket.State.SOLVED, Ticket.State.CLOSED))
    return rows


def _card(row: Ticket, at: datetime) -> TicketCard:
    status = public_status(row.state, row.first_replied_at)
    running = [clock for clock in row.clocks.all() if clock.due_at]
    first = min(running, key=lambda clock: clock.due_at, default=None)  # type: ignore[arg-type,return-value]
    return TicketCard(
        reference=row.reference, subject=row.subject, severity=row.severity, is_requested=not row.is_confirmed,
        status=status.value, status_words=str(status.label), is_yours=status == Status.WAITING_FOR_YOU,
        organization=for_reader(row.organization.name, row.organization.name_zh),
        asset=row.asset.name if row.asset else "", opened_at=row.opened_at, last_said_at=row.last_said_at,
        deadline=_deadline(row, first, at) if first else None,
        deadline_name=str(CLOCK_NAMES[first.kind]) if first else "",  # type: ignore[index]
        is_paused=status == Status.WAITING_FOR_YOU and bool(row.clocks.all()),
    )  # fmt: skip


def _deadline(row: Ticket, clock: Clock, at: datetime) -> Countdown | None:
    if clock.due_at is None or row.calendar_version_id is None:
        return None
    calendar = hours.compiled(row.calendar_version_id)
    return countdown(calendar, clock.target or 0, clock.due_at, at, provisional=clock.is_provisional)


def _entitled(row: Entitlement, at: datetime) -> Entitled:
    quotas: Iterable[Any] = row.quotas.all()
    quota = next((one for one in quotas if one.unit == Quota.Unit.TICKETS), None)
    return Entitled(
        reference=row.reference, name=for_reader(row.name, row.name_zh),
        organization=for_reader(row.organization.name, row.organization.name_zh), ends_at=row.ends_at,
        used=quota.used if quota else 0, granted=quota.granted if quota else None, contacts=row.contacts,
        promises=promise_table(row.policy, at),
    )  # fmt: skip

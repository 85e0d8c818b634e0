"""The board of receivables: what customers owe, what they say is on its way, and since when. For finance only."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, ProviderEvent, Transfer
from billing.models.inside import Confirmation
from billing.models.invoices import InvoiceQuerySet
from kit.words import for_reader

SHOWN = 200
"""So many open invoices on one page; all are counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """An open invoice. `waiting` is the transfer that its customer announced; `days_over` is 0 or less in time."""

    invoice: Invoice
    waiting: Transfer | None
    days_over: int

    @property
    def customer(self) -> str:
        return for_reader(self.invoice.customer.name, self.invoice.customer.name_zh)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one age."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Announced transfers first, then what is open by age. `open` sums per currency over all, shown or not."""

    groups: tuple[Group, ...]
    open: tuple[tuple[str, int], ...]
    overdue: tuple[tuple[str, int], ...]
    announced: int
    count: int


AGES = ((60, _("More than 60 days late")), (30, _("31 to 60 days late")), (0, _("1 to 30 days late")))
NOT_DUE, PAID = _("Not due yet"), _("Paid")
ANNOUNCED = _("Announced: look for them on the statement")


def receivables(*, at: datetime, q: str = "") -> Board:
    """Open invoices of all customers, or whatever `q` finds, paid ones too.

    `q` is a reference, a number, or part of a customer's or payer's name.
    """
    unpaid = Invoice.objects.unpaid()
    today = at.date()
    overdue = unpaid.filter(due_on__lt=today)
    found = Invoice.objects.filter(_matches(q)) if q else unpaid
    rows = found.select_related("customer", "seller").prefetch_related("transfers").distinct()
    listed = [_row(invoice, at) for invoice in rows.order_by("due_on", "pk")[:SHOWN]]
    return Board(
        groups=tuple(_groups(listed)),
        open=_by_currency(unpaid),
        overdue=_by_currency(overdue),
        announced=Transfer.objects.filter(state=Transfer.State.ANNOUNCED).count(),
        count=found.distinct().count(),
    )


def decisions(invoice: Invoice) -> list[Confirmation]:
    """Who decided on the transfers of an invoice, in the order of the transfers."""
    rows = Confirmation.objects.filter(transfer__invoice=invoice).select_related("transfer", "by")
    return list(rows.order_by("transfer_id"))


def _matches(q: str) -> Q:
    words = q.strip()
    return (
        Q(number__icontains=words)
        | Q(reference__iexact=words)
        | Q(source__iexact=f"order:{words}")
        | Q(transfers__reference__iexact=words)
        | Q(transfers__payer__icontains=words)
        | Q(customer__name__icontains=words)
        | Q(customer__name_zh__icontains=words)
    )


def _row(invoice: Invoice, at: datetime) -> Row:
    waiting = next((row for row in invoice.transfers.all() if row.state == Transfer.State.ANNOUNCED), None)
    today = at.astimezone(ZoneInfo(invoice.seller.timezone)).date()
    return Row(invoice, waiting, (today - invoice.due_on).days)


def _groups(rows: list[Row]) -> list[Group]:
    """Each row once: announced ones by how long they wait, the others by age, the oldest first."""
    announced = sorted((row for row in rows if row.waiting), key=lambda row: row.waiting.pk if row.waiting else 0)
    groups = [Group(str(ANNOUNCED), tuple(announced))]
    others = [row for row in rows if not row.waiting and row.invoice.open]
    for days, title in AGES:
        groups.append(Group(str(title), tuple(row for row in others if row.days_over > days)))
        others = [row for row in others if row.days_over <= days]
    groups.append(Group(str(NOT_DUE), tuple(others)))
    groups.append(Group(str(PAID), tuple(row for row in rows if not row.waiting and not row.invoice.open)))
    return [group for group in groups if group.rows]


def _by_currency(rows: InvoiceQuerySet) -> tuple[tuple[str, int], ...]:
    sums = rows.values("currency").order_by("currency").annotate(sum=Sum("gross") - Sum("paid"))
    return tuple((row["currency"], row["sum"]) for row in sums)


def stuck_events() -> list[ProviderEvent]:
    """What card companies told and our books do not know: given up first, then parked, the newest of each."""
    stuck = ProviderEvent.objects.filter(state__in=(ProviderEvent.State.DEAD, ProviderEvent.State.PARKED))
    return list(stuck.defer("body").order_by("state", "-pk")[:SHOWN])

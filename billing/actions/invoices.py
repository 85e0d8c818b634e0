"""Verbs on invoices: issued with a number without gaps, settled once they are paid in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization, User
from billing import disclosure, ledger, money, postings
from billing.actions import entitlements
from billing.models import BankAccount, Invoice, InvoiceLine, Series
from billing.signals import invoice_paid
from kit.verbs import Refused, verb
from notifications.actions import notices


class NoBankAccount(Refused):
    """The seller takes no transfers in this currency."""

    def __init__(self, seller: Organization, currency: str) -> None:
        self.seller, self.currency = seller, currency
        super().__init__(
            _("%(seller)s has no account for transfers in %(currency)s.")
            % {"seller": seller.name, "currency": currency}
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an invoice to be: words in both languages, how many, and the tax-free amount of all of them."""

    text: str
    net: int
    text_zh: str = ""
    quantity: int = 1


@verb
def issue(
    *, seller: Organization, customer: Organization, source: str, currency: str, lines: Sequence[Item], tax_bps: int,
    at: datetime, due_on: date, terms: Mapping[str, Any],
) -> Invoice:  # fmt: skip
    """Number, write and book an invoice, and tell whoever buys for the customer.

    `terms` is the snapshot from which the entitlement is granted once it is paid; empty when nothing begins.
    A source is invoiced once: the second call returns the first invoice. Raises NoBankAccount.
    """
    if standing := Invoice.objects.filter(source=source).first():
        return standing
    if not BankAccount.objects.filter(owner=seller, currency=currency).exists():
        raise NoBankAccount(seller, currency)
    tax, taxes = money.tax_exclusive([line.net for line in lines], tax_bps)
    net = sum(line.net for line in lines)
    invoice = Invoice.objects.create(
        number=_next_number(seller, at), seller=seller, customer=customer, source=source, currency=currency,
        net=net, tax_bps=tax_bps, tax=tax, gross=net + tax, issued_at=at, due_on=due_on, terms=dict(terms),
    )  # fmt: skip
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice, n=n, text=line.text, text_zh=line.text_zh, quantity=line.quantity, net=line.net, tax=part
        )
        for n, (line, part) in enumerate(zip(lines, taxes, strict=True), 1)
    )  # fmt: skip
    ledger.post(_issued(invoice), at=at)
    notices.tell(buyers(customer), "billing.issued", disclosure.invoice_news(invoice), about=invoice.reference, at=at)
    return invoice


@verb
def receive(invoice: Invoice, amount: int, *, at: datetime) -> bool:
    """So much more of it is paid, by whatever rail; the last of it settles the invoice. Returns whether this did.

    Called under the invoice's lock, in the transaction that books the money. A paid one takes nothing more.
    """
    if invoice.state != Invoice.State.ISSUED:
        return False
    invoice.paid += amount
    if invoice.open:
        invoice.save(update_fields=["paid"])
        return False
    settle(invoice, at=at)
    return True


@verb
def settle(invoice: Invoice, *, at: datetime) -> None:
    """The whole gross is paid: what the invoice carries begins, and whoever sold it hears of it."""
    invoice.state, invoice.paid_at = Invoice.State.PAID, at
    invoice.save(update_fields=["state", "paid", "paid_at"])
    if invoice.terms:
        entitlements.grant(invoice, at=at)
    invoice_paid.send(Invoice, invoice=invoice)
    news = disclosure.invoice_news(invoice)
    notices.tell(buyers(invoice.customer), "billing.paid", news, about=invoice.reference, at=at)


def buyers(organization: Organization) -> list[User]:
    """Whoever may buy for the organization, and so hears of its invoices."""
    rows = User.objects.filter(memberships__organization=organization, memberships__role__in=Membership.BUYING)
    return list(rows.filter(is_active=True).order_by("pk"))


def _next_number(seller: Organization, at: datetime) -> str:
    """The next number of the seller's series of this year, taken under the series' lock: no gap, no repetition."""
    year = at.astimezone(ZoneInfo(seller.timezone)).year
    code = f"{'INV' if seller.is_house else seller.reference}-{year}"
    Series.objects.get_or_create(code=code)
    series = Series.objects.select_for_update().get(code=code)
    number = series.next_number
    series.next_number = number + 1
    series.save(update_fields=["next_number"])
    return f"{code}-{number:05d}"


def _issued(invoice: Invoice) -> postings.Posting:
    return postings.invoice_issued(
        key=f"invoice:{invoice.reference}:issued",
        currency=invoice.currency,
        customer=invoice.customer.reference,
        subscription=invoice.source.partition(":")[2],
        net=invoice.net,
        tax=invoice.tax,
        jurisdiction=invoice.seller.country if invoice.tax else "",
        memo=f"{invoice.number} issued",
    )

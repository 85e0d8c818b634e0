"""What people outside may know of invoices, transfers and entitlements, and the only builders of it."""

from datetime import date, datetime
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.models import Membership
from billing import money
from billing.models import BankAccount, CardPayment, Entitlement, Invoice, Quota, Transfer
from billing.models.entitlements import EntitlementQuerySet
from kit.projection import projection
from kit.verbs import Actor
from kit.words import for_reader


class Standing(TextChoices):
    """Where an invoice stands, as people say it. What is only announced is never called paid."""

    ISSUED = "issued", _("Open")
    ANNOUNCED = "announced", _("Transfer announced")
    SUBMITTED = "submitted", _("Card payment being confirmed")
    PART_PAID = "part_paid", _("Paid in part")
    PAID = "paid", _("Paid")


@projection
class LineView:
    """One line of an invoice; amounts in minor units of the invoice's currency."""

    text: str
    text_zh: str
    quantity: int
    net: int
    tax: int

    @property
    def title(self) -> str:
        return for_reader(self.text, self.text_zh)


@projection
class BankView:
    """Where to send the money."""

    holder: str
    bank: str
    number: str
    swift: str


@projection
class TransferView:
    """One transfer: announced, confirmed or refused. `credit` is what of it exceeded the invoice.

    `announced_by` is somebody of the customer.
    """

    reference: str
    state: Transfer.State
    currency: str
    amount: int
    settled: int
    payer: str
    announced_by: str
    announced_at: datetime | None
    decided_at: datetime | None
    received_on: date | None
    refusal: str

    @property
    def credit(self) -> int:
        return self.amount - self.settled if self.state == Transfer.State.CONFIRMED else 0


@projection
class CardView:
    """One payment by card. Money only when `is_money`; `credit` is what of it exceeded the invoice.

    `open` is what is still to be paid of the invoice, `begun_by` somebody of the customer.
    """

    reference: str
    invoice: str
    number: str
    state: CardPayment.State
    currency: str
    amount: int
    captured: int
    settled: int
    open: int
    failure: str
    address: str
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None

    @property
    def is_money(self) -> bool:
        return self.state == CardPayment.State.CAPTURED

    @property
    def is_live(self) -> bool:
        return self.state in CardPayment.LIVE

    @property
    def credit(self) -> int:
        return self.captured - self.settled

    @property
    def version(self) -> str:
        """Another one whenever its page would say something else."""
        return f"{self.state.value}-{crc32(self.failure.encode())}"


@projection
class QuotaView:
    """How many of a unit may be used and are; `granted` None is without limit."""

    unit: Quota.Unit
    used: int
    granted: int | None


@projection
class EntitlementView:
    """What may be used, until when."""

    reference: str
    organization: str
    name: str
    name_zh: str
    policy: str
    severities: tuple[int, ...]
    contacts: int
    begins_at: datetime
    ends_at: datetime
    quotas: tuple[QuotaView, ...]

    @property
    def title(self) -> str:
        return for_reader(self.name, self.name_zh)


@projection
class InvoiceCard:
    """An invoice in a list."""

    reference: str
    number: str
    customer: str
    customer_zh: str
    currency: str
    gross: int
    paid: int
    issued_at: datetime
    due_on: date
    standing: Standing

    @property
    def who(self) -> str:
        """The customer's name in the reader's language."""
        return for_reader(self.customer, self.customer_zh)

    @property
    def open(self) -> int:
        return self.gross - self.paid

    def is_overdue(self, on: date) -> bool:
        return self.standing != Standing.PAID and self.due_on < on


@projection
class InvoicePage(InvoiceCard):
    """An invoice with all that its customer needs in order to pay it, and what came of it. Dates are the seller's."""

    seller: str
    seller_zh: str
    seller_country: str
    seller_address: str
    seller_tax_number: str
    customer_country: str
    customer_address: str
    tax_number: str
    source: str
    net: int
    tax_bps: int
    tax: int
    issued_on: date
    paid_at: datetime | None
    paid_on: date | None
    lines: tuple[LineView, ...]
    bank: BankView | None
    transfers: tuple[TransferView, ...]
    cards: tuple[CardView, ...]
    entitlement: EntitlementView | None
    may_pay: bool

    @property
    def tax_rate(self) -> str:
        return money.rate_text(self.tax_bps)

    @property
    def order(self) -> str:
        """The reference of the order that was invoiced, where it was one."""
        kind, _colon, reference = self.source.partition(":")
        return reference if kind == "order" else ""

    @property
    def waiting(self) -> TransferView | None:
        """The transfer that is announced and not decided yet."""
        return next((one for one in self.transfers if one.state == Transfer.State.ANNOUNCED), None)

    @property
    def credit(self) -> int:
        """What was sent above the invoice and stays the customer's."""
        return sum(one.credit for one in self.transfers) + sum(one.credit for one in self.cards)

    @property
    def charged(self) -> tuple[CardView, ...]:
        """The payments by card that are money."""
        return tuple(one for one in self.cards if one.is_money)

    @property
    def card_on_its_way(self) -> CardView | None:
        """The payment by card that was submitted and that the bank has not decided yet."""
        return next((one for one in self.cards if one.state == CardPayment.State.SUBMITTED), None)

    @property
    def card_failure(self) -> str:
        """Why the last payment by card did not work, while it may still be tried again; else empty."""
        return self.cards[-1].failure if self.cards and self.cards[-1].is_live else ""


@projection
class InvoiceNews:
    """What a notice says of an invoice."""

    number: str
    currency: str
    gross: int
    credit: int
    due_on: date
    seller: str
    name: str
    name_zh: str
    until_at: datetime | None
    link: str


@projection
class TransferNews:
    """What a notice says of money that paid in part or too much, or of a refused transfer; no `payer`: by card."""

    number: str
    currency: str
    amount: int
    open: int
    credit: int
    payer: str
    refusal: str
    link: str


def invoice_list(viewer: Actor) -> tuple[InvoiceCard, ...]:
    """The viewer's invoices: what is open first, the newest first."""
    rows = Invoice.objects.visible_to(viewer).select_related("customer").prefetch_related("transfers", "cards")
    cards = [InvoiceCard(**_card(row)) for row in rows.order_by("-issued_at", "-pk")]
    return tuple(sorted(cards, key=lambda card: card.standing == Standing.PAID))


def invoice_page(reference: str, viewer: Actor) -> InvoicePage:
    """One invoice. Raises Invoice.DoesNotExist for a foreign one, as for one that is not there."""
    rows = Invoice.objects.visible_to(viewer).select_related("customer", "seller")
    invoice = rows.prefetch_related("transfers__announced_by", "cards__begun_by", "lines").get(reference=reference)
    granted = _entitlements().filter(source=f"invoice:{invoice.reference}").first()
    zone = ZoneInfo(invoice.seller.timezone)
    return InvoicePage(
        **_card(invoice), seller=invoice.seller.name, seller_zh=invoice.seller.name_zh,
        seller_country=invoice.seller.country, seller_address=invoice.seller.postal_address,
        seller_tax_number=invoice.seller.tax_number,
        customer_country=invoice.customer.country, customer_address=invoice.customer.postal_address,
        tax_number=invoice.customer.tax_number, source=invoice.source,
        net=invoice.net, tax_bps=invoice.tax_bps, tax=invoice.tax, paid_at=invoice.paid_at,
        issued_on=invoice.issued_at.astimezone(zone).date(),
        paid_on=invoice.paid_at.astimezone(zone).date() if invoice.paid_at else None,
        lines=tuple(
            LineView(text=line.text, text_zh=line.text_zh, quantity=line.quantity, net=line.net, tax=line.tax)
            for line in sorted(invoice.lines.all(), key=lambda line: line.n)
        ),
        bank=_bank(invoice),
        transfers=tuple(transfer_view(row) for row in sorted(invoice.transfers.all(), key=lambda row: row.pk)),
        cards=tuple(card_view(row, invoice) for row in sorted(invoice.cards.all(), key=lambda row: row.pk)),
        entitlement=entitlement_view(granted) if granted else None,
        may_pay=access.has_role(viewer, invoice.customer_id, Membership.BUYING),
    )  # fmt: skip


def card_page(invoice_reference: str, reference: str, viewer: Actor) -> CardView:
    """One payment by card of an invoice. Raises CardPayment.DoesNotExist for a foreign one, as for one that is not."""
    rows = CardPayment.objects.visible_to(viewer).select_related("invoice", "begun_by")
    row = rows.get(reference=reference, invoice__reference=invoice_reference)
    return card_view(row, row.invoice)


def entitlement_list(viewer: Actor, *, at: datetime) -> tuple[EntitlementView, ...]:
    """What the viewer's organizations may use at `at`, what ends first on top."""
    rows = _entitlements().filter(pk__in=Entitlement.objects.visible_to(viewer).in_force(at).values("pk"))
    return tuple(entitlement_view(row) for row in rows.order_by("ends_at", "pk"))


def entitlement_view(row: Entitlement) -> EntitlementView:
    """One entitlement; its quotas should be prefetched."""
    return EntitlementView(
        reference=row.reference, organization=row.organization.name, name=row.name, name_zh=row.name_zh,
        policy=row.policy, severities=tuple(row.severities),
        contacts=row.contacts, begins_at=row.begins_at, ends_at=row.ends_at,
        quotas=tuple(
            QuotaView(unit=Quota.Unit(one.unit), used=one.used, granted=one.granted)
            for one in sorted(row.quotas.all(), key=lambda one: one.pk)
        ),
    )  # fmt: skip


def transfer_view(row: Transfer) -> TransferView:
    return TransferView(
        reference=row.reference, state=Transfer.State(row.state), currency=row.currency, amount=row.amount,
        settled=row.settled, payer=row.payer, announced_by=row.announced_by.name if row.announced_by else "",
        announced_at=row.announced_at, decided_at=row.decided_at,
        received_on=row.received_on, refusal=str(row.refusal and row.get_refusal_display()),
    )  # fmt: skip


def card_view(row: CardPayment, invoice: Invoice) -> CardView:
    return CardView(
        reference=row.reference, invoice=invoice.reference, number=invoice.number, state=CardPayment.State(row.state),
        currency=row.currency, amount=row.amount, captured=row.captured, settled=row.settled,
        open=invoice.open, failure=str(row.failure and row.get_failure_display()), address=row.address,
        begun_by=row.begun_by.name, begun_at=row.begun_at, ended_at=row.ended_at,
    )  # fmt: skip


def standing_of(invoice: Invoice) -> Standing:
    """Where it stands; its transfers and cards should be prefetched."""
    if invoice.state == Invoice.State.PAID:
        return Standing.PAID
    if any(row.state == CardPayment.State.SUBMITTED for row in invoice.cards.all()):
        return Standing.SUBMITTED
    if any(row.state == Transfer.State.ANNOUNCED for row in invoice.transfers.all()):
        return Standing.ANNOUNCED
    return Standing.PART_PAID if invoice.paid else Standing.ISSUED


def invoice_news(invoice: Invoice) -> InvoiceNews:
    """The payload of billing.issued and billing.paid. The words of the plan come from the invoice's own terms."""
    granted = Entitlement.objects.filter(source=f"invoice:{invoice.reference}").first()
    return InvoiceNews(
        number=invoice.number, currency=invoice.currency, gross=invoice.gross, due_on=invoice.due_on,
        credit=_credit(invoice),
        seller=invoice.seller.name, name=invoice.terms.get("name", ""), name_zh=invoice.terms.get("name_zh", ""),
        until_at=granted.ends_at if granted else None, link=_link(invoice),
    )  # fmt: skip


def transfer_news(transfer: Transfer, invoice: Invoice) -> TransferNews:
    """The payload of billing.received and billing.refused. `refusal` is the code; the template has its words."""
    return TransferNews(
        number=invoice.number, currency=invoice.currency, amount=transfer.amount, open=invoice.open,
        credit=transfer.amount - transfer.settled if transfer.state == Transfer.State.CONFIRMED else 0,
        payer=transfer.payer, refusal=transfer.refusal, link=_link(invoice),
    )  # fmt: skip


def card_news(payment: CardPayment, invoice: Invoice) -> TransferNews:
    """The payload of billing.received for money that came by card."""
    return TransferNews(
        number=invoice.number, currency=invoice.currency, amount=payment.captured, open=invoice.open,
        credit=payment.captured - payment.settled, payer="", refusal="", link=_link(invoice),
    )  # fmt: skip


def _credit(invoice: Invoice) -> int:
    """What arrived above it, by whatever rail."""
    sent = invoice.transfers.filter(state=Transfer.State.CONFIRMED).values_list("amount", "settled")
    taken = invoice.cards.filter(state=CardPayment.State.CAPTURED).values_list("captured", "settled")
    return sum(came - used for came, used in (*sent, *taken))


def _entitlements() -> EntitlementQuerySet:
    return Entitlement.objects.select_related("organization").prefetch_related("quotas")


def _card(invoice: Invoice) -> dict[str, Any]:
    return {
        "reference": invoice.reference, "number": invoice.number, "customer": invoice.customer.name,
        "customer_zh": invoice.customer.name_zh,
        "currency": invoice.currency, "gross": invoice.gross, "paid": invoice.paid, "issued_at": invoice.issued_at,
        "due_on": invoice.due_on, "standing": standing_of(invoice),
    }  # fmt: skip


def _bank(invoice: Invoice) -> BankView | None:
    row = BankAccount.objects.filter(owner_id=invoice.seller_id, currency=invoice.currency).first()
    return BankView(holder=row.holder, bank=row.bank, number=row.number, swift=row.swift) if row else None


def _link(invoice: Invoice) -> str:
    return f"/portal/invoices/{invoice.reference}/"

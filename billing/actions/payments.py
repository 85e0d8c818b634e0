"""Verbs on bank transfers: announced by the customer, confirmed or refused by finance against the statement.

Every verb locks the invoice first, so that two people who decide on the same money come one after the other.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Membership, Organization
from accounts.models.inside import Team
from billing import disclosure, ledger, postings
from billing.actions import invoices
from billing.models import BankAccount, Invoice, Transfer
from billing.models.inside import Confirmation
from kit.verbs import Actor, Refused, verb
from notifications.actions import notices


class NotYours(Refused):
    """The actor may see the matter but not decide on it."""

    def __init__(self) -> None:
        super().__init__(_("Your role does not allow this. Ask somebody who buys or pays for your organization."))


class PaidAlready(Refused):
    """Nothing of the invoice is open."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        super().__init__(_("Invoice %(number)s is paid.") % {"number": invoice.number})


class AnnouncedAlready(Refused):
    """Another transfer for this invoice is announced and waits for finance."""

    def __init__(self, transfer: Transfer) -> None:
        self.transfer = transfer
        super().__init__(
            _("A transfer from %(payer)s is announced already; we are looking for it.") % {"payer": transfer.payer}
        )


class DecidedAlready(Refused):
    """Somebody confirmed or refused the transfer before."""

    def __init__(self, transfer: Transfer) -> None:
        self.transfer = transfer
        super().__init__(
            _("Transfer %(reference)s was decided before. Nothing was booked again.")
            % {"reference": transfer.reference}
        )


class LineUsed(Refused):
    """The line of the statement confirmed another transfer."""

    def __init__(self, line: str, transfer: Transfer) -> None:
        self.line, self.transfer = line, transfer
        super().__init__(
            _("Statement line %(line)s confirmed transfer %(reference)s before.")
            % {"line": line, "reference": transfer.reference}
        )


class NotOnStatement(Refused):
    """Amount, date or line cannot stand on a statement."""


class BookedMeanwhile(Refused):
    """Money was booked on the invoice after the person looked at it."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        super().__init__(
            _("Somebody booked money on %(number)s since you opened this page. Look at it again before you confirm.")
            % {"number": invoice.number}
        )


class OtherPayer(Refused):
    """The payer is not the customer, and no reason was given."""

    def __init__(self, payer: str, customer: Organization) -> None:
        self.payer, self.customer = payer, customer
        super().__init__(
            _("%(payer)s is not %(customer)s. Write why this money pays the invoice.")
            % {"payer": payer, "customer": customer.name}
        )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What finance reads on the bank's statement. `line` is the bank's own number of the movement."""

    amount: int
    payer: str
    received_on: date
    line: str


@verb
def announce(invoice_reference: str, *, by: Actor, at: datetime, payer: str) -> Transfer:
    """The customer says that the open amount was sent, and under which name. Nothing is paid by that.

    Saying the same again changes nothing. Raises Invoice.DoesNotExist, NotYours, PaidAlready, AnnouncedAlready.
    """
    invoice = _locked(invoice_reference, by)
    if not access.has_role(by, invoice.customer_id, Membership.BUYING):
        raise NotYours
    if invoice.state == Invoice.State.PAID:
        raise PaidAlready(invoice)
    if waiting := _announced(invoice):
        if waiting.payer == payer:
            return waiting
        raise AnnouncedAlready(waiting)
    return Transfer.objects.create(
        invoice=invoice, currency=invoice.currency, amount=invoice.open, payer=payer, announced_by_id=by.pk,
        announced_at=at,
    )  # fmt: skip


@verb
def confirm(
    reference: str, *, by: Actor, at: datetime, amount: int, payer: str, received_on: date, statement_line: str,
    reason: str = "", open_seen: int | None = None,
) -> Transfer:  # fmt: skip
    """Money stands on the statement: book it, and when the invoice is whole let begin what it carries.

    `reference` names an announced transfer, or an invoice whose money came unannounced. Less than what is open leaves
    the invoice open; more stays as the customer's credit. The same line of the statement is booked once: a second
    press, or a second person, gets the transfer that stands. `reason` is needed when the payer is not the customer,
    `open_seen` is what was open when the person looked. Raises DoesNotExist, NotYours, DecidedAlready, LineUsed,
    BookedMeanwhile, NotOnStatement, OtherPayer.
    """
    if not access.sits_in(by, Team.Kind.FINANCE):
        raise NotYours
    seen = StatementLine(amount, payer.strip(), received_on, statement_line.strip())
    invoice, named = _find(reference, by)
    bank = BankAccount.objects.select_for_update().get(owner_id=invoice.seller_id, currency=invoice.currency)
    _check(seen, invoice, at, reason)
    if used := Confirmation.objects.filter(bank=bank, statement_line=seen.line).select_related("transfer").first():
        if used.transfer.invoice_id == invoice.pk and named in (None, used.transfer):
            return used.transfer
        raise LineUsed(seen.line, used.transfer)
    transfer = named or _announced(invoice) or Transfer(invoice=invoice, currency=invoice.currency)
    if transfer.state != Transfer.State.ANNOUNCED:
        raise DecidedAlready(transfer)
    if open_seen not in (None, invoice.open):
        raise BookedMeanwhile(invoice)
    _receive(transfer, invoice, seen, at)
    Confirmation.objects.create(
        transfer=transfer, bank=bank, by_id=by.pk, at=at, statement_line=seen.line, reason=reason
    )
    ledger.post_all(_postings(transfer, invoice, bank), at=at)
    _apply(transfer, invoice, at)
    return transfer


@verb
def refuse(reference: str, *, by: Actor, at: datetime, refusal: str, note: str = "") -> Transfer:
    """An announced transfer is not on the statement. The customer is told `refusal`, one of fixed words; never `note`.

    Raises DoesNotExist, NotYours, DecidedAlready.
    """
    if not access.sits_in(by, Team.Kind.FINANCE):
        raise NotYours
    invoice, transfer = _find(reference, by)
    if transfer is None:
        raise Transfer.DoesNotExist(reference)
    if transfer.state != Transfer.State.ANNOUNCED:
        raise DecidedAlready(transfer)
    transfer.state, transfer.refusal, transfer.decided_at = Transfer.State.REFUSED, Transfer.Refusal(refusal), at
    transfer.save()
    Confirmation.objects.create(transfer=transfer, by_id=by.pk, at=at, reason=note)
    news = disclosure.transfer_news(transfer, invoice)
    notices.tell(invoices.buyers(invoice.customer), "billing.refused", news, about=transfer.reference, at=at)
    return transfer


def _locked(invoice_reference: str, by: Actor) -> Invoice:
    rows = Invoice.objects.visible_to(by).select_for_update(of=("self",)).select_related("customer", "seller")
    return rows.get(reference=invoice_reference)


def _find(reference: str, by: Actor) -> tuple[Invoice, Transfer | None]:
    """The invoice, locked, and the transfer if `reference` names one, read under that lock."""
    by_transfer = Transfer.objects.visible_to(by).filter(reference=reference)
    invoice_reference = by_transfer.values_list("invoice__reference", flat=True).first()
    invoice = _locked(invoice_reference or reference, by)
    return invoice, by_transfer.first() if invoice_reference else None


def _announced(invoice: Invoice) -> Transfer | None:
    return invoice.transfers.filter(state=Transfer.State.ANNOUNCED).first()


def _check(seen: StatementLine, invoice: Invoice, at: datetime, reason: str) -> None:
    if seen.amount <= 0:
        raise NotOnStatement(_("An amount that arrived is above zero."))
    if not seen.line:
        raise NotOnStatement(_("Write the number of the statement line, so that it is booked once."))
    if seen.received_on > at.astimezone(ZoneInfo(invoice.seller.timezone)).date():
        raise NotOnStatement(_("Money cannot have arrived after today."))
    if not is_payer(seen.payer, invoice.customer) and not reason.strip():
        raise OtherPayer(seen.payer, invoice.customer)


def is_payer(name: str, customer: Organization) -> bool:
    """Whether a name on a statement is the customer's, however the bank writes width, case, spaces and points."""
    return _plain(name) in {_plain(customer.name), _plain(customer.name_zh)} - {""}


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _receive(transfer: Transfer, invoice: Invoice, seen: StatementLine, at: datetime) -> None:
    transfer.amount, transfer.payer, transfer.received_on = seen.amount, seen.payer, seen.received_on
    transfer.settled = min(seen.amount, invoice.open)
    transfer.state, transfer.decided_at = Transfer.State.CONFIRMED, at
    transfer.save()


def _postings(transfer: Transfer, invoice: Invoice, bank: BankAccount) -> list[postings.Posting]:
    """The money arrived; and what of it pays the invoice, which may be nothing when that is paid."""
    key, customer = f"transfer:{transfer.reference}", invoice.customer.reference
    received = postings.transfer_received(
        key=f"{key}:received", currency=transfer.currency, bank=bank.reference, customer=customer,
        amount=transfer.amount, memo=f"{transfer.reference} received for {invoice.number}",
    )  # fmt: skip
    if not transfer.settled:
        return [received]
    matched = postings.transfer_matched(
        key=f"{key}:matched", currency=transfer.currency, customer=customer, due=invoice.open, amount=transfer.amount,
        memo=f"{transfer.reference} pays {invoice.number}",
    )  # fmt: skip
    return [received, matched]


def _apply(transfer: Transfer, invoice: Invoice, at: datetime) -> None:
    """Move the invoice on, and tell the customer what arrived unless the settled invoice tells it."""
    if not invoices.receive(invoice, transfer.settled, at=at):
        news = disclosure.transfer_news(transfer, invoice)
        notices.tell(invoices.buyers(invoice.customer), "billing.received", news, about=transfer.reference, at=at)

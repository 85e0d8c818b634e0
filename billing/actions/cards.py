"""Verbs on payments by card: begun as a row, learnt from the card company, captured once.

Every verb locks the invoice first, as those on transfers do: money of two rails on one invoice comes one after the
other. None of them calls the outside; the rails do, between two of these.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Membership
from billing import disclosure, ledger, postings
from billing.actions import invoices
from billing.actions.payments import BookedMeanwhile, NotYours, PaidAlready
from billing.models import CardPayment, Invoice
from kit.verbs import Actor, Refused, verb
from notifications.actions import notices

State = CardPayment.State
RANK = {
    State.BEGUN: 0, State.OPEN: 1, State.SUBMITTED: 2, State.FAILED: 3, State.CANCELED: 3, State.EXPIRED: 3,
    State.CAPTURED: 4,
}  # fmt: skip
"""A payment moves to a higher rank only: what comes late or in the wrong order changes nothing, money excepted."""


class NoAnswer(Refused):
    """The card company cannot be reached, or answered nothing that can be read. In doubt: nothing is known."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            _("The card company does not answer at the moment. Nothing was charged. Try again in a minute.")
        )


class NotTaken(Refused):
    """The card company refused to open a page for this payment."""

    def __init__(self, payment: CardPayment) -> None:
        self.payment = payment
        super().__init__(_("The card company did not take up this payment. Nothing was charged."))


class OtherMoney(Refused):
    """What the card company took is in another currency than our intent: nobody books that by itself."""

    def __init__(self, payment: CardPayment, currency: str) -> None:
        self.payment, self.currency = payment, currency
        super().__init__(
            _("%(reference)s is in %(ours)s, the card company says %(theirs)s.")
            % {"reference": payment.reference, "ours": payment.currency, "theirs": currency}
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a card company says of one payment now. Amounts in minor units; `fee` is what it keeps of `amount`.

    `reference` is ours, as we told it; empty or foreign when the thing is not ours.
    """

    reference: str
    state: CardPayment.State
    checkout: str
    address: str
    currency: str
    amount: int = 0
    charge: str = ""
    fee: int = 0
    failure: str = ""


@verb
def begin(invoice_reference: str, *, by: Actor, at: datetime, rail: str, open_seen: int | None = None) -> CardPayment:
    """Commit to asking for what is open of the invoice; the live intent, where one stands.

    Nothing is asked of anybody yet. `open_seen` is what was open when the person looked. Raises Invoice.DoesNotExist,
    NotYours, PaidAlready, BookedMeanwhile.
    """
    rows = Invoice.objects.visible_to(by).select_for_update(of=("self",))
    invoice = rows.get(reference=invoice_reference)
    if not access.has_role(by, invoice.customer_id, Membership.BUYING):
        raise NotYours
    if invoice.state == Invoice.State.PAID:
        raise PaidAlready(invoice)
    if open_seen not in (None, invoice.open):
        raise BookedMeanwhile(invoice)
    if standing := invoice.cards.live().select_related("invoice").first():
        return standing
    return CardPayment.objects.create(
        invoice=invoice, rail=rail, key=secrets.token_urlsafe(24), currency=invoice.currency, amount=invoice.open,
        begun_by_id=by.pk, begun_at=at,
    )  # fmt: skip


@verb
def learn(payment: CardPayment, seen: Seen, *, at: datetime) -> CardPayment:
    """Bring our row to what the card company says. Twice is once; what is older than what we know changes nothing.

    A capture is booked by the key of its charge in this transaction, together with all that begins by it.
    Raises OtherMoney.
    """
    invoice, payment = _locked(payment)
    if RANK[seen.state] < RANK[State(payment.state)] or payment.state == State.CAPTURED:
        return payment
    if payment.is_live:
        payment.checkout, payment.address, payment.failure = seen.checkout, seen.address, seen.failure
    if seen.state == State.CAPTURED:
        return _capture(payment, invoice, seen, at)
    if payment.is_live:
        payment.state = seen.state
        payment.ended_at = None if payment.is_live else at
    payment.save()
    return payment


@verb
def give_up(payment: CardPayment, *, at: datetime, why: CardPayment.State = State.FAILED) -> CardPayment:
    """The card company knows of no such payment, or refused it: nothing can come of it any more."""
    _invoice, payment = _locked(payment)
    if payment.is_live:
        payment.state, payment.ended_at = why, at
        payment.save()
    return payment


def _locked(payment: CardPayment) -> tuple[Invoice, CardPayment]:
    rows = Invoice.objects.select_for_update(of=("self",)).select_related("customer", "seller")
    invoice = rows.get(pk=payment.invoice_id)
    return invoice, CardPayment.objects.select_for_update().get(pk=payment.pk)


def _capture(payment: CardPayment, invoice: Invoice, seen: Seen, at: datetime) -> CardPayment:
    """Book what was taken, whatever we asked for: what is open is paid by it, the rest is the customer's credit."""
    if seen.currency != payment.currency:
        raise OtherMoney(payment, seen.currency)
    due = invoice.open
    payment.state, payment.charge, payment.ended_at = State.CAPTURED, seen.charge, at
    payment.captured, payment.fee, payment.settled = seen.amount, seen.fee, min(seen.amount, due)
    payment.failure = ""
    payment.save()
    booking = postings.invoice_paid(
        key=f"{payment.rail}:{payment.charge}:captured", currency=payment.currency, customer=invoice.customer.reference,
        due=due, amount=payment.captured, fee=payment.fee, memo=f"{payment.reference} pays {invoice.number}",
    )  # fmt: skip
    ledger.post(booking, at=at)
    if not invoices.receive(invoice, payment.settled, at=at):
        news = disclosure.card_news(payment, invoice)
        notices.tell(invoices.buyers(invoice.customer), "billing.received", news, about=payment.reference, at=at)
    return payment

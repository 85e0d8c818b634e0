"""Ask for money: our intent is committed first, then the call goes out, then its outcome is recorded.

Between the three a process may die: the same key asks for the same checkout again, the sweep asks what became of it.
"""

from datetime import datetime, timedelta
from typing import Any

from billing.actions import cards
from billing.actions.cards import Seen, State
from billing.models import CardPayment
from billing.rails.sandbox import gateway
from kit.verbs import Actor

RAIL = "sandbox"
FORGOTTEN_AFTER = timedelta(minutes=3)
"""An intent of which the company knows nothing so long after it was begun never reached it: no call lasts longer."""
STATES = {
    "open": State.OPEN, "processing": State.SUBMITTED, "paid": State.CAPTURED, "canceled": State.CANCELED,
    "expired": State.EXPIRED,
}  # fmt: skip
FAILURES = {
    "card_declined": CardPayment.Failure.DECLINED, "insufficient_funds": CardPayment.Failure.NO_FUNDS,
    "authentication_failed": CardPayment.Failure.NOT_CONFIRMED,
}  # fmt: skip


def checkout(
    invoice_reference: str, *, by: Actor, at: datetime, language: str, open_seen: int | None = None
) -> CardPayment:
    """A payment that the customer may go on with: its `address` is the card company's page, unless it is money already.

    Raises Invoice.DoesNotExist, NotYours, PaidAlready, BookedMeanwhile, NoAnswer, NotTaken.
    """
    payment = cards.begin(invoice_reference, by=by, at=at, rail=RAIL, open_seen=open_seen)
    if payment.checkout:
        payment = refresh(payment, at=at)
        if payment.state == State.OPEN and payment.amount != payment.invoice.open:
            payment = close(payment, at=at)
        if not payment.is_live and payment.state != State.CAPTURED:
            payment = cards.begin(invoice_reference, by=by, at=at, rail=RAIL)
    return payment if payment.checkout else _open(payment, language=language, at=at)


def refresh(payment: CardPayment, *, at: datetime) -> CardPayment:
    """What became of a payment, by the company's own word; an intent that never reached it ends after a while."""
    seen = look(payment.checkout) if payment.checkout else _look_by_reference(payment.reference)
    if seen is not None:
        return cards.learn(payment, seen, at=at)
    if at - payment.begun_at > FORGOTTEN_AFTER:
        return cards.give_up(payment, at=at)
    return payment


def close(payment: CardPayment, *, at: datetime) -> CardPayment:
    """Nobody shall pay this any more. If somebody has meanwhile, that is learnt instead."""
    if not payment.checkout:
        return refresh(payment, at=at)
    gateway.call("POST", f"/checkouts/{payment.checkout}/cancellation")
    return refresh(payment, at=at)


def look(checkout_id: str) -> Seen | None:
    """What the company says of a checkout now; None when it knows none. Raises NoAnswer."""
    status, answer = gateway.call("GET", f"/checkouts/{checkout_id}")
    return _seen(answer) if status == 200 else None


def _look_by_reference(reference: str) -> Seen | None:
    _status, answer = gateway.call("GET", f"/checkouts?reference={reference}")
    found = answer.get("checkouts") or []
    return _seen(found[0]) if found else None


def _open(payment: CardPayment, *, language: str, at: datetime) -> CardPayment:
    invoice = payment.invoice
    page = f"/portal/invoices/{invoice.reference}/"
    told = {
        "reference": payment.reference, "amount": payment.amount, "currency": payment.currency,
        "description": invoice.number, "language": language, "away": page,
        "back": f"{page}cards/{payment.reference}/?back=1",
    }  # fmt: skip
    status, answer = gateway.call("POST", "/checkouts", told, key=payment.key)
    if status not in (200, 201):
        raise cards.NotTaken(cards.give_up(payment, at=at))
    return cards.learn(payment, _seen(answer), at=at)


def _seen(answer: dict[str, Any]) -> Seen:
    """Raises NoAnswer for an answer that lacks what every one has."""
    try:
        charge = answer["charge"] or {}
        return Seen(
            reference=answer["reference"], state=STATES[answer["state"]], checkout=answer["id"],
            address=answer["url"], currency=charge.get("currency", answer["currency"]),
            amount=charge.get("amount", 0), charge=charge.get("id", ""), fee=charge.get("fee", 0),
            failure=FAILURES.get(answer["failure"], CardPayment.Failure.OTHER) if answer["failure"] else "",
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise cards.NoAnswer(f"unreadable: {error!r}") from error

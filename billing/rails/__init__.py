"""Rails: ways on which money comes by itself. A folder each, with the same names in each; settings say which is open.

`ask` asks the outside for money, `arrive` takes in what the outside says of it. What a rail learns it tells to the
verbs of `billing.actions.cards`, which know no rail. A second rail is a copy of the first one's folder and a line in
RAILS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType, ModuleType

from django.conf import settings

from billing.actions import cards, inbox
from billing.models import CardPayment, Invoice, ProviderEvent
from billing.rails.sandbox import arrive as sandbox_arrive
from billing.rails.sandbox import ask as sandbox_ask
from kit import leases

EVENT_LEASE = 60
ASK_AGAIN = 20
"""Seconds between two questions about the same live payment."""


@dataclass(frozen=True, slots=True)
class Rail:
    """One card company: its name in addresses and rows, and the modules of its folder."""

    name: str
    ask: ModuleType
    arrive: ModuleType


RAILS: Mapping[str, Rail] = MappingProxyType(
    {rail.name: rail for rail in (Rail("sandbox", sandbox_ask, sandbox_arrive),)}
)


def card() -> Rail | None:
    """The rail on which customers pay by card here, or None: then nothing is said of cards."""
    return RAILS.get(settings.CARD_RAIL)


def handle_events(*, at: datetime, limit: int = 50, only: int | None = None) -> int:
    """Handle events that wait, all or one. What the company does not answer now is looked at when the lease is over."""
    rows = ProviderEvent.objects.filter(state__in=ProviderEvent.WAITING, rail__in=RAILS)
    rows = rows.filter(pk=only) if only else rows
    claimed = leases.claim(rows.order_by("pk"), limit=limit, seconds=EVENT_LEASE)
    for event in claimed:
        try:
            seen = RAILS[event.rail].ask.look(event.thing)
        except cards.NoAnswer:
            continue
        inbox.handle(event, seen, at=at)
    return len(claimed)


def ask_again(*, at: datetime, limit: int = 20) -> int:
    """Ask after payments that are neither money nor ended: events get lost, and processes die between call and row."""
    rows = CardPayment.objects.live().filter(rail__in=RAILS).select_related("invoice")
    claimed = leases.claim(rows.order_by("pk"), limit=limit, seconds=ASK_AGAIN)
    for payment in claimed:
        ask = RAILS[payment.rail].ask
        try:
            if payment.invoice.state == Invoice.State.PAID:
                ask.close(payment, at=at)
            else:
                ask.refresh(payment, at=at)
        except (cards.NoAnswer, cards.OtherMoney):
            continue
    return len(claimed)

"""Verbs on what card companies write to us: kept once, then handled, parked or given up."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.access import sits_in
from accounts.models.inside import Team
from billing.actions import cards
from billing.models import CardPayment, ProviderEvent
from kit import leases
from kit.later import later
from kit.texts import clean_line
from kit.verbs import Actor, verb

PARKED_MINUTES = 10
"""Between two looks at an event whose matter nobody knows."""
GIVEN_UP_AFTER = timedelta(days=3)

State = ProviderEvent.State


@verb
def keep(rail: str, *, event: str, kind: str, thing: str, body: str, created_at: datetime, at: datetime) -> bool:
    """Keep an event whose signature was checked, and ring. False when it was kept before: nothing more is done."""
    row, is_new = ProviderEvent.objects.get_or_create(
        rail=rail, event=event,
        defaults={"kind": kind[:60], "thing": thing, "body": body, "created_at": created_at, "received_at": at},
    )  # fmt: skip
    if is_new:
        later("billing.tasks.handle_event", row.pk)
    return is_new


@verb
def handle(event: ProviderEvent, seen: cards.Seen | None, *, at: datetime) -> None:
    """What the card company says of the event's matter reaches our books in the transaction that ticks the event off.

    An event about nothing of ours is parked. One that another process has handled meanwhile is left alone.
    """
    event = ProviderEvent.objects.select_for_update().get(pk=event.pk)
    if event.state not in ProviderEvent.WAITING:
        return
    payment = CardPayment.objects.filter(reference=seen.reference, rail=event.rail).first() if seen else None
    if seen is None or payment is None:
        _park(event, "nothing of ours", at)
        return
    try:
        with transaction.atomic():
            cards.learn(payment, seen, at=at)
    except cards.OtherMoney as refused:
        _park(event, str(refused), at)
        return
    event.state, event.handled_at, event.note, event.lease_until = State.HANDLED, at, "", None
    event.save(update_fields=["state", "handled_at", "note", "lease_until"])


@verb
def retry(event_pk: int, *, by: Actor, at: datetime) -> None:
    """Look at once at an event that was parked or given up. Only operations and duty managers may.

    Raises ProviderEvent.DoesNotExist when none such has this key, or `by` may not.
    """
    if not sits_in(by, Team.Kind.OPERATIONS, Team.Kind.DUTY_MANAGER):
        raise ProviderEvent.DoesNotExist
    stuck = ProviderEvent.objects.filter(pk=event_pk, state__in=(State.PARKED, State.DEAD))
    if not stuck.update(state=State.RECEIVED, lease_until=None):
        raise ProviderEvent.DoesNotExist
    later("billing.tasks.handle_event", event_pk)


def _park(event: ProviderEvent, note: str, at: datetime) -> None:
    """For another look; after three days for a person's."""
    is_over = at - event.received_at > GIVEN_UP_AFTER
    event.state = State.DEAD if is_over else State.PARKED
    event.note, event.attempts = clean_line(note, 300), event.attempts + 1
    event.lease_until = None if is_over else leases.clock() + timedelta(minutes=PARKED_MINUTES)
    event.save(update_fields=["state", "note", "attempts", "lease_until"])

"""What a newly published schedule does to deadlines that lay beyond the last published date (DESIGN 6.3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from duty import hours
from duty.models import CalendarVersion
from kit.verbs import verb
from promises import clock
from promises.clock import ClockEvent
from tickets import sla, story
from tickets.models import Clock, Fact, Ticket


def behind(*, limit: int) -> list[int]:
    """Tickets with a provisional deadline in a calendar version that was continued since.

    A clock that stands still has no deadline; it is asked again when it runs.
    """
    continued = CalendarVersion.objects.filter(continues__isnull=False).values("continues")
    clocks = Clock.objects.filter(is_provisional=True, ticket__calendar_version__in=continued)
    return list(clocks.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()[:limit])


@verb
def follow(ticket_pk: int, *, at: datetime) -> bool:
    """Measure the ticket's running clocks by the version that continues its own. Again does nothing, and says False.

    The desk's side draws what that means for its order from the fact.
    """
    ticket = Ticket.objects.select_for_update(no_key=True).get(pk=ticket_pk)
    following = CalendarVersion.objects.filter(continues=ticket.calendar_version_id).first()
    if following is None or not Clock.objects.filter(ticket=ticket, is_provisional=True).exists():
        return False
    facts = list(story.facts_of([ticket.pk]))
    at = max(at, facts[-1].at)
    targets = story.targets_of(facts)
    change = ClockEvent("targets_changed", at, targets, hours.compiled(following.pk), is_schedule=True)  # type: ignore[arg-type]
    data = {
        "targets": targets, "calendar_version": following.pk, "was": ticket.calendar_version_id,
        "known_until": following.known_until.isoformat() if following.known_until else None,
        "moved": _moved(facts, change),
    }  # fmt: skip
    ticket.calendar_version_id = following.pk
    sla.record(ticket, Fact.Kind.CALENDAR, at=at, data=data)
    return True


def _moved(facts: Sequence[Fact], change: ClockEvent) -> list[dict[str, Any]]:
    """The deadlines that the change moves: clock, before, after."""
    told = story.read(facts)
    if told is None:
        return []
    before = clock.replay(told.policy, told.calendar, told.events, change.at)
    after = clock.replay(told.policy, told.calendar, [*told.events, change], change.at)
    pairs = [(kind, before[kind].due_at, after[kind].due_at) for kind in clock.KINDS]
    return [
        {"clock": kind, "was": was.isoformat(), "due_at": due_at.isoformat()}
        for kind, was, due_at in pairs
        if was and due_at and was != due_at
    ]

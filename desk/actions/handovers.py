"""Verbs by which people decide themselves who has a ticket; the same room, the same record as routing's own."""

from datetime import datetime

from django.utils.translation import gettext as _

from desk import routing
from desk.actions import claims, crew, offers, pool
from desk.models import Decision, Note, Work
from kit.later import later
from kit.rows import Insert, write
from kit.verbs import Actor, Refused, verb

_ANY = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
"""Room does not depend on the moment."""


class NoRoom(Refused):
    """The engineer holds as much as their cap allows."""

    def __init__(self, held: int, cap: int) -> None:
        self.held, self.cap = held, cap
        super().__init__(
            _("You hold %(held)s of %(cap)s. Solve, hand over or ask the customer first; only an S1 may come on top.")
            % {"held": held, "cap": cap}
        )


class OfferedToAnother(Refused):
    """A colleague was asked and may still answer."""

    def __init__(self) -> None:
        super().__init__(_("A colleague has just been asked to take this ticket. If they do not, it comes back here."))


class NotYours(Refused):
    """Somebody else owns the ticket."""

    def __init__(self) -> None:
        super().__init__(_("This ticket is with a colleague. Only its owner, or a lead, may do this."))


class Busy(Refused):
    """Two claims met; nothing was changed."""

    def __init__(self) -> None:
        super().__init__(_("Something was offered to you at the same moment. Look again."))


@verb
def take(reference: str, *, by: Actor, at: datetime) -> Work:
    """Take a ticket from the pool by hand, on duty or not; one that is offered to `by` is acknowledged.

    Raises Work.DoesNotExist, NoRoom, OfferedToAnother, WrongMove.
    """
    work = Work.objects.visible_to(by).locked(reference)
    engineer = crew.engineer_of(by, work.desk_id)
    if work.state == Work.State.OFFERED:
        if work.engineer_id != engineer.pk:
            raise OfferedToAnother
        return offers.acknowledge(reference, by=by, at=at)
    work.require(Work.State.POOL)
    in_hand = Work.objects.filter(engineer=engineer, state__in=(Work.State.OFFERED, Work.State.OWNED))
    busy_with = tuple(in_hand.values_list("severity", flat=True))
    if not has_room(engineer.held, engineer.cap, busy_with, work.severity):
        raise NoRoom(engineer.held, engineer.cap)
    if not crew.change(engineer, held=1, away_until=None):
        raise Busy
    work.change(at, state=Work.State.OWNED, engineer=engineer, handled_by=engineer, gap_told_at=None)
    team = crew.see(work.desk, at)
    seen = claims.considered(claims.waiting(work), team)
    write(
        Insert([Decision(work=work, at=at, considered=seen, chosen=engineer, because="by_hand")]),
        Insert([Note(work=work, kind=Note.Kind.ACKNOWLEDGED, by_id=by.pk, at=at, data={"by_hand": True})]),
    )
    return work


def has_room(held: int, cap: int, busy_with: tuple[int, ...], severity: int) -> bool:
    """The rule of routing, asked for one person: below the cap, or the one S1 above it."""
    anybody = routing.Engineer(
        name="", tier=9, skills=frozenset(), languages=frozenset(), idle_since=_ANY, held=held, cap=cap,
        busy_with=busy_with,
    )  # fmt: skip
    ticket = routing.Waiting(reference="", severity=severity, waiting_since=_ANY, due_at=None)
    return routing.objection(ticket, anybody, _ANY) != "full"


@verb
def give_back(reference: str, *, by: Actor, at: datetime, reason: str) -> Work:
    """Put one's own ticket back into the pool, with a reason; it does not come back to `by` by itself.

    Raises Work.DoesNotExist, NotYours, WrongMove.
    """
    work = Work.objects.visible_to(by).locked(reference)
    engineer = crew.engineer_of(by, work.desk_id)
    work.require(Work.State.OWNED)
    if work.engineer_id != engineer.pk:
        raise NotYours
    work.change(
        at, state=Work.State.POOL, engineer=None, handled_by=engineer,
        refused_by=[*work.refused_by, engineer.pk],
    )  # fmt: skip
    crew.release(engineer.pk, at=at, away_until=None)
    Note.objects.create(work=work, kind=Note.Kind.RETURNED, by_id=by.pk, at=at, body=reason)
    pool.place(work, at=at)
    later("desk.tasks.pull", engineer.pk)
    return work

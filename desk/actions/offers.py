"""Verbs on offers. An offer ends once: whoever finds it live under the work's lock ends it (DESIGN 8.4)."""

from datetime import datetime

from django.utils.translation import gettext as _

from desk import disclosure
from desk.actions import crew, pool
from desk.models import Note, Offer, Work
from kit.later import later
from kit.verbs import Actor, Refused, verb
from notifications.actions import notices

LEAD_TOLD_AFTER = 2
"""So many missed offers of one ticket, and the lead is told."""


class NoOffer(Refused):
    """The offer is not there any more: it ran out, or the ticket ended."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(_("%(ticket)s is not offered to you any more.") % {"ticket": reference})


@verb
def acknowledge(reference: str, *, by: Actor, at: datetime) -> Work:
    """Take the ticket that is offered to `by`. Comes before expiry if it is first, even past the moment.

    Acknowledging again what one owns does nothing. Raises Work.DoesNotExist, NoOffer.
    """
    work = Work.objects.visible_to(by).locked(reference)
    engineer = crew.engineer_of(by, work.desk_id)
    if work.state == Work.State.OWNED and work.engineer_id == engineer.pk:
        return work
    offer = _live(work, reference, engineer.pk)
    _end(offer, Offer.State.ACKNOWLEDGED, at)
    work.change(at, state=Work.State.OWNED, handled_by=engineer)
    crew.touch(engineer.pk, away_until=None)
    Note.objects.create(work=work, kind=Note.Kind.ACKNOWLEDGED, by_id=by.pk, at=at)
    later("desk.tasks.pull", engineer.pk)
    return work


@verb
def refuse(reference: str, *, by: Actor, at: datetime, reason: str) -> Work:
    """Give an offer back, with a reason; it goes to somebody else. Raises Work.DoesNotExist, NoOffer."""
    work = Work.objects.visible_to(by).locked(reference)
    engineer = crew.engineer_of(by, work.desk_id)
    offer = _live(work, reference, engineer.pk)
    _end(offer, Offer.State.REFUSED, at, reason)
    work.change(at, state=Work.State.POOL, engineer=None, refused_by=[*work.refused_by, engineer.pk])
    crew.release(engineer.pk, at=at, away_until=None)
    Note.objects.create(work=work, kind=Note.Kind.REFUSED, by_id=by.pk, at=at, body=reason)
    pool.place(work, at=at)
    later("desk.tasks.pull", engineer.pk)
    return work


@verb
def expire(offer: Offer, *, at: datetime) -> bool:
    """End an offer that nobody answered, and place its ticket again. False when it was answered, or is not due.

    The engineer is left in peace until their next act, unless nobody else is there: the last one is asked again.
    """
    work = Work.objects.waiting_lock().select_related("ticket__organization", "desk__owner").get(pk=offer.work_id)
    due = Offer.objects.filter(pk=offer.pk, state=Offer.State.LIVE, acknowledge_by__lte=at)
    if not due.update(state=Offer.State.EXPIRED, ended_at=at):
        return False
    team = crew.see(work.desk, at)
    name = str(offer.engineer_id)
    is_last = not any(one.name != name and not one.is_away for one in team.people)
    is_on = any(one.name == name for one in team.people)
    refused = work.refused_by if is_last else [*work.refused_by, offer.engineer_id]
    work.change(at, state=Work.State.POOL, engineer=None, refused_by=refused)
    crew.release(offer.engineer_id, at=at, away_until=None if is_last or not is_on else at + crew.AWAY)
    data = {"engineer": offer.engineer_id, "is_last": is_last}
    Note.objects.create(work=work, kind=Note.Kind.EXPIRED, at=at, data=data)
    _tell_missed(work, offer, team, is_last, at)
    pool.place(work, at=at)
    return True


def due(at: datetime, *, limit: int) -> list[Offer]:
    """Offers that nobody answered in time, the oldest first."""
    live = Offer.objects.filter(state=Offer.State.LIVE, acknowledge_by__lte=at)
    return list(live.order_by("acknowledge_by", "pk")[:limit])


def _live(work: Work, reference: str, engineer_pk: int) -> Offer:
    offer = Offer.objects.filter(work=work, engineer_id=engineer_pk, state=Offer.State.LIVE).first()
    if offer is None:
        raise NoOffer(reference)
    return offer


def _end(offer: Offer, state: str, at: datetime, reason: str = "") -> None:
    offer.state, offer.ended_at, offer.reason = state, at, reason[:200]
    offer.save(update_fields=["state", "ended_at", "reason"])


def _tell_missed(work: Work, offer: Offer, team: crew.Crew, is_last: bool, at: datetime) -> None:
    """The lead and the managers after the second miss; when nobody else is there, the fallback chain at once."""
    missed = Offer.objects.filter(work=work, state=Offer.State.EXPIRED).count()
    people = []
    if missed == LEAD_TOLD_AFTER:
        people += [*team.leads_on_duty(), *team.managers()]
    if is_last:
        people += [*team.fallback(), *([] if missed > 1 else team.managers())]
    payload = disclosure.alert(work, at, by_at=work.due_at, promise=work.due_kind)
    about = f"{work.ticket.reference}:{offer.pk}"
    notices.tell_inside(crew.users(people), "desk.missed", payload, about=about, at=at)

"""Verbs on investigations. R&D works on help requests only: no verb here can reach a ticket or a customer."""

from datetime import datetime

from django.utils.translation import gettext as _
from talk.lint import prints_of

from accounts.access import Actor, people_of
from accounts.models.inside import Team
from desk.actions import help as desk_help
from desk.models import HelpRequest
from kit.verbs import Refused, verb
from notifications.actions import notices
from rnd.disclosure import asked
from rnd.models import Finding, Investigation, Remark


class NotOpen(Refused):
    """The investigation has ended."""

    def __init__(self, investigation: Investigation) -> None:
        self.investigation = investigation
        super().__init__(_("This investigation has ended; nothing more can be added to it."))


class NoGroup(Refused):
    """The house has no R&D group at all."""

    def __init__(self) -> None:
        super().__init__(_("No R&D group exists that could investigate this."))


def untaken(*, limit: int) -> list[int]:
    """Help requests that R&D has not taken in: open ones, and withdrawn ones whose investigation still runs."""
    still_open = Investigation.objects.filter(state=Investigation.State.OPEN, request__state="withdrawn")
    return [
        *HelpRequest.objects.filter(state=HelpRequest.State.OPEN).order_by("pk").values_list("pk", flat=True)[:limit],
        *still_open.values_list("request_id", flat=True)[:limit],
    ]


@verb
def take_in(request_id: int, *, at: datetime) -> None:
    """Draw R&D's consequence of a help request as it stands. Bell and sweep both come here; again is harmless."""
    request = HelpRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.state == HelpRequest.State.OPEN:
        _open(request, at)
    elif request.state == HelpRequest.State.WITHDRAWN:
        Investigation.objects.filter(request=request, state=Investigation.State.OPEN).update(
            state=Investigation.State.DROPPED
        )


def _open(request: HelpRequest, at: datetime) -> None:
    group = _group_for(request.topic)
    investigation = Investigation.objects.create(request=request, group=group, opened_at=at)
    desk_help.taken(request)
    people = people_of(Team.Kind.RND, topic=group.topic)
    notices.tell_inside(people, "rnd.asked", asked(investigation), about=investigation.reference, at=at)


def _group_for(topic: str) -> Team:
    """The group of this product; where none has it, the first group, which passes it on."""
    groups = list(Team.objects.filter(kind=Team.Kind.RND).order_by("pk"))
    if not groups:
        raise NoGroup
    return next((group for group in groups if group.topic == topic), groups[0])


@verb
def take(reference: str, *, by: Actor, at: datetime) -> Investigation:
    """`by` works on it from now on. Raises Investigation.DoesNotExist for another group's, NotOpen once it ended."""
    investigation = _open_one(reference, by)
    investigation.taken_by_id = by.pk
    investigation.save(update_fields=["taken_by"])
    return investigation


@verb
def remark(reference: str, *, by: Actor, at: datetime, body: str) -> Remark:
    """Say something inside R&D. Its prints go to the door, so that a copy of it cannot leave unnoticed."""
    investigation = _open_one(reference, by)
    desk_help.guard(investigation.request, prints_of(body))
    return Remark.objects.create(investigation=investigation, by_id=by.pk, at=at, body=body)


@verb
def publish(reference: str, *, by: Actor, at: datetime, body: str, workaround: str = "", fixed_in: str = "") -> Finding:
    """Answer the desk. The customer sees nothing of it until the desk speaks in its own words through the door."""
    investigation = _open_one(reference, by)
    finding = Finding.objects.create(
        investigation=investigation, by_id=by.pk, at=at, body=body, workaround=workaround, fixed_in=fixed_in
    )
    investigation.state, investigation.answered_at = Investigation.State.ANSWERED, at
    investigation.taken_by_id = investigation.taken_by_id or by.pk
    investigation.save(update_fields=["state", "answered_at", "taken_by"])
    desk_help.guard(investigation.request, prints_of(body))
    desk_help.answer(investigation.request, by=by, at=at, body=body, workaround=workaround, fixed_in=fixed_in)
    return finding


def _open_one(reference: str, by: Actor) -> Investigation:
    investigation = Investigation.objects.visible_to(by).locked(reference)
    if investigation.state != Investigation.State.OPEN:
        raise NotOpen(investigation)
    return investigation

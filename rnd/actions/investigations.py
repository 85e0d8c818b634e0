"""Verbs on investigations. R&D works on help requests only: no verb here can reach a ticket or a customer."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import people_of
from accounts.models.inside import Team
from desk.actions import help as desk_help
from desk.models import HelpRequest
from kit.texts import clean_block, clean_line
from kit.verbs import Actor, Refused, verb
from notifications.actions import notices
from rnd.disclosure import asked
from rnd.models import Finding, Investigation, Remark
from talk.lint import prints_of

BODY_LIMIT = 20_000


class Silent(Refused):
    """There are no words."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to say yet."))


class NotOpen(Refused):
    """The investigation has ended."""

    def __init__(self, investigation: Investigation) -> None:
        self.investigation = investigation
        super().__init__(_("This investigation has ended; nothing more can be added to it."))


class NoGroup(Refused):
    """The house has no R&D group for this topic, or none at all."""

    def __init__(self, topic: str = "") -> None:
        self.topic = topic
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
    request = HelpRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_id)
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
    _tell(investigation, at)


def _tell(investigation: Investigation, at: datetime) -> None:
    people = people_of(Team.Kind.RND, topic=investigation.group.topic)
    about = f"{investigation.reference}:{investigation.group_id}:{at.isoformat(timespec='seconds')}"
    notices.tell_inside(people, "rnd.asked", asked(investigation), about=about, at=at)


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
    desk_help.looked_at(investigation.request, at=at)
    return investigation


@verb
def pass_on(reference: str, *, by: Actor, at: datetime, topic: str) -> None:
    """Hand it to the group of another product, where it waits for somebody again. `by` may not see it afterwards.

    Raises NoGroup when no group has this topic.
    """
    investigation = _open_one(reference, by)
    group = Team.objects.filter(kind=Team.Kind.RND, topic=topic).order_by("pk").first()
    if group is None:
        raise NoGroup(topic)
    if group == investigation.group:
        return
    investigation.group, investigation.taken_by = group, None
    investigation.save(update_fields=["group", "taken_by"])
    desk_help.looked_at(investigation.request, at=None)
    _tell(investigation, at)


@verb
def remark(reference: str, *, by: Actor, at: datetime, body: str) -> Remark:
    """Say something inside R&D. Its prints go to the door, so that a copy of it cannot leave unnoticed."""
    investigation, words = _open_one(reference, by), _words(body)
    desk_help.guard(investigation.request, _own_prints(investigation, words))
    return Remark.objects.create(investigation=investigation, by_id=by.pk, at=at, body=words)


@verb
def publish(reference: str, *, by: Actor, at: datetime, body: str, workaround: str = "", fixed_in: str = "") -> Finding:
    """Answer the desk. The customer sees nothing of it until the desk speaks in its own words through the door.

    The door will know a copy of `body`; `workaround` and `fixed_in` are meant to be passed on word for word.
    Raises Investigation.DoesNotExist, NotOpen, Silent, and what `desk.actions.help.answer` raises.
    """
    investigation, words = _open_one(reference, by), _words(body)
    steps, version = clean_block(workaround, BODY_LIMIT), clean_line(fixed_in, 60)
    finding = Finding.objects.create(
        investigation=investigation, by_id=by.pk, at=at, body=words, workaround=steps, fixed_in=version
    )
    investigation.state, investigation.answered_at = Investigation.State.ANSWERED, at
    investigation.taken_by_id = investigation.taken_by_id or by.pk
    investigation.save(update_fields=["state", "answered_at", "taken_by"])
    desk_help.guard(investigation.request, _own_prints(investigation, words))
    desk_help.answer(investigation.request, by=by, at=at, body=words, workaround=steps, fixed_in=version)
    return finding


def _own_prints(investigation: Investigation, words: str) -> frozenset[str]:
    """Prints of R&D's own words: a quotation of the desk's request stays the desk's, which may say it again."""
    request = investigation.request
    theirs = (request.title, request.symptom, request.environment, request.tried, request.question)
    return prints_of(words) - prints_of("\n".join(theirs))


def _words(body: str) -> str:
    """Clean words. Raises Silent when nothing is left."""
    words = clean_block(body, BODY_LIMIT)
    if not words.strip():
        raise Silent
    return words


def _open_one(reference: str, by: Actor) -> Investigation:
    """Lock the request, then its investigation: the order in which `take_in` does, so that neither waits in a ring."""
    seen = Investigation.objects.visible_to(by).get(reference=reference)
    HelpRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.request_id)
    investigation = Investigation.objects.visible_to(by).locked(reference)
    if investigation.state != Investigation.State.OPEN:
        raise NotOpen(investigation)
    return investigation

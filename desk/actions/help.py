"""Verbs on help requests: how the desk asks R&D. Nothing that a customer can observe changes (DESIGN 9.1)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk import disclosure
from desk.actions import crew
from desk.models import Answer, HelpRequest, Note, Print, Work
from desk.signals import help_requested, help_withdrawn
from kit.texts import clean_block, clean_line
from kit.verbs import Actor, Refused, verb
from notifications.actions import notices

DUE = {1: timedelta(hours=1), 2: timedelta(hours=4), 3: timedelta(hours=24), 4: timedelta(hours=48)}
"""The target of R&D by severity: an agreement inside the house, invisible outside."""
TEXT_LIMIT = 20_000
TITLE_LIMIT = 160


class Incomplete(Refused):
    """R&D needs these three to begin."""

    def __init__(self) -> None:
        super().__init__(_("Say what is seen, what was tried and what is asked; R&D cannot see the ticket."))


class NotOpen(Refused):
    """The help request has ended."""

    def __init__(self, request: HelpRequest) -> None:
        self.request = request
        super().__init__(_("Help request %(reference)s has ended.") % {"reference": request.reference})


@verb
def ask(
    reference: str, *, by: Actor, at: datetime, title: str, symptom: str, environment: str, tried: str, question: str,
    topic: str = "",
) -> HelpRequest:  # fmt: skip
    """Ask R&D about a ticket, in words that name no customer. `topic` is a product, by default the ticket's.

    Raises Work.DoesNotExist, WrongMove when the ticket is over, Incomplete.
    """
    work = Work.objects.visible_to(by).locked(reference)
    work.require(Work.State.POOL, Work.State.OFFERED, Work.State.OWNED, Work.State.WAITING)
    texts = {
        "symptom": clean_block(symptom, TEXT_LIMIT), "environment": clean_block(environment, TEXT_LIMIT),
        "tried": clean_block(tried, TEXT_LIMIT), "question": clean_block(question, TEXT_LIMIT),
    }  # fmt: skip
    if not all(texts[name] for name in ("symptom", "tried", "question")):
        raise Incomplete
    request = HelpRequest.objects.create(
        work=work, topic=topic or work.skill, asked_by_id=by.pk, asked_at=at, due_at=at + DUE[work.severity],
        severity=work.severity, title=clean_line(title, TITLE_LIMIT) or texts["question"][:TITLE_LIMIT], **texts,
    )  # fmt: skip
    _note(work, Note.Kind.HELP_ASKED, request, by=by, at=at, body=request.question)
    crew.acts(by)
    help_requested.send(HelpRequest, request=request)
    return request


@verb
def withdraw(reference: str, *, by: Actor, at: datetime) -> HelpRequest:
    """The desk does not need the answer any more. Raises HelpRequest.DoesNotExist, NotOpen."""
    request = HelpRequest.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(reference=reference)
    _require_open(request)
    request.state = HelpRequest.State.WITHDRAWN
    request.save(update_fields=["state"])
    Note.objects.create(
        work_id=request.work_id, kind=Note.Kind.HELP_ASKED, by_id=by.pk, at=at,
        data={"request": request.reference, "withdrawn": True},
    )  # fmt: skip
    help_withdrawn.send(HelpRequest, request=request)
    return request


@verb
def taken(request: HelpRequest) -> None:
    """R&D has opened an investigation on it."""
    HelpRequest.objects.filter(pk=request.pk, state=HelpRequest.State.OPEN).update(state=HelpRequest.State.TAKEN)


@verb
def looked_at(request: HelpRequest, *, at: datetime | None) -> None:
    """Somebody of R&D works on it since `at`; None, when it waits for somebody again."""
    HelpRequest.objects.filter(pk=request.pk).update(looked_at=at)


@verb
def answer(
    request: HelpRequest, *, by: Actor, at: datetime, body: str, workaround: str = "", fixed_in: str = ""
) -> Answer:
    """R&D's finding reaches the desk, and whoever asked or owns the ticket. Raises NotOpen for a withdrawn one."""
    work = Work.objects.waiting_lock().select_related("ticket", "engineer__user").get(pk=request.work_id)
    request = HelpRequest.objects.select_for_update(of=("self",), no_key=True).select_related("asked_by").get(
        pk=request.pk
    )  # fmt: skip
    _require_open(request)
    request.work = work
    found = Answer.objects.create(
        request=request, by_id=by.pk, at=at, body=clean_block(body, TEXT_LIMIT),
        workaround=clean_block(workaround, TEXT_LIMIT), fixed_in=clean_line(fixed_in, 60),
    )  # fmt: skip
    request.state = HelpRequest.State.ANSWERED
    request.save(update_fields=["state"])
    _note(work, Note.Kind.HELP_ANSWERED, request, by=by, at=at, body=found.body)
    people = crew.users([request.asked_by, *([work.engineer.user] if work.engineer else [])])
    payload = disclosure.help_answered(request)
    notices.tell_inside(people, "desk.help_answered", payload, about=f"{request.reference}:{found.pk}", at=at)
    return found


@verb
def guard(request: HelpRequest, digests: Collection[str]) -> None:
    """Let the door know R&D's words of this matter, by digests alone."""
    Print.objects.bulk_create(
        (Print(request=request, digest=digest) for digest in sorted(digests)), ignore_conflicts=True
    )


def _require_open(request: HelpRequest) -> None:
    if request.state not in (HelpRequest.State.OPEN, HelpRequest.State.TAKEN):
        raise NotOpen(request)


def _note(work: Work, kind: str, request: HelpRequest, *, by: Actor, at: datetime, body: str) -> None:
    data = {"request": request.reference, "title": request.title}
    Note.objects.create(work=work, kind=kind, by_id=by.pk, at=at, body=body, data=data)
    work.change(at)

"""One ticket in three panes, and what an engineer does with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from desk import timeline
from desk.actions import handovers, help, notes, offers, replies, severity
from faces.desk import forms
from kit import files, stash
from kit.pages import nothing_new
from kit.verbs import Refused
from talk.lint import Finding
from tickets import disclosure

FINDINGS = {
    "name": _("“%(excerpt)s” is a name of the house; the customer meets the desk only."),
    "host": _("“%(excerpt)s” is an internal host."),
    "tracker": _("“%(excerpt)s” is a key of an internal tracker."),
    "commit": _("“%(excerpt)s” looks like a commit."),
    "address": _("“%(excerpt)s” is a private address that the customer did not write."),
    "secret": _("“%(excerpt)s” looks like a secret."),
    "hidden": _("There are hidden characters: %(excerpt)s"),
    "overlap": _("“%(excerpt)s” is R&D's wording. Say it in your own words."),
    "path": _("“%(excerpt)s” is a path on a machine of the house."),
}
SPEAKS: dict[str, Callable[..., Any]] = {"reply": replies.send, "ask": replies.ask, "solve": replies.solve}


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The workbench. A live page asks with the version that it shows, and gets 204 while nothing is new."""
    if not request.htmx:  # type: ignore[attr-defined]
        return _page(request, reference)
    at = timezone.now()
    version = _found(lambda: timeline.version(reference, request.user, at=at))  # type: ignore[arg-type]
    since = _moment(request.GET.get("since", ""))
    return nothing_new(request, version) or _page(request, reference, template="desk/tickets/_live.html", since=since)


@require_safe
def show_earlier(request: HttpRequest, reference: str) -> HttpResponse:
    """What was said and noted before a moment, the newest of it."""
    before = _moment(request.GET.get("before", ""))
    if before is None:
        return redirect("desk:ticket", reference)
    past = _found(lambda: timeline.earlier(reference, request.user, before=before))  # type: ignore[arg-type]
    name = "_earlier" if request.htmx else "earlier"  # type: ignore[attr-defined]
    return render(request, f"desk/tickets/{name}.html", {"past": past, "ticket": past.work.ticket})


@require_POST
def acknowledge(request: HttpRequest, reference: str) -> HttpResponse:
    """Take what is offered, and stand before it."""
    return _do(request, reference, offers.acknowledge, _("It is yours."))


@require_POST
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Give an offer back."""
    answer = _do(
        request, reference, offers.refuse, _("Given back; somebody else is asked."),
        refusal=forms.ReasonForm(request.POST),
    )  # fmt: skip
    return redirect("desk:queue") if answer.status_code == 302 else answer


@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a ticket from the pool by hand."""
    return _do(request, reference, handovers.take, _("It is yours."))


@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Put the own ticket back into the pool."""
    answer = _do(
        request, reference, handovers.give_back, _("Back in the pool."), return_form=forms.ReasonForm(request.POST)
    )
    return redirect("desk:queue") if answer.status_code == 302 else answer


@require_POST
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show exactly what the customer would read, or what the linter finds. Nothing leaves here."""
    form = forms.ReplyForm(request.POST, stash.attached(request))
    if not form.is_valid():
        return _page(request, reference, status=422, reply=form)
    body = form.cleaned_data["body"]
    seen = _found(lambda: replies.preview(reference, by=request.user, body=body))  # type: ignore[arg-type]
    findings = tuple(_finding(finding) for finding in seen.findings)
    if findings or "go_on" in request.POST:
        return _page(request, reference, status=422 if findings else 200, reply=form, findings=findings)
    return _page(request, reference, template="desk/tickets/preview.html", reply=form, preview=seen)


@require_POST
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the previewed words out: as an answer, as a question, or as the solution."""
    form = forms.ReplyForm(request.POST, stash.attached(request))
    told = {"reply": _("Sent."), "ask": _("Asked; the clocks that may wait do."), "solve": _("Solved.")}
    if not form.is_valid():
        return _page(request, reference, status=422, reply=form)
    words = dict(form.cleaned_data)
    intent = words.pop("intent")
    return _call(request, reference, SPEAKS[intent], told[intent], words, reply=form)


@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Say something to colleagues."""
    return _do(request, reference, notes.write, _("Note saved."), note=forms.NoteForm(request.POST))


@require_POST
def set_aside(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer's last word asks for nothing."""
    told = _("Set aside; the customer sees why.")
    return _do(request, reference, replies.set_aside, told, aside_form=forms.AsideForm(request.POST))


@require_POST
def confirm_severity(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the severity, or say another."""
    told = _("Severity confirmed.")
    return _do(request, reference, severity.confirm, told, severity_form=forms.SeverityForm(request.POST))


@require_POST
def ask_help(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask R&D."""
    told = _("R&D has been asked. The customer sees nothing of it.")
    return _do(request, reference, help.ask, told, help_form=forms.HelpForm(request.POST))


@require_POST
def withdraw_help(request: HttpRequest, reference: str, request_reference: str) -> HttpResponse:
    """R&D's answer is not needed any more."""

    def withdraw(ticket: str, **moment: Any) -> None:
        help.withdraw(request_reference, **moment)

    return _do(request, reference, withdraw, _("Withdrawn."))


@require_safe
def download(request: HttpRequest, reference: str, file: str) -> FileResponse:
    """A file that hangs on the public talk, to who works the ticket's desk."""
    _found(lambda: timeline.version(reference, request.user, at=timezone.now()))  # type: ignore[arg-type]
    found = _found(lambda: disclosure.file_of(request.user, reference, file))  # type: ignore[arg-type]
    return files.answer(found.name, found.media_type, found.sha256)


def _finding(finding: Finding) -> str:
    """One finding of the linter in a sentence."""
    return str(FINDINGS[finding.kind]) % {"excerpt": finding.excerpt[:60]}


def _do(request: HttpRequest, reference: str, verb: Callable[..., Any], told: object, **form: Any) -> HttpResponse:
    """Call one verb with one form's words, if there is one."""
    filled = next(iter(form.values()), None)
    if filled is not None and not filled.is_valid():
        return _page(request, reference, status=422, **form)
    return _call(request, reference, verb, told, dict(filled.cleaned_data) if filled else {}, **form)


def _call(
    request: HttpRequest, reference: str, verb: Callable[..., Any], told: object, words: dict[str, Any], **form: Any
) -> HttpResponse:
    """On a refusal the page comes back with the reason, and with every word kept."""
    try:
        _found(lambda: verb(reference, by=request.user, at=timezone.now(), **words))
    except Refused as refused:
        return _page(request, reference, status=409, refused=str(refused), **form)
    messages.success(request, str(told))
    return redirect("desk:ticket", reference)


def _page(
    request: HttpRequest, reference: str, *, template: str = "desk/tickets/show.html", status: int = 200,
    since: datetime | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    if "reply" in more:
        stash.keep(request, more["reply"])
    bench = _found(lambda: timeline.show(reference, request.user, at=timezone.now(), since=since))  # type: ignore[arg-type]
    context = {
        "bench": bench, "work": bench.work, "ticket": bench.work.ticket,
        "reply": forms.ReplyForm(initial={"body": _draft(bench, request.GET.get("use", ""))}),
        "note": forms.NoteForm(), "help_form": forms.HelpForm,
        "severity_form": partial(forms.SeverityForm, initial={"severity": bench.work.severity}),
        "aside_form": forms.AsideForm, "return_form": forms.ReasonForm,
        "findings": (), "filled": frozenset(more), **more,
    }  # fmt: skip
    return render(request, template, context, status=status)


def _draft(bench: timeline.Workbench, request_reference: str) -> str:
    """What R&D means to be passed on word for word, of the answers to one help request."""
    answers = (answer for asked in bench.help if asked.reference == request_reference for answer in asked.answers)
    return "\n\n".join(answer.workaround for answer in answers if answer.workaround)


def _moment(written: str) -> datetime | None:
    """A moment as an address says it; None for anything else."""
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):  # at the ends of the calendar there may be no such moment in UTC
        return None


def _found(ask: Callable[[], Any]) -> Any:
    """What is foreign answers as what does not exist."""
    try:
        return ask()
    except ObjectDoesNotExist as missing:
        raise Http404 from missing

"""Tickets in the portal: filed, listed, read, answered, moved."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from faces.portal.asking import Request, foreign_is_missing
from faces.portal.forms import RaiseForm, RatingForm, TicketForm, WordsForm
from kit import files, stash
from kit.pages import nothing_new
from kit.pages import show as show_page
from kit.verbs import Refused
from tickets import disclosure
from tickets.actions import ratings, severity, words
from tickets.actions import tickets as verbs
from tickets.disclosure import FilingChoices, Outlook

SHELVES = ("", "open", "over")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def list_(request: Request) -> HttpResponse:
    """The list, newest first, a page at a time."""
    status = request.GET.get("show", "")
    status = status if status in SHELVES else ""
    before = request.GET.get("before")
    shelf = disclosure.ticket_list(request.viewer, at=timezone.now(), before=before, status=status)
    context = {"shelf": shelf, "shelves": _shelves(status), "status": status, "has_newer": bool(before)}
    return show_page(request, "portal/tickets/list.html", context)


def _shelves(status: str) -> tuple[tuple[str, str, bool], ...]:
    named = (_("All"), _("Still open"), _("Solved and closed"))
    return tuple(
        (name, f"?show={key}" if key else "?", key == status) for key, name in zip(SHELVES, named, strict=True)
    )


@form_page
@foreign_is_missing
def file(request: Request) -> HttpResponse:
    """The form of a new ticket. Its buttons show the promise, take the category's template, or send."""
    at = timezone.now()
    is_sent = request.method == "POST"
    form = TicketForm(request.POST if is_sent else None, stash.attached(request) if is_sent else None)
    if is_sent and request.POST.get("do", "send") == "send" and form.is_valid():
        try:
            return _filed(request, form, at)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, at)


def _filed(request: Request, form: TicketForm, at: datetime) -> HttpResponse:
    fields = form.cleaned_data
    key = f"portal:{request.viewer.pk}:{fields['source_key']}"
    try:
        ticket = verbs.submit(
            by=request.viewer, at=at, organization=fields["organization"], category=fields["category"],
            subject=fields["subject"], body=fields["body"], severity=fields["severity"],
            entitlement=fields["entitlement"] or None, asset=fields["asset"] or None,
            department=fields["department"] or None, files=fields["files"],
            language=get_language() or "", source_key=key,
        )  # fmt: skip
    except ObjectDoesNotExist:
        choices = disclosure.filing_choices(request.viewer, at)
        if not _is_mixed_up(choices, fields):
            raise
        form.add_error(None, _("Plan and cluster must belong to the organization for which you file. Choose again."))
        return _form_page(request, form, at)
    messages.success(request, _("Your ticket %(reference)s has arrived.") % {"reference": ticket.reference})
    return redirect("portal:ticket", ticket.reference)


def _is_mixed_up(choices: FilingChoices, fields: dict[str, Any]) -> bool:
    """Whether everything is the reader's own and only does not belong together."""
    known = {one.reference for one in choices.assets} | {one.reference for one in choices.plans}
    known |= {one.reference for one in choices.departments}
    named = [fields[name] for name in ("asset", "entitlement", "department") if fields[name]]
    is_mine = fields["organization"] in {one.reference for one in choices.organizations}
    return is_mine and choices.category(fields["category"]) is not None and all(one in known for one in named)


def _form_page(request: Request, form: TicketForm, at: datetime) -> HttpResponse:
    """The form with everything that was typed, and the promise for what is chosen."""
    choices = disclosure.filing_choices(request.viewer, at)
    if not choices.organizations:
        return show_page(request, "portal/tickets/nobody.html", {"belongs": bool(request.viewer.belongings)})
    do, sent = request.POST.get("do", ""), request.method == "POST"
    values = _values(request, choices)
    is_refused = sent and do in ("", "send")
    shown = form if is_refused else TicketForm(initial=values)
    stash.keep(request, form, shown=shown)
    shown.offer(choices)
    context = {
        "form": shown, "outlook": _outlook(request, choices, values, at), "levels": _levels(values["severity"]),
        "has_plans": bool(choices.plans),
    }  # fmt: skip
    return show_page(request, "portal/tickets/new.html", context, status=422 if is_refused else 200)


def _values(request: Request, choices: FilingChoices) -> dict[str, Any]:
    """What stands in the form: what was typed, else what is likely. A template gives way to what was written."""
    sent = request.POST if request.method == "POST" else request.GET
    organization = sent.get("organization") or choices.organizations[0].reference
    plans = choices.plans_of(organization)
    rooms = [one.reference for one in choices.departments if one.organization == organization]
    category = choices.category(sent.get("category", "")) or next(iter(choices.categories), None)
    body = sent.get("body", "").replace("\r\n", "\n")
    is_untouched = not body.strip() or body.strip() in {one.template.strip() for one in choices.categories}
    return {
        "source_key": sent.get("source_key") or uuid4().hex,
        "organization": organization,
        "category": category.slug if category else "",
        "asset": sent.get("asset", ""),
        "department": sent.get("department", rooms[0] if rooms else ""),
        "severity": int(sent["severity"]) if sent.get("severity") in ("1", "2", "3", "4") else 3,
        "entitlement": sent.get("entitlement", plans[0].reference if plans else ""),
        "subject": sent.get("subject", ""),
        "body": category.template if category and is_untouched else body,
    }


def _outlook(request: Request, choices: FilingChoices, values: dict[str, Any], at: datetime) -> Outlook | None:
    """The promise for what is chosen; None while plan and organization do not belong together."""
    plans = [plan.reference for plan in choices.plans_of(values["organization"])]
    if values["entitlement"] and values["entitlement"] not in plans:
        return None
    return disclosure.outlook(
        request.viewer, at, organization=values["organization"], entitlement=values["entitlement"],
        severity=values["severity"],
    )  # fmt: skip


def _levels(chosen: int, levels: tuple[int, ...] = (1, 2, 3, 4)) -> tuple[tuple[int, str, str, bool], ...]:
    return tuple(
        (level, str(name), str(meaning), level == chosen)
        for level, (name, meaning) in disclosure.SEVERITIES.items()
        if level in levels
    )


@require_safe
@foreign_is_missing
def show_promise(request: Request) -> HttpResponse:
    """The promise for what is chosen in the form now."""
    at = timezone.now()
    choices = disclosure.filing_choices(request.viewer, at)
    if not choices.organizations:
        return HttpResponse(status=204)
    outlook = _outlook(request, choices, _values(request, choices), at)
    return show_page(request, "portal/tickets/_promise.html", {"outlook": outlook})


@require_POST
@foreign_is_missing
def show_template(request: Request) -> HttpResponse:
    """The text field with the template of the category chosen now, or with what was typed."""
    choices = disclosure.filing_choices(request.viewer, timezone.now())
    if not choices.organizations:
        return HttpResponse(status=204)
    form = TicketForm(initial=_values(request, choices))
    return show_page(request, "portal/tickets/_body.html", {"form": form})


@require_safe
@foreign_is_missing
def show(request: Request, reference: str) -> HttpResponse:
    return _page(request, reference)


@require_safe
@foreign_is_missing
def live(request: Request, reference: str) -> HttpResponse:
    """The part of the page that changes; 204 while nothing is new."""
    at = timezone.now()
    version = disclosure.page_version(request.viewer, reference, at)
    return nothing_new(request, version) or _page(
        request, reference, template="portal/tickets/_live.html", is_swap=True
    )


def _start(request: Request) -> int | None:
    """From which fact on the talk is asked for; None for its newest part."""
    written = request.GET.get("start", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _page(
    request: Request,
    reference: str,
    *,
    template: str = "portal/tickets/ticket.html",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = disclosure.ticket_page(reference, request.viewer, at=timezone.now(), start=_start(request))
    context = {"ticket": page, "rating_form": RatingForm() if page.moves.may_rate and not page.rating else None, **more}
    return show_page(request, template, context, status=status)


@require_POST
@foreign_is_missing
def say(request: Request, reference: str) -> HttpResponse:
    """The customer's answer. What was typed stays when it cannot be sent."""
    form = WordsForm(request.POST, stash.attached(request))
    error = ""
    if form.is_valid():
        try:
            message = words.say(reference, by=request.viewer, at=timezone.now(), **form.cleaned_data)
            return redirect(f"{disclosure.address(reference)}#{message.reference}")
        except Refused as refused:
            error = str(refused)
    else:
        error = " ".join(str(text) for texts in form.errors.values() for text in texts)
    kept = stash.keep(request, form)
    return _page(request, reference, status=422, typed=request.POST.get("body", ""), kept=kept, error=error)


@require_POST
@foreign_is_missing
def urge(request: Request, reference: str) -> HttpResponse:
    done = _("Urged. The engineer on duty and the duty manager are told now.")
    return _move(request, reference, done, words.urge)


@require_POST
@foreign_is_missing
def close(request: Request, reference: str) -> HttpResponse:
    return _move(request, reference, _("Thank you. The ticket is closed."), verbs.close)


@form_page
@foreign_is_missing
def withdraw(request: Request, reference: str) -> HttpResponse:
    """Ask once, then take it back."""
    if request.method == "POST":
        return _move(request, reference, _("The ticket is withdrawn."), verbs.withdraw)
    page = disclosure.ticket_page(reference, request.viewer, at=timezone.now(), start=_start(request))
    return show_page(request, "portal/tickets/withdrawal.html", {"ticket": page})


@form_page
@foreign_is_missing
def raise_severity(request: Request, reference: str) -> HttpResponse:
    """A higher severity with its reason."""
    at = timezone.now()
    page = disclosure.ticket_page(reference, request.viewer, at=at)
    form = RaiseForm(request.POST if request.method == "POST" else None, levels=page.moves.raise_to)
    if form.is_valid():
        try:
            severity.raise_(reference, by=request.viewer, at=at, **form.cleaned_data)
            messages.success(request, _("Raised to S%(level)d.") % {"level": form.cleaned_data["severity"]})
            return redirect("portal:ticket", reference)
        except Refused as refused:
            form.add_error(None, str(refused))
    chosen, offered = request.POST.get("severity", ""), page.moves.raise_to
    levels = _levels(int(chosen) if chosen in ("1", "2", "3") else max(offered, default=0), offered)
    context = {"ticket": page, "form": form, "levels": levels}
    return show_page(request, "portal/tickets/severity.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@foreign_is_missing
def rate(request: Request, reference: str) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, reference, status=422, rating_form=form)
    done = _("Thank you. Whoever answers you reads this.")
    return _move(request, reference, done, ratings.rate, **form.cleaned_data)


@require_safe
@foreign_is_missing
def download(request: Request, reference: str, file: str) -> FileResponse:
    """A file of this ticket, after the question whether this reader may have it."""
    one = disclosure.file_of(request.viewer, reference, file)
    return files.answer(one.name, one.media_type, one.sha256)


def _move(request: Request, reference: str, done: str, verb: Callable[..., Any], **said: Any) -> HttpResponse:
    """Do it, or say why not; either way back to the ticket."""
    try:
        verb(reference, by=request.viewer, at=timezone.now(), **said)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:ticket", reference)

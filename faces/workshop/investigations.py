"""One investigation: what the desk wrote, what R&D says to itself, and the finding that goes back."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from faces.workshop import notices
from faces.workshop.forms import FindingForm, GroupForm, RemarkForm
from kit.pages import nothing_new
from kit.verbs import Refused
from rnd import timeline
from rnd.actions import investigations
from rnd.models import Investigation


@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """The page; its live part asks with the version that it shows."""
    page = _page(request, reference)
    if request.htmx:  # type: ignore[attr-defined]
        return nothing_new(request, page.version) or render(
            request, "workshop/investigations/_talk.html", {"page": page}
        )
    return _render(request, page)


@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """The reader works on it from now on."""
    return _do(request, reference, investigations.take, _("You work on it now."))


@require_POST
def remark(request: HttpRequest, reference: str) -> HttpResponse:
    """Say something inside R&D."""
    return _do(request, reference, investigations.remark, _("Remark saved."), remark=RemarkForm(request.POST))


@require_POST
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the desk."""
    told = _("The desk has your finding.")
    return _do(request, reference, investigations.publish, told, finding=FindingForm(request.POST))


@require_POST
def pass_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Hand it to another group, and go back to the inbox: the page may be out of sight now."""
    told = _("Handed on to the other group.")
    answer = _do(request, reference, investigations.pass_on, told, group=GroupForm(request.POST))
    return redirect("workshop:inbox") if answer.status_code == 302 else answer


def _do(request: HttpRequest, reference: str, verb: Any, told: str, **form: Any) -> HttpResponse:
    """Call one verb with one form's words, if there is one; on a refusal the page comes back with the words kept."""
    filled = next(iter(form.values()), None)
    if filled is not None and not filled.is_valid():
        return _render(request, _page(request, reference), status=422, **form)
    try:
        verb(reference, by=request.user, at=timezone.now(), **(filled.cleaned_data if filled else {}))
    except Investigation.DoesNotExist as missing:
        raise Http404 from missing
    except Refused as refused:
        return _render(request, _page(request, reference), status=409, refused=str(refused), **form)
    messages.success(request, told)
    return redirect("workshop:investigation", reference)


def _page(request: HttpRequest, reference: str) -> timeline.Page:
    try:
        return timeline.show(reference, request.user, at=timezone.now())  # type: ignore[arg-type]
    except Investigation.DoesNotExist as missing:
        raise Http404 from missing


def _render(
    request: HttpRequest, page: timeline.Page, *, status: int = 200, refused: str = "", remark: Form | None = None,
    finding: Form | None = None, group: Form | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "page": page, "refused": refused, "remark": remark or RemarkForm(), "finding": finding or FindingForm(),
        "group": group or GroupForm(initial={"topic": page.topic}), "has_news": notices.has_news(request),
    }  # fmt: skip
    return render(request, "workshop/investigations/show.html", context, status=status)

"""Health for operations: what the engine does lately, and what could not be told to people."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import board as books
from billing.actions import inbox
from billing.models import ProviderEvent
from notifications import board
from notifications.actions import notices
from notifications.models import Notice


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page. What the engine itself says is a tag that the engine brings, since it stands above the faces."""
    return render(request, "office/health/show.html", {"told": board.undelivered(), "events": books.stuck_events()})


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try one dead notice again."""
    try:
        notices.retry(request.POST.get("key", ""), by=request.user)  # type: ignore[arg-type]
    except Notice.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("It will be tried again within a few seconds."))
    return redirect("office:health")


@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Look again at what a card company told."""
    try:
        inbox.retry(int(request.POST.get("event", "")[:18]), by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except (ProviderEvent.DoesNotExist, ValueError) as missing:
        raise Http404 from missing
    messages.success(request, _("It is looked at within a few seconds."))
    return redirect("office:health")

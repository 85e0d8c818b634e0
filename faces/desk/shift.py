"""My shift: who is on now, what waits for my answer, what I hold, and when it is handed over."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk import board
from kit.pages import nothing_new
from notifications import disclosure
from notifications.models.inside import InsideNotice

AHEAD = timedelta(hours=24)
TOLD = 6


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """One page for the start, the middle and the end of a shift."""
    at = timezone.now()
    me = board.seat(request.user)  # type: ignore[arg-type]
    is_live = bool(request.htmx)  # type: ignore[attr-defined]
    if is_live and (unchanged := nothing_new(request, me.version(at))):
        return unchanged
    told = InsideNotice.objects.visible_to(request.user).on_page()[:TOLD]  # type: ignore[arg-type]
    holding = board.holding(me, at=at)
    context = {
        "me": me, "at": at, "version": me.version(at), "desks": board.desks_now(me, at=at, end=at + AHEAD),
        "holding": holding, "told": disclosure.lines(told), "waiting": sum(row.turn == "theirs" for row in holding),
    }  # fmt: skip
    return render(request, "desk/shift/_live.html" if is_live else "desk/shift/show.html", context)

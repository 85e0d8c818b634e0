"""The desk's first page: what is open, by nearest promise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk import board
from faces.desk import facets
from faces.desk.forms import QueueForm
from kit.pages import nothing_new


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The queue. A live page asks with the version that it shows, and gets 204 while nothing is new."""
    at = timezone.now()
    me = board.seat(request.user)  # type: ignore[arg-type]
    is_live = bool(request.htmx)  # type: ignore[attr-defined]
    if is_live and (unchanged := nothing_new(request, me.version(at))):
        return unchanged
    form = QueueForm(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    queue = board.queue(
        me, at=at, view=form.view_chosen(), chosen=form.chosen(), q=q, after=request.GET.get("after", "")
    )
    context = {
        "me": me, "queue": queue, "q": q, "query": _query(request), "chips": facets.chips(queue, request.GET),
        "views": facets.views(queue, request.GET), "groups": facets.groups(queue, request.GET),
    }  # fmt: skip
    if not is_live:
        context["until"] = board.until(me, at=at)
    return render(request, "desk/queue/_live.html" if is_live else "desk/queue/show.html", context)


def _query(request: HttpRequest) -> str:
    """What the list is narrowed to, for the addresses of its live part and its next page."""
    query = request.GET.copy()
    for name in ("v", "after"):
        query.pop(name, None)
    return query.urlencode()

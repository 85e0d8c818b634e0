"""How the workshop works: what R&D sees of a matter, by when it answers, and where the answer goes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.actions.help import DUE


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page, with the times within which a help request is answered."""
    return render(request, "workshop/help/show.html", {"due": tuple(DUE.items())})

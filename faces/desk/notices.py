"""What a person of the desk was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from notifications import disclosure
from notifications.actions import notices
from notifications.models.inside import InsideNotice

SHOWN = 50


def show(request: HttpRequest) -> HttpResponse:
    """The last notices, the newest first."""
    rows = InsideNotice.objects.visible_to(request.user).on_page()[:SHOWN]  # type: ignore[arg-type]
    return render(request, "desk/notices/show.html", {"lines": disclosure.lines(rows)})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything told so far has been read."""
    notices.read_all(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    return redirect("desk:notices")

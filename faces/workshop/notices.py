"""What a person of R&D was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from notifications import disclosure
from notifications.actions import notices
from notifications.models.inside import InsideNotice

SHOWN = 50


def has_news(request: HttpRequest) -> bool:
    """Whether something was told that the reader has not yet read: for the rail."""
    return InsideNotice.objects.visible_to(request.user).on_page().unread().exists()  # type: ignore[arg-type]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The last notices, the newest first."""
    rows = InsideNotice.objects.visible_to(request.user).on_page()[:SHOWN]  # type: ignore[arg-type]
    lines = disclosure.lines(rows)
    is_news = not all(line.is_read for line in lines)
    return render(request, "workshop/notices/show.html", {"lines": lines, "is_news": is_news, "has_news": is_news})


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything told so far has been read."""
    notices.read_all(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    return redirect("workshop:notices")

"""What a customer was told, in the portal as by mail."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from faces.portal.asking import Request
from kit.pages import show as show_page
from notifications import disclosure
from notifications.actions import notices


@require_safe
def show(request: Request) -> HttpResponse:
    """The newest fifty."""
    lines = disclosure.recent(request.viewer)
    return show_page(
        request, "portal/notices/show.html", {"lines": lines, "is_news": any(not line.is_read for line in lines)}
    )


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Everything told so far has been read."""
    notices.read_all(by=request.viewer, at=timezone.now())
    return redirect("portal:notices")

"""The portal's first page: what waits for you, what is open, what we promised you."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import disclosure as billing
from billing.disclosure import Standing
from faces.portal.asking import Request
from kit.pages import show as show_page
from tickets import disclosure

SHOWN = 8
"""So many open tickets stand here; the others are one click away."""


@require_safe
def show(request: Request) -> HttpResponse:
    """Everything in one look; for somebody without an organization the first step."""
    viewer = request.viewer
    if not viewer.belongings:
        return show_page(request, "portal/home/first.html")
    at = timezone.now()
    cards = disclosure.open_tickets(viewer, at=at)
    ours = tuple(card for card in cards if not card.is_yours)
    context = {
        "yours": tuple(card for card in cards if card.is_yours),
        "ours": ours[:SHOWN],
        "has_more": len(ours) > SHOWN,
        "invoices": tuple(one for one in billing.invoice_list(viewer) if one.standing != Standing.PAID),
        "today": timezone.localdate(at),
        "plans": disclosure.entitlements(viewer, at=at),
        "has_several": len(viewer.belongings) > 1,
    }
    return show_page(request, "portal/home/show.html", context)

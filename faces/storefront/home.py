"""The first page: what Gatehouse is, what is on the shelf, how a promise is kept, and the first step."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import rails
from faces.storefront import comparison, strips
from kit.pages import show as show_page
from marketplace import disclosure


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The home page, with the same plans and the same example that the plans page shows in full."""
    at = timezone.now()
    plans = disclosure.shelf(at)
    currency = comparison.currency_of(request, plans)
    example = disclosure.example(plans, at)
    context = {
        "shelf": comparison.heads(plans, currency),
        "currency": currency,
        "takes_cards": rails.card() is not None,
        "example": example,
        "drawing": example and strips.draw(example),
    }
    return show_page(request, "storefront/home.html", context)

"""The comparison of plans: what each promises, how it is counted, and a worked example."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from faces.storefront import comparison, strips
from kit.pages import show as show_page
from marketplace import disclosure


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Plans side by side in one currency (`?currency=`)."""
    at = timezone.now()
    plans = disclosure.shelf(at)
    currency = comparison.currency_of(request, plans)
    example = disclosure.example(plans, at)
    context = {
        "currency": currency,
        "currencies": comparison.currencies(plans, currency),
        "heads": comparison.heads(plans, currency),
        "groups": comparison.groups(plans),
        "tinted": comparison.tinted(plans),
        "promises_solutions": any(row.resolution for plan in plans for row in plan.promises),
        "example": example,
        "drawing": example and strips.draw(example),
    }
    return show_page(request, "storefront/plans.html", context)

"""How this works, for whoever thinks of buying: what is sold, how a promise is counted, whose turn means what."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import rails
from faces.storefront import strips
from kit.pages import show as show_page
from marketplace import disclosure


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page, with the worked example of the plans on the shelf."""
    at = timezone.now()
    example = disclosure.example(disclosure.shelf(at), at)
    context = {"example": example, "drawing": example and strips.draw(example), "takes_cards": rails.card() is not None}
    return show_page(request, "storefront/help/show.html", context)

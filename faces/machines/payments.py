"""What card companies post: kept once, answered at once, handled elsewhere. The signature is the only way in."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing import rails
from kit.verbs import Refused

LONGEST = 64 * 1024
"""Bytes of an event; real ones are a tenth of it."""


@csrf_exempt
@require_POST
def take_in(request: HttpRequest, rail: str) -> JsonResponse:
    """200 for an event that is kept, now or before; 400 for one whose signature does not hold, whatever it says."""
    open_rail = rails.card()
    if open_rail is None or open_rail.name != rail:
        raise Http404
    arrive = open_rail.arrive
    body = request.read(LONGEST + 1)
    try:
        if len(body) > LONGEST:
            raise arrive.NotSigned("too long")
        arrive.take_in(body, request.headers.get(arrive.HEADER, ""), at=timezone.now())
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=400)
    return JsonResponse({"kept": True})

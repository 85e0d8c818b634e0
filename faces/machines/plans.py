"""The published plans for programs: prices in minor units, promises in seconds of working time."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from kit.projection import check, to_json
from marketplace import disclosure


@require_safe
def list_(request: HttpRequest) -> JsonResponse:
    """Every plan on the shelf, as its projection stands."""
    body = {"plans": disclosure.shelf(timezone.now())}
    check(body)
    return JsonResponse(to_json(body), json_dumps_params={"ensure_ascii": False})

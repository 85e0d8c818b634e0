"""What every template may know about its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def reader(request: HttpRequest) -> dict[str, Any]:
    """`viewer` is the frozen reader that the face's guard put on the request; absent before a guard has run.

    `must_set_up`: nothing else opens before the second factor stands.
    """
    return {
        "viewer": getattr(request, "viewer", None),
        "is_embedded": settings.EMBEDDED,
        "must_set_up": getattr(request, "must_set_up", False),
    }

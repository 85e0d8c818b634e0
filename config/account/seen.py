"""When and from where each session was last used, for the list of places where one is signed in."""

import time
from collections.abc import Callable

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions import sessions

EVERY_SECONDS = 300
MANY = 20_000

_noted: dict[str, float] = {}
"""Session key to this process's clock. The first request of a session is not written: its sign-in just was."""


def seen(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Write at most once in five minutes, session and process that it is still in use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user, key = request.user, request.session.session_key
        if user.is_authenticated and key and _is_due(key):
            note(request, key, user.pk)
        return respond(request)

    return middleware


def note(request: HttpRequest, key: str, user_id: int) -> None:
    """The session was used just now, by this request."""
    agent = request.headers.get("User-Agent", "")
    address = get_client_ip(request) or "0.0.0.0"  # noqa: S104  (nowhere; nothing listens there)
    sessions.note(key, user_id=user_id, address=address, agent=agent, at=timezone.now())


def _is_due(key: str) -> bool:
    now = time.monotonic()
    if len(_noted) > MANY:
        _noted.clear()
    if now - _noted.setdefault(key, now) < EVERY_SECONDS:
        return False
    _noted[key] = now
    return True

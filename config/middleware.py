"""Small middlewares: being alive, headers for every answer, long requests, idle sessions, the reader's zone."""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from config.engine import health
from kit.texts import storable

Respond = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
SEEN = "seen"
"""In the session: when its owner was last here, to within `SEEN_SECONDS`."""
SEEN_SECONDS = 300


def alive(respond: Respond) -> Respond:
    """`/healthz` for whoever asks from inside: before any rule about hosts and https, since a probe knows neither."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return health.answers(request)
        return respond(request)

    return middleware


def headers(respond: Respond) -> Respond:
    """The same strict headers on every page; nothing of a signed-in page stays in any cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            viewer = getattr(request, "viewer", None)
            patch_cache_control(response, private=True, **({"no_store": True} if viewer and viewer.pk else {}))
        return response

    return middleware


def body_limit(respond: Respond) -> Respond:
    """Refuse unread what is longer than any form of the house can be."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            return HttpResponse(render_to_string("413.html"), status=413)
        return respond(request)

    return middleware


class Storable:
    """Take out of every address, query and form what no database takes: NUL and lone surrogates.

    It runs before the view and after the check of the form's token, which has read the form anyway. The words that
    people see are cleaned by their fields (`kit/forms.py`); this is for keys, cursors and searches.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[object, ...], parts: dict[str, object]
    ) -> None:
        if any(isinstance(part, str) and storable(part) != part for part in parts.values()):
            raise Http404
        request.GET = _storable(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _storable(request.POST)  # type: ignore[assignment]


def _storable(query: QueryDict) -> QueryDict:
    pairs = [(name, values) for name, values in query.lists()]
    if all(storable(text) == text for name, values in pairs for text in (name, *values)):
        return query
    clean = QueryDict(mutable=True)
    for name, values in pairs:
        clean.setlist(storable(name), [storable(value) for value in values])
    clean._mutable = False  # type: ignore[attr-defined]
    return clean


def idle(respond: Respond) -> Respond:
    """End a session whose owner has not been here for `SESSION_IDLE` seconds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_IDLE and request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get(SEEN, now - SEEN_SECONDS)
            if now - seen > settings.SESSION_IDLE:
                logout(request)
            elif now - seen >= SEEN_SECONDS:
                request.session[SEEN] = now
        return respond(request)

    return middleware


def reader(respond: Respond) -> Respond:
    """Show times in the person's zone, and words in the person's language unless a cookie says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in dict(settings.LANGUAGES):
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            with timezone.override(ZoneInfo(user.timezone)):
                return respond(request)
        return respond(request)

    return middleware

"""The two addresses that belong to no face: where a person goes after signing in, and the language switch."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import people

FIRST_PAGE = (
    ({"tier_1", "tier_2"}, "desk", "/desk/"),
    ({"rnd"}, "workshop", "/workshop/"),
    ({"duty_manager"}, "office", "/office/wallboard/"),
    ({"finance"}, "office", "/office/receivables/"),
    ({"operations"}, "office", "/office/health/"),
    ({"sales"}, "office", "/office/"),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the face in which this person works."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.is_inside:
        return redirect("/portal/")
    for teams, face, address in FIRST_PAGE:
        if teams & set(viewer.teams) and face in settings.FACES:
            return redirect(address)
    return redirect("/")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language and go back; an unknown language changes nothing.

    Of a person it is remembered with the person, for pages and mails alike; of somebody unknown, in a cookie.
    """
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    viewer = request.viewer  # type: ignore[attr-defined]
    if language in dict(settings.LANGUAGES) and viewer.is_authenticated:
        people.speak(language, by=viewer)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    elif language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=31536000, samesite="Lax", httponly=True,
            secure=settings.IS_HTTPS,
        )  # fmt: skip
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """What a visitor sees after an error: ours, or the database's, which may be back in a moment.

    Django calls it while it handles the error. Asks nothing of the database.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
    return HttpResponse(render_to_string("500.html"), status=500)

"""The two addresses that belong to no face: where a person goes after signing in, and the language switch."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

FIRST_PAGE = (
    ({"tier_1", "tier_2"}, "desk", "/desk/"),
    ({"rnd"}, "workshop", "/workshop/"),
    ({"duty_manager", "finance", "sales", "operations"}, "office", "/office/"),
)


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
    """Remember the chosen language in a cookie and go back; an unknown language changes nothing."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31536000, samesite="Lax", httponly=True)
    return response

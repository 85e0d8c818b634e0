"""The embedded default's extra pages: one button for each person, everybody's mail, and the look of all components."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from demo import cast, outbox

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GROUPS = ("Customers", "Desk", "Behind the desk")


def people(request: HttpRequest) -> HttpResponse:
    """Everybody who can be signed in with one press."""
    customers = [one for one in cast.PEOPLE if not one.teams]
    desk = [one for one in cast.PEOPLE if any(team.startswith("Desk") for team in one.teams)]
    others = [one for one in cast.PEOPLE if one not in customers and one not in desk]
    groups = list(zip(GROUPS, (customers, desk, others), strict=True))
    return render(request, "demo/people.html", {"groups": groups, "password": cast.PASSWORD})


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of the cast, second factor taken as given, and go to where that person works."""
    if key not in cast.BY_KEY:
        raise Http404
    login(request, cast.person(key), backend=BACKEND)
    return redirect("home")


def mails(request: HttpRequest) -> HttpResponse:
    """The outbox of all."""
    return render(request, "demo/outbox.html", {"mails": outbox.latest()})


def look(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for review."""
    return render(request, "demo/look.html")

"""The embedded default's extra pages: one button for each person, everybody's mail, and the look of all components."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import factors
from accounts.actions import sessions
from accounts.models import User
from demo import cast, outbox
from duty import coverage
from duty.models import Desk

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GROUPS = (_("Customers"), _("The desk"), _("Behind the desk"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One button: who it is, and for the desk until when that person is on duty, None = not now."""

    person: cast.Person
    is_on: bool
    until: datetime | None


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who can be signed in with one press, and who of the desk is on duty at this moment."""
    context = {"groups": groups(timezone.now()), "password": cast.PASSWORD}
    return render(request, "demo/people.html", context)


def groups(at: datetime) -> list[tuple[Promise, list[Entry]]]:
    """The cast as three groups of buttons."""
    covers = [coverage.show(desk, at=at) for desk in Desk.objects.filter(owner__is_house=True)]
    on = {one.name: one.until for cover in covers for one in cover.on}
    entries = [Entry(one, one.name in on, on.get(one.name)) for one in cast.PEOPLE]
    customers = [entry for entry in entries if not entry.person.teams]
    desk = [entry for entry in entries if any(team.startswith("Desk") for team in entry.person.teams)]
    others = [entry for entry in entries if entry not in customers and entry not in desk]
    return list(zip(GROUPS, (customers, desk, others), strict=True))


@require_POST
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of the cast, second factor taken as given, and go to where that person works."""
    if key not in cast.BY_KEY:
        raise Http404
    try:
        person = cast.person(key)
    except User.DoesNotExist as missing:
        raise Http404 from missing
    login(request, person, backend=BACKEND)
    factors.mark(request, person)
    sessions.note(
        request.session.session_key or "", user_id=person.pk, address=request.META["REMOTE_ADDR"],
        agent=request.headers.get("User-Agent", ""), at=timezone.now(),
    )  # fmt: skip
    return redirect("home")


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The outbox of all, or of the person whose address the query names."""
    return render(request, "demo/outbox.html", {"shelf": outbox.latest(request.GET.get("to", ""))})


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for review."""
    return render(request, "demo/look.html", {"now": timezone.now()})

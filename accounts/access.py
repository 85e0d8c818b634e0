"""Who may enter which face: the guards of the house, and the questions that verbs ask about their actor."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import factors
from accounts.disclosure import ANONYMOUS, Belonging, Viewer
from accounts.disclosure import belongings as belongings_of
from accounts.models import Membership, User
from accounts.models.inside import Seat, Team
from kit.questions import Question, Slot
from kit.verbs import Actor


def viewer_of(user: User) -> Viewer:
    """The frozen reader for `user`: one query, of memberships outside and of seats inside."""
    belongings: tuple[Belonging, ...] = ()
    teams: tuple[str, ...] = ()
    if user.is_inside and settings.IS_INSIDE:  # a process with outside faces only need not know who works where
        teams = tuple(sorted({kind for (kind,) in _KINDS.ask(user=user.pk)}))
    elif not user.is_inside:
        belongings = belongings_of(user.pk)
    return Viewer(
        pk=user.pk, name=user.name, email=user.email, language=user.language, timezone=user.timezone,
        is_inside=user.is_inside, belongings=belongings, teams=teams,
    )  # fmt: skip


_KINDS: Question[tuple[str]] = Question(lambda: Seat.objects.filter(user_id=Slot("user")).values_list("team__kind"))


def has_role(user: Actor, organization_id: int, roles: tuple[str, ...]) -> bool:
    """Whether `user` holds one of `roles` in the organization, now."""
    return Membership.objects.filter(user_id=user.pk, organization_id=organization_id, role__in=roles).exists()


def sits_in(user: Actor, *kinds: str) -> bool:
    """Whether `user` has a seat in a team of one of `kinds`, now."""
    return Seat.objects.filter(user_id=user.pk, team__kind__in=kinds).exists()


def people_of(*kinds: str, topic: str | None = None) -> list[User]:
    """Active inside people of the teams of these kinds (of one topic where given), in order of id."""
    seats = Seat.objects.filter(team__kind__in=kinds)
    if topic is not None:
        seats = seats.filter(team__topic=topic)
    return list(User.objects.filter(pk__in=seats.values("user_id"), is_active=True).order_by("pk"))


SETTING_UP = ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn")
"""Where the first factor is set up. Who has one shows it first: else a password alone would add a second one."""
BEFORE_THE_FACTOR = (
    *SETTING_UP, "account_logout", "account_reauthenticate", "account_confirm_email",
    "account_email_verification_sent", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "set-language",
)  # fmt: skip
"""All that opens before the second factor was shown: showing it, setting it up, leaving. Names of addresses."""


def lead_to_factor(request: HttpRequest, user: User, viewer: Viewer) -> HttpResponse | None:
    """Whoever must have a second factor shows it, or sets it up, before anything else; a live part leads its page."""
    if not factors.is_required(viewer) or factors.is_shown(request, user):
        return None
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in BEFORE_THE_FACTOR and not (name in SETTING_UP and factors.has_any(user.pk)):
        request.must_set_up = True  # type: ignore[attr-defined]
        return None
    onward = request.get_full_path() if request.method == "GET" else reverse("home")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("home")})
    return redirect(f"{reverse(factors.way_in(user.pk))}?{urlencode({'next': onward})}")


class Guard:
    """A face's guard. Answers a stranger with the sign-in page, and the wrong person as if nothing were there.

    On outside pages (`is_outside`) the frozen viewer takes the place of `request.user`, so no row reaches a template.
    """

    def __init__(
        self, admits: Callable[[Viewer], bool] = lambda viewer: True, *, is_outside: bool = False, is_open: bool = False
    ) -> None:
        self.admits, self.is_outside, self.is_open = admits, is_outside, is_open

    def __call__(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        viewer = viewer_of(user) if isinstance(user, User) else ANONYMOUS
        request.viewer = viewer  # type: ignore[attr-defined]
        if isinstance(user, User) and (first := lead_to_factor(request, user, viewer)):
            return first
        if not self.is_open:
            if not viewer.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.admits(viewer):
                raise Http404
        if self.is_outside:
            request.user = viewer  # type: ignore[assignment]
        return None


def _team(*kinds: str) -> Guard:
    return Guard(lambda viewer: viewer.is_inside and bool(set(kinds) & set(viewer.teams)))


anyone = Guard(is_outside=True, is_open=True)
"""The storefront, and what programs fetch without a secret."""
account_pages = Guard(is_open=True)
"""Sign-in and account pages: allauth's own, which ask for a sign-in themselves where they need one (DESIGN 9.5)."""
signed_in = Guard()
"""Whoever has signed in."""
customer = Guard(lambda viewer: not viewer.is_inside, is_outside=True)
"""The portal: outside people, each for their own organizations."""
engineer = _team(Team.Kind.TIER_1, Team.Kind.TIER_2, Team.Kind.DUTY_MANAGER)
"""The desk."""
researcher = _team(Team.Kind.RND)
"""The workshop."""
duty_manager = _team(Team.Kind.DUTY_MANAGER)
"""The office's pages of duty management."""
finance = _team(Team.Kind.FINANCE)
"""The office's pages of finance."""
operations = _team(Team.Kind.OPERATIONS, Team.Kind.DUTY_MANAGER)
"""The office's page of health."""
people_office = _team(Team.Kind.OPERATIONS)
"""The office's pages of the people of the house."""
office = _team(Team.Kind.DUTY_MANAGER, Team.Kind.FINANCE, Team.Kind.SALES, Team.Kind.OPERATIONS)
"""The office's first page; each further page has a narrower guard."""

"""The second factor: who must have one, and whether this session has shown it (DESIGN 4).

A session is marked once its person has shown a second factor, or set the first one up in it. The mark is what guards
look at, so that no page costs a query. Operations end all sessions of whom they take the factors from; whoever needs
one keeps the last one, and a customer who removes theirs needs none.
"""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.disclosure import Viewer
from accounts.models import Membership, User

MARK = "second_factor"
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts; recovery codes only stand in for one of these."""


def is_required(viewer: Viewer) -> bool:
    """People of the house and engineers of vendors need one; for everybody else it is an offer."""
    return viewer.is_inside or any(one.role == Membership.Role.ENGINEER for one in viewer.belongings)


def is_required_of(user: User) -> bool:
    """The same of a row."""
    return user.is_inside or Membership.objects.filter(user=user, role=Membership.Role.ENGINEER).exists()


def has_any(user_id: int) -> bool:
    """Whether the person has set one up."""
    return Authenticator.objects.filter(user_id=user_id, type__in=STRONG).exists()


def is_last(authenticator: Authenticator) -> bool:
    """Whether nothing strong would be left without it."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STRONG)
    return not others.exclude(pk=authenticator.pk).exists()


def is_shown(request: HttpRequest, user: User) -> bool:
    """Whether this session has shown a second factor. Marks the session when its sign-in says so."""
    if request.session.get(MARK) == user.pk:
        return True
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, user)):
        mark(request, user)
        return True
    return False


def mark(request: HttpRequest, user: User) -> None:
    """This session has shown it, or takes it as given (the demo's sign-in, on the loopback only)."""
    request.session[MARK] = user.pk


def way_in(user_id: int) -> str:
    """The name of the page on which this session shows the factor, or sets the first one up."""
    types = set(Authenticator.objects.filter(user_id=user_id, type__in=STRONG).values_list("type", flat=True))
    if not types:
        return "mfa_index"
    return "mfa_reauthenticate" if Authenticator.Type.TOTP in types else "mfa_reauthenticate_webauthn"

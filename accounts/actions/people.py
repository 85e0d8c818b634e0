"""Verbs on people."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.access import sits_in
from accounts.actions import sessions
from accounts.actions.acts import record_inside
from accounts.models import User
from accounts.models.inside import HouseAct, Seat, Team
from kit.verbs import Actor, Refused, verb


class NotOperations(Refused):
    """Only operations look after the people of the house."""

    def __init__(self) -> None:
        super().__init__(_("Only operations look after the people of the house."))


class LastOperator(Refused):
    """Somebody has to be able to let the others in again."""

    def __init__(self, user: User) -> None:
        self.user = user
        super().__init__(_("Nobody else of operations could let people in again. Seat somebody there first."))


@verb
def join(email: str, *, name: str, language: str = "en", timezone: str = "UTC", password: str | None = None) -> User:
    """A new outside person, who belongs to nothing yet."""
    return User.objects.create_user(
        email, password, name=name, language=language, timezone=timezone, place=User.Place.OUTSIDE
    )


@verb
def employ(email: str, *, name: str, language: str = "en", timezone: str = "UTC", password: str | None = None) -> User:
    """A new inside person, who sits in no team yet."""
    return User.objects.create_user(
        email, password, name=name, language=language, timezone=timezone, place=User.Place.INSIDE
    )


@verb
def describe(*, by: Actor, name: str, language: str, timezone: str) -> None:
    """A person says how they are called, and in which language and zone they read."""
    User.objects.filter(pk=by.pk).update(name=name, language=language, timezone=timezone)


@verb
def speak(language: str, *, by: Actor) -> None:
    """From now on the person reads this language, pages and mails."""
    User.objects.filter(pk=by.pk).update(language=language)


@verb
def close(person: int, *, by: Actor, at: datetime) -> int:
    """Close the account of somebody of the house: every session ends now, no work is offered. Returns how many ended.

    What the person did stays. Raises NotOperations, DoesNotExist, LastOperator.
    """
    user = of_the_house(person, by)
    if not user.is_active:
        return 0
    keep_an_operator(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    record_inside(HouseAct.Kind.CLOSED, by=by, at=at, whom=user.email)
    return sessions.end_all(user)


@verb
def reopen(person: int, *, by: Actor, at: datetime) -> None:
    """Open it again, with the seats and the second factor of before. Raises NotOperations, DoesNotExist."""
    user = of_the_house(person, by)
    if not user.is_active:
        User.objects.filter(pk=user.pk).update(is_active=True)
        record_inside(HouseAct.Kind.REOPENED, by=by, at=at, whom=user.email)


@verb
def reset_factor(person: int, *, by: Actor, at: datetime) -> None:
    """Somebody lost every second factor: take them away and end the sessions. The next sign-in sets one up anew.

    Raises NotOperations, DoesNotExist; nobody resets their own.
    """
    user = of_the_house(person, by)
    if user.pk == by.pk:
        raise NotOperations
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    record_inside(HouseAct.Kind.FACTOR_RESET, by=by, at=at, whom=user.email)


def of_the_house(person: int, by: Actor) -> User:
    """Under the lock of operations' seats, so that two of them never close each other at once."""
    list(Seat.objects.filter(team__kind=Team.Kind.OPERATIONS).select_for_update(of=("self",)).order_by("pk"))
    if not sits_in(by, Team.Kind.OPERATIONS):
        raise NotOperations
    return User.objects.select_for_update().get(pk=person, place=User.Place.INSIDE)


def keep_an_operator(user: User) -> None:
    """Raises LastOperator when nobody else of operations could let people in."""
    operators = Seat.objects.filter(team__kind=Team.Kind.OPERATIONS, user__is_active=True)
    if operators.filter(user=user).exists() and not operators.exclude(user=user).exists():
        raise LastOperator(user)

"""Links by which a person of the house chooses a password, for a house that has nobody yet who could invite."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User


def of(user: User) -> str:
    """Good once, and for as long as PASSWORD_RESET_TIMEOUT says; a newer password or sign-in closes it."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)


def waiting() -> list[User]:
    """People of the house who have no password yet."""
    inside = User.objects.filter(place=User.Place.INSIDE, is_active=True).order_by("pk")
    return [user for user in inside if not user.has_usable_password()]

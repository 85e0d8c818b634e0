"""Verbs on people."""

from accounts.models import User
from kit.verbs import verb


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

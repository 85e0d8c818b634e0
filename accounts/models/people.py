"""Users: everybody who can sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now

from kit.sides import Side


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with an unusable password unless one is given."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. `place` is set at creation and never changes; triggers in both databases refuse it (DESIGN 4)."""

    class Place(models.TextChoices):
        OUTSIDE = "outside"
        """Belongs to organizations through memberships: customers and vendors."""
        INSIDE = "inside"
        """Belongs to teams of the house through seats."""

    side = Side.PUBLIC
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    place = models.CharField(max_length=8, choices=Place, default=Place.OUTSIDE)
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_an_address")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_inside(self) -> bool:
        return self.place == self.Place.INSIDE

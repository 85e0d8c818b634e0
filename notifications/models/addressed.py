"""Mails to an address rather than to a person: confirmations, resets, invitations. The row is the message here too."""

from django.db import models

from kit.sides import Side
from kit.verbs import Actor
from notifications.models.notices import NoticeQuerySet, NoticeRow


class AddressedQuerySet(NoticeQuerySet):
    def visible_to(self, user: Actor) -> "AddressedQuerySet":
        """Nobody's pages show them: they hold links that open an account."""
        return self.none()

    def with_reader(self) -> "AddressedQuerySet":
        """There is only an address."""
        return self


AddressedManager = models.Manager.from_queryset(AddressedQuerySet, class_name="AddressedManager")


class AddressedNotice(NoticeRow):
    """One mail to an address that may belong to nobody yet. Once it has left, the links in it are forgotten."""

    side = Side.PUBLIC
    recipient = None  # type: ignore[assignment]
    address = models.EmailField(max_length=254)

    objects = AddressedManager()  # type: ignore[assignment, misc]

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="addressednotice_pending", condition=models.Q(state="pending")),
            models.Index(fields=["id"], name="addressednotice_dead", condition=models.Q(state="dead")),
        ]

    @property
    def to(self) -> str:
        return self.address

    def forgotten(self) -> dict[str, object]:
        return {"payload": {}}

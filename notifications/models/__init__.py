"""Tables of notifications: how somebody is told."""

from notifications.models import inside as inside
from notifications.models.addressed import AddressedNotice
from notifications.models.notices import Notice

__all__ = ["AddressedNotice", "Notice"]

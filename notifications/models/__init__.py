"""Tables of notifications: how somebody is told."""

from notifications.models import inside as inside
from notifications.models.notices import Notice

__all__ = ["Notice"]

"""Tables of duty: when a desk is open, and who is on."""

from duty.models import inside as inside
from duty.models.calendars import Calendar, CalendarDay, CalendarVersion
from duty.models.desks import Desk

__all__ = ["Calendar", "CalendarDay", "CalendarVersion", "Desk"]

"""Tables of tickets: a matter as its customer may know it."""

from tickets.models.asks import Ask, Rating
from tickets.models.categories import Category
from tickets.models.clocks import Clock
from tickets.models.tickets import Fact, Ticket

__all__ = ["Ask", "Category", "Clock", "Fact", "Rating", "Ticket"]

"""What an engineer sees of a desk: the own seat, the queue by nearest promise, and what is in hand."""

from desk.board.find import Found, find
from desk.board.queues import FACETS, VIEWS, Facet, Queue, queue
from desk.board.rows import Row, holding
from desk.board.seats import DeskNow, Seat, desks_now, seat, until

__all__ = [
    "FACETS", "VIEWS", "DeskNow", "Facet", "Found", "Queue", "Row", "Seat", "desks_now", "find", "holding", "queue",
    "seat", "until",
]  # fmt: skip

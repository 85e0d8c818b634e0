"""What people outside may know of the shelf and of their orders, and the only builders of it."""

from marketplace.disclosure.examples import Day, Example, Lane, Piece, example
from marketplace.disclosure.plans import PlanCard, PriceView, plan, shelf
from marketplace.disclosure.sales import OrderView, order, orders

__all__ = [
    "Day", "Example", "Lane", "OrderView", "Piece", "PlanCard", "PriceView",
    "example", "order", "orders", "plan", "shelf",
]  # fmt: skip

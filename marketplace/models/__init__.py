"""Tables of the marketplace: what is sold, and each sale."""

from marketplace.models.listings import Listing, ListingVersion, Plan, Price
from marketplace.models.orders import Order

__all__ = ["Listing", "ListingVersion", "Order", "Plan", "Price"]

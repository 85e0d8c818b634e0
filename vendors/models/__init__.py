"""Tables of vendors: who sells here."""

from vendors.models.vendors import Vendor

__all__ = ["Vendor"]

"""Tables of R&D: its own level of the wall. Nothing below refers to them."""

from rnd.models.investigations import Finding, Investigation, Remark

__all__ = ["Finding", "Investigation", "Remark"]

"""The levels of the wall. Every model declares the one on which it stands (DESIGN 2 and 9)."""

from enum import IntEnum


class Side(IntEnum):
    """Who may ever read a table. References lead from a higher side to a lower one, never back."""

    PUBLIC = 0
    """What customers, vendors and visitors may know, each their own part."""
    DESK = 1
    """What the house, or a vendor's desk, says to itself."""
    RND = 2
    """What R&D says to itself."""

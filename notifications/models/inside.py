"""Notices whose words are inside ones. A notice belongs to the side of its words, not of its reader (DESIGN 13)."""

from kit.sides import Side
from notifications.models.notices import NoticeRow


class InsideNotice(NoticeRow):
    """Words of the house, or of a vendor's desk, to its own people."""

    side = Side.DESK

    class Meta(NoticeRow.Meta):
        pass

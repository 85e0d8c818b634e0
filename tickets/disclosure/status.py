"""What outsiders call the state of a ticket: a pure function of public facts (DESIGN 5)."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """The five words for a ticket outside. Acknowledging, assigning and asking R&D change nothing here."""

    NEW = "new", _("New")
    """Filed; nobody has answered yet."""
    IN_PROGRESS = "in_progress", _("In progress")
    """Answered at least once; it is the desk's turn."""
    WAITING_FOR_YOU = "waiting_for_you", _("Waiting for you")
    """The desk asked something."""
    SOLVED = "solved", _("Solved")
    """The desk says that it is done."""
    CLOSED = "closed", _("Closed")
    """Ended."""


def public_status(state: str, first_replied_at: datetime | None) -> Status:
    """The status of a ticket in `state` to which the desk first replied then, or not yet."""
    if state == "open":
        return Status.IN_PROGRESS if first_replied_at else Status.NEW
    return {"waiting": Status.WAITING_FOR_YOU, "solved": Status.SOLVED, "closed": Status.CLOSED}[state]


SEVERITIES = {
    1: (_("Production is down"), _("Or at critical risk, and nothing works around it")),
    2: (_("Production is degraded"), _("Business is affected, work goes on with limits")),
    3: (_("Part is lost, a way around exists"), _("Or a trend that worries you")),
    4: (_("Question or wish"), _("How-to, documents, suggestions")),
}
"""The definitions, shown wherever somebody chooses: a name and what it means."""


def address(reference: str) -> str:
    """The ticket's page."""
    return f"/portal/tickets/{reference}/"

"""Tables of the desk: what is done about a ticket. Every one is inside."""

from desk.models.help import Answer, HelpRequest, Print
from desk.models.notes import Note
from desk.models.offers import Decision, Offer
from desk.models.work import Firing, Work

__all__ = ["Answer", "Decision", "Firing", "HelpRequest", "Note", "Offer", "Print", "Work"]

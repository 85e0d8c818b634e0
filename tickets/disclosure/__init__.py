"""What may leave tickets: pages, lists, forms and letters, as projections (DESIGN 9.5)."""

from tickets.disclosure.files import file_of
from tickets.disclosure.filing import FilingChoices, Outlook, filing_choices, outlook
from tickets.disclosure.letters import Asked, Opened, Replied, Solved
from tickets.disclosure.page import TicketPage, page_version, ticket_page
from tickets.disclosure.shelves import Entitled, TicketCard, TicketShelf, entitlements, open_tickets, ticket_list
from tickets.disclosure.status import SEVERITIES, Status, address, public_status

__all__ = [
    "SEVERITIES", "Asked", "Entitled", "FilingChoices", "Opened", "Outlook", "Replied", "Solved", "Status",
    "TicketCard", "TicketPage", "TicketShelf", "address", "entitlements", "file_of", "filing_choices", "open_tickets",
    "outlook", "page_version", "public_status", "ticket_list", "ticket_page",
]  # fmt: skip

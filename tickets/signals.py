"""Facts that tickets announces, inside the transaction in which they happen; the row itself is the public fact."""

from django.dispatch import Signal

ticket_opened = Signal()
"""`ticket`: a customer filed it."""
customer_acted = Signal()
"""`ticket`: its customer wrote, urged, raised, rated, withdrew or closed."""

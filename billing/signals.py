"""Facts that billing announces, inside the transaction in which they become true."""

from django.dispatch import Signal

invoice_paid = Signal()
"""`invoice` is paid in full and what it carries has begun."""

"""Facts that accounts announces."""

from django.dispatch import Signal

invited = Signal()
"""Somebody was invited, or once more: `invitation`, `token` (in the link, and nowhere else), `by`, `at`."""

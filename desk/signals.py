"""Facts that the desk announces."""

from django.dispatch import Signal

help_requested = Signal()
"""The desk asks R&D. `request`: the HelpRequest."""
help_withdrawn = Signal()
"""The desk does not need R&D's answer any more. `request`: the HelpRequest."""

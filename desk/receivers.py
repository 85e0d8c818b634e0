"""Facts of tickets that the desk hears. Across the wall a receiver only rings; a sweep finds what a lost ring left."""

from typing import Any

from django.dispatch import receiver

from kit.later import later
from tickets.signals import customer_acted, ticket_opened


@receiver(ticket_opened)
@receiver(customer_acted)
def ring(ticket: Any, **kwargs: Any) -> None:
    later("desk.tasks.take_in", ticket.pk)

"""Facts of the desk that R&D hears. Across the wall a receiver only rings; a sweep finds what a lost ring left."""

from typing import Any

from django.dispatch import receiver

from desk.signals import help_requested, help_withdrawn
from kit.later import later


@receiver(help_requested)
@receiver(help_withdrawn)
def ring(request: Any, **kwargs: Any) -> None:
    later("rnd.tasks.take_in", request.pk)

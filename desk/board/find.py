"""A ticket by its reference, or by words of its subject: of the reader's desks, finished ones too."""

from dataclasses import dataclass

from django.db.models import Q

from desk.disclosure import link
from desk.models import Work
from kit.verbs import Actor

FOUND = 8
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Found:
    """One ticket of an answer."""

    reference: str
    subject: str

    @property
    def link(self) -> str:
        return link(self.reference)


def find(user: Actor, q: str) -> tuple[Found, ...]:
    """The newest few; what is named exactly stands alone. At most two statements."""
    words = q.strip()[:LONGEST].split()
    if not words:
        return ()
    mine = Work.objects.visible_to(user).order_by("-pk").values_list("ticket__reference", "ticket__subject")
    exact = mine.filter(ticket__reference__iexact=words[0]) if len(words) == 1 else mine.none()
    wanted = Q(*(Q(ticket__subject__icontains=word) | Q(ticket__reference__icontains=word) for word in words))
    return tuple(Found(*row) for row in list(exact) or mine.filter(wanted)[:FOUND])

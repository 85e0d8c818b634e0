"""How a help request comes to be in these tests: Nina files, an engineer takes it and asks R&D."""

from datetime import datetime

from desk.actions import help as desk_help
from desk.models import HelpRequest, Work
from rnd.actions import investigations
from rnd.models import Investigation
from tests import make

WORDS = {
    "title": "Console pods restart", "symptom": "Pods of the console restart every forty minutes.",
    "environment": "4.1.2, 12 nodes", "tried": "Raised the limit to 2 Gi.", "question": "What leaks?",
}  # fmt: skip


def asked(at: datetime, *, work: Work | None = None, topic: str = "kubesphere", **words: str) -> HelpRequest:
    """A help request that waits for R&D."""
    work = work or make.owned("nina", at)
    return desk_help.ask(work.ticket.reference, by=work.engineer.user, at=at, topic=topic, **{**WORDS, **words})


def investigation(at: datetime, **more) -> Investigation:
    """The investigation that R&D has opened on such a request."""
    request = asked(at, **more)
    investigations.take_in(request.pk, at=at)
    return Investigation.objects.get(request=request)

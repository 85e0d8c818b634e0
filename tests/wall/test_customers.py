"""Customer against customer: what happens to Haichuan cannot be told from what Nordlicht and strangers see.

One thing is excepted by law: an invoice's number counts all invoices of its series. None of Nordlicht's is issued here.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Entitlement
from demo import cast
from desk.actions import help, offers, replies
from desk.models import Work
from kit.verbs import Refused
from marketplace.actions import orders
from tests.proof import PROOF, examples
from tests.wall import worlds
from tests.wall.acts import MINUTES
from tests.wall.story import PLOTS, engine
from tickets.actions import severity, tickets, words
from tickets.disclosure import shelves
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
CANARY = "haichuancanary"


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that happens to Haichuan, so many minutes after the moment before."""

    verb: str
    level: int = 3
    minute: int = 0


def do(doing: Doing, at: datetime) -> None:
    """Do it, and let the engine run; what cannot be done now is simply not done."""
    with suppress(Refused, Ticket.DoesNotExist, Work.DoesNotExist):
        VERBS[doing.verb](doing, at)
    engine()


def files(doing: Doing, at: datetime) -> None:
    if Ticket.objects.filter(organization=cast.company("haichuan")).count() < 2:
        company = cast.company("haichuan")
        tickets.submit(
            by=cast.person("lihang"), at=at, organization=company.reference, category="workloads", subject=CANARY,
            body=f"{CANARY} 集群无法升级", severity=doing.level,
            entitlement=Entitlement.objects.filter(organization=company).first().reference,
        )  # fmt: skip


def theirs() -> Ticket:
    return Ticket.objects.filter(organization=cast.company("haichuan")).latest("pk")


def says(doing: Doing, at: datetime) -> None:
    words.say(theirs().reference, by=cast.person("lihang"), at=at, body=f"{CANARY} 还有一个问题")


def urges(doing: Doing, at: datetime) -> None:
    words.urge(theirs().reference, by=cast.person("lihang"), at=at)


def raises(doing: Doing, at: datetime) -> None:
    severity.raise_(theirs().reference, by=cast.person("lihang"), at=at, severity=1, reason=CANARY)


def withdraws(doing: Doing, at: datetime) -> None:
    tickets.withdraw(theirs().reference, by=cast.person("lihang"), at=at)


def buys(doing: Doing, at: datetime) -> None:
    company = cast.company("haichuan")
    orders.place("standard", by=cast.person("lihang"), at=at, organization=company.reference, currency="CNY")


def is_answered(doing: Doing, at: datetime) -> None:
    work = Work.objects.select_related("engineer__user", "ticket").get(ticket=theirs())
    if work.engineer:
        by, reference = work.engineer.user, work.ticket.reference
        if work.state == Work.State.OFFERED:
            offers.acknowledge(reference, by=by, at=at)
        seen = replies.preview(reference, by=by, body=CANARY)
        replies.send(reference, by=by, at=at, body=CANARY, digest=seen.digest)


def is_asked_about(doing: Doing, at: datetime) -> None:
    work = Work.objects.select_related("engineer__user", "ticket").get(ticket=theirs())
    if work.engineer:
        help.ask(
            work.ticket.reference, by=work.engineer.user, at=at, title=CANARY, symptom=CANARY, environment="",
            tried=CANARY, question=CANARY,
        )  # fmt: skip


VERBS = {
    "files": files, "says": says, "urges": urges, "raises": raises, "withdraws": withdraws, "buys": buys,
    "is_answered": is_answered, "is_asked_about": is_asked_about,
}  # fmt: skip
DOINGS = st.builds(Doing, verb=st.sampled_from(sorted(VERBS)), level=st.integers(2, 4), minute=st.sampled_from(MINUTES))
FULL = (
    (Doing("files", 2), Doing("buys", minute=4)), (Doing("says"), Doing("is_answered", minute=4)),
    (Doing("files", 4), Doing("urges", minute=1)), (Doing("raises"), Doing("is_asked_about", minute=4)),
    (Doing("withdraws"),), (Doing("is_answered"),),
)  # fmt: skip


ORDINARY: dict[str, Any] = {} if PROOF > 1 else {"roles": ("nina",)}
"""On an ordinary day everybody looks at the world of the busy neighbour, and Nina alone at those of others."""


def play(history: worlds.History = (), **how: Any) -> worlds.Seen:
    return worlds.play(PLOTS[0], history, do=do, level="haichuan", others=False, sends=False, **how)


@worlds.remembered
def alone() -> worlds.Seen:
    return play(**ORDINARY)


def test_a_busy_neighbour_cannot_be_told_from_none():
    seen = play(FULL)
    assert worlds.differences(play(), seen) == []
    assert not [name for name, content in seen.items() if CANARY.encode() in content]


@settings(max_examples=examples(2), deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(st.lists(DOINGS, max_size=4), max_size=8))
def test_no_history_of_a_neighbour_can_be_told_from_another(history: list[list[Doing]]):
    assert worlds.differences(alone(), play(history, **ORDINARY)) == []


def test_a_list_that_forgets_whose_it_is_would_be_seen(monkeypatch):
    shelf = {"roles": ("nina",), "looks": (worlds.END,), "only": ("portal/tickets/",)}
    before = play(**shelf)
    monkeypatch.setattr(shelves, "_of", lambda viewer: Ticket.objects.all())
    assert worlds.differences(before, play(FULL, **shelf)) != []

"""Telling those who manage duty why a ticket got no deadline: once for each cause, however many tickets it costs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.access import people_of
from accounts.models.inside import Team
from billing.models import Entitlement
from desk import disclosure
from desk.actions import crew
from desk.models import Work
from kit.verbs import verb
from notifications.actions import notices
from promises import faults
from tickets.models import Fact

MOVES = (Fact.Kind.OPENED, Fact.Kind.SEVERITY)
"""Facts that should have brought a promise."""


def missing(works: Iterable[tuple[Work, Sequence[Fact]]]) -> list[Work]:
    """Those of these tickets with news that were bought a promise and have no deadline, or got no new one."""
    return [work for work, facts in works if work.ticket.entitlement_id and any(_is_bare(work, fact) for fact in facts)]


def _is_bare(work: Work, fact: Fact) -> bool:
    if fact.kind == Fact.Kind.SEVERITY:
        return "targets" not in fact.data
    return fact.kind == Fact.Kind.OPENED and (work.ticket.policy_version_id is None or work.due_at is None)


@verb
def tell(works: Sequence[Work], *, at: datetime) -> None:
    """Say what is wrong, if anything is: a policy may promise nothing on purpose, with a term that is empty."""
    if not works:
        return
    bought = dict(
        Entitlement.objects.filter(pk__in=[work.ticket.entitlement_id for work in works]).values_list("pk", "policy")
    )
    people = crew.users(people_of(Team.Kind.DUTY_MANAGER))
    for work in works:
        policy = bought[work.ticket.entitlement_id]  # type: ignore[index]
        fault = faults.of(policy, work.severity, at)
        if fault is not None:
            notices.tell_inside(people, "desk.no_deadline", disclosure.fault(work, fault), about=fault.key, at=at)

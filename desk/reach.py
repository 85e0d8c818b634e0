"""Whom a policy concerns: what is sold under it, what runs under it, and what has it pinned."""

from dataclasses import dataclass
from datetime import datetime

from billing.models import Entitlement
from desk.models import Work


@dataclass(frozen=True, slots=True)
class Reach:
    """`plans` are entitlements in force, by their names; `tickets` those that are open and keep their version."""

    plans: tuple[tuple[str, int], ...]
    entitlements: int
    tickets: int


def of_policy(code: str, at: datetime) -> Reach:
    """Two queries."""
    names = Entitlement.objects.in_force(at).filter(policy=code).values_list("name", flat=True)
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    tickets = Work.objects.unfinished().filter(ticket__policy_version__policy__code=code).count()
    return Reach(plans=tuple(sorted(counted.items())), entitlements=sum(counted.values()), tickets=tickets)

"""Why a promise cannot be made: what is wrong with a policy or with its calendar (DESIGN 6).

A wrong configuration never stops a ticket: it opens without a deadline, and those who manage duty are told this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from duty import businesstime, hours
from promises import terms
from promises.models import PolicyVersion, Term

Reason = Literal["no_version", "no_term", "no_calendar", "unreadable", "never"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One cause. `key` names it for good: the same cause has the same key, and another version has another."""

    reason: Reason
    """No version of the policy has begun; it says nothing of the severity; its calendar has no version that has begun;
    the rows make no sense; the target is not reached within 400 days, as without any working time."""
    policy: str
    severity: int
    calendar: str
    key: str


def of(policy: str, severity: int, at: datetime) -> Fault | None:
    """What would keep a ticket of this severity from getting its promise at `at`; None when nothing does."""
    version = PolicyVersion.objects.in_force(policy, at).first()
    if version is None:
        return Fault("no_version", policy, severity, "", f"no_version:{policy}")
    term = Term.objects.filter(version=version, severity=severity).select_related("calendar").first()
    if term is None:
        return Fault("no_term", policy, severity, "", f"no_term:{version.pk}:{severity}")
    calendar = term.calendar.code
    try:
        calendar_version = hours.in_force(term.calendar_id, at)
    except hours.NoCalendar:
        return Fault("no_calendar", policy, severity, calendar, f"no_calendar:{calendar}")
    found = terms.usable(version.pk, calendar_version, severity)
    about = f"{version.pk}:{severity}:{calendar_version}"
    if found is None:
        return Fault("unreadable", policy, severity, calendar, f"unreadable:{about}")
    targets = [target for target in found.policy.targets.values() if target is not None]
    if any(businesstime.add(found.calendar, at, target) is None for target in targets):
        return Fault("never", policy, severity, calendar, f"never:{about}")
    return None


def among(promised: Iterable[tuple[str, int]], at: datetime) -> list[Fault]:
    """Every cause among these policies and severities, each once, in order of policy and severity."""
    found = (of(policy, severity, at) for policy, severity in sorted(set(promised)))
    return list({fault.key: fault for fault in found if fault}.values())

"""Policies as duty management sees them: each with the version in force, the one to come, and all before."""

from dataclasses import dataclass
from datetime import datetime

from promises.models import Policy, PolicyVersion, Term
from promises.models.policies import SEVERITIES


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy. `terms` are those of the version in force, by severity; none where no version has begun."""

    policy: Policy
    version: PolicyVersion | None
    next: PolicyVersion | None
    terms: tuple[Term, ...]

    @property
    def cells(self) -> list[int | None]:
        """Working seconds to the first answer, for each severity; None = not promised."""
        targets = {term.severity: term.first_response for term in self.terms}
        return [targets.get(severity) for severity in SEVERITIES]


def policies(at: datetime) -> list[PolicyLine]:
    """All policies by name. Two queries and one for their terms."""
    versions = PolicyVersion.objects.order_by("-valid_from", "-number").prefetch_related("terms__calendar")
    by_policy: dict[int, list[PolicyVersion]] = {}
    for version in versions:
        by_policy.setdefault(version.policy_id, []).append(version)
    return [_line(policy, by_policy.get(policy.pk, []), at) for policy in Policy.objects.order_by("name", "pk")]


def versions(policy: Policy) -> list[PolicyVersion]:
    """All versions of one policy, the newest first, with who published them."""
    return list(policy.versions.select_related("published_by").order_by("-number"))


def _line(policy: Policy, versions: list[PolicyVersion], at: datetime) -> PolicyLine:
    now = next((version for version in versions if version.valid_from <= at), None)
    coming = next((version for version in reversed(versions) if version.valid_from > at), None)
    terms = sorted(now.terms.all(), key=lambda term: term.severity) if now else ()
    return PolicyLine(policy=policy, version=now, next=coming, terms=tuple(terms))

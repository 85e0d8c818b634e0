"""Verbs on policies."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db.models import Max

from duty.models import Calendar
from kit.verbs import Actor, verb
from promises import clock
from promises.models import Policy, PolicyVersion, Term
from promises.terms import policy_of


class _Needed(TypedDict):
    severity: int
    calendar: str


class TermOffered(_Needed, total=False):
    """What one severity is promised: seconds of working time in the calendar with this code; left out = nothing."""

    first_response: int | None
    next_response: int | None
    update: int | None
    resolution: int | None
    acknowledge_minutes: int
    clause: str


class Rules(TypedDict, total=False):
    """What a version says for all severities, by the columns of PolicyVersion; left out = as the house does it."""

    pausing: Sequence[str]
    on_reopen: str
    on_change: str
    opening_starts_next_response: bool
    closes_after_days: int
    reopens_within_days: int
    reminds_after_days: int
    ends_waiting_after_days: int
    workaround_keeps_resolution: bool
    objection_days: int


@verb
def publish(
    code: str, *, name: str, valid_from: datetime, terms: Sequence[TermOffered], name_zh: str = "",
    by: Actor | None = None, at: datetime | None = None, **rules: Unpack[Rules],
) -> PolicyVersion:  # fmt: skip
    """A new version of the policy `code`, which is made if it is new. Tickets keep the version that they pinned.

    Raises PolicyError for terms that contradict themselves and Calendar.DoesNotExist; nothing is written then.
    """
    policy, _ = Policy.objects.update_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    Policy.objects.select_for_update().get(pk=policy.pk)  # two versions at once would take the same number
    last = PolicyVersion.objects.filter(policy=policy).aggregate(n=Max("number"))["n"] or 0
    pausing = sorted(rules.pop("pausing", ("update", "resolution")))
    version = PolicyVersion.objects.create(
        policy=policy, number=last + 1, valid_from=valid_from, pausing=pausing, published_by_id=by.pk if by else None,
        published_at=at, **rules,
    )  # fmt: skip
    rows = [
        Term(version=version, **{**term, "calendar": Calendar.objects.get(code=term["calendar"])}) for term in terms
    ]
    for row in rows:
        clock.check(policy_of(version, row))
    Term.objects.bulk_create(rows)
    return version

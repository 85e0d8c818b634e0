"""Verbs on policies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.access import sits_in
from accounts.models.inside import Team
from duty.models import Calendar
from kit.verbs import Actor, Refused, verb
from promises import clock
from promises.drafts import Rules as Rules
from promises.drafts import TermOffered as TermOffered
from promises.models import Policy, PolicyVersion, Term
from promises.terms import policy_of


class Overtaken(Refused):
    """Somebody published another version while this one was written."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(_("Version %(n)d was published meanwhile. Look at the changes again.") % {"n": number})


@verb
def publish(
    code: str, *, name: str, valid_from: datetime, terms: Sequence[TermOffered], name_zh: str = "",
    by: Actor | None = None, at: datetime | None = None, after: int | None = None, **rules: Unpack[Rules],
) -> PolicyVersion:  # fmt: skip
    """A new version of the policy `code`, which is made if it is new. Tickets keep the version that they pinned.

    `by` is a duty manager, None the house itself; `after` is the number of the version that the writer had seen.
    Raises PolicyError for terms that contradict themselves, Calendar.DoesNotExist, Overtaken, and Policy.DoesNotExist
    where `by` may not; nothing is written then.
    """
    if by is not None and not sits_in(by, Team.Kind.DUTY_MANAGER):
        raise Policy.DoesNotExist
    policy, _made = Policy.objects.update_or_create(code=code, defaults={"name": name, "name_zh": name_zh})
    Policy.objects.select_for_update().get(pk=policy.pk)  # two versions at once would take the same number
    last = PolicyVersion.objects.filter(policy=policy).aggregate(n=Max("number"))["n"] or 0
    if after is not None and last != after:
        raise Overtaken(last)
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

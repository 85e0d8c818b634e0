"""Verbs on the people of a desk."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.access import has_role
from accounts.models import Membership, User
from duty.models import Desk
from duty.models.inside import Engineer
from kit.verbs import Refused, verb


class Stranger(Refused):
    """Somebody who may not work this desk."""

    def __init__(self, user: User, desk: Desk) -> None:
        self.user, self.desk = user, desk
        super().__init__(_("%(person)s may not work this desk: not one of its owner's people.") % {"person": user})


@verb
def enlist(
    desk: Desk, user: User, *, tier: int, skills: Sequence[str], languages: Sequence[str], at: datetime, cap: int = 3,
    is_lead: bool = False,
) -> Engineer:  # fmt: skip
    """Put a person at a desk, or change what is known of one who is there. Raises Stranger.

    A `cap` of 0 reads the desk and is never offered anything: a duty manager.
    """
    of_the_owner = has_role(user, desk.owner_id, (Membership.Role.ENGINEER,))
    if not (user.is_inside if desk.owner.is_house else of_the_owner):
        raise Stranger(user, desk)
    known = {"tier": tier, "skills": sorted(skills), "languages": sorted(languages), "cap": cap, "is_lead": is_lead}
    engineer, _is_new = Engineer.objects.update_or_create(
        desk=desk, user=user, defaults={**known, "is_active": True}, create_defaults={**known, "idle_since": at}
    )
    return engineer

"""Verbs on rosters. A plan is never edited: a change is a new version from a moment on, or an override for a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from duty import roster, rotation
from duty.models import Desk
from duty.models.inside import Absence, Engineer, Override, Roster, RosterVersion
from kit.verbs import Refused, verb


class BadRoster(Refused):
    """A plan that no calendar could follow. `reason` as in `rotation.RosterError`, or `stranger`, `bad_layer`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(_("This roster cannot be followed: %(reason)s.") % {"reason": reason.replace("_", " ")})


@verb
def publish(
    desk: Desk, name: str, *, layers: Sequence[dict[str, Any]], valid_from: datetime, timezone: str = "",
    kind: str = Roster.Kind.WORKING, standby_for: Sequence[int] = (1, 2), holidays: Sequence[dict[str, Any]] = (),
    fallback: Sequence[int] = (), name_zh: str = "",
) -> RosterVersion:  # fmt: skip
    """Make the plan of roster `name` from `valid_from` on; shapes as in `RosterVersion`. Raises BadRoster."""
    plan, _is_new = Roster.objects.select_for_update().get_or_create(
        desk=desk, name=name,
        defaults={
            "name_zh": name_zh, "kind": kind,
            "standby_for": list(standby_for) if kind == Roster.Kind.STANDBY else [],
        },
    )  # fmt: skip
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = RosterVersion(
        roster=plan, number=last + 1, valid_from=valid_from, timezone=timezone or desk.timezone,
        layers=list(layers), holidays=list(holidays), fallback=list(fallback),
    )  # fmt: skip
    _check(version, desk)
    version.save()
    return version


def _check(version: RosterVersion, desk: Desk) -> None:
    """Refuse what the arithmetic refuses, and people who are not at the desk."""
    try:
        plan = roster.compiled(version)
        rotation.check(plan)
    except rotation.RosterError as error:
        raise BadRoster(error.reason) from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadRoster("bad_layer") from error
    named = {*plan.fallback}
    for layer in plan.layers:
        named.update(layer.people, *(layer.rotation.groups if layer.rotation else ()))
    known = {str(pk) for pk in Engineer.objects.filter(desk=desk, is_active=True).values_list("pk", flat=True)}
    if not named <= known:
        raise BadRoster("stranger")


@verb
def override(
    plan: Roster, *, kind: str, person: Engineer, starts_at: datetime, ends_at: datetime,
    instead_of: Engineer | None = None, priority: int = 0, reason: str = "",
) -> Override:  # fmt: skip
    """Change who is on for a time, without touching the plan. Raises BadRoster."""
    if ends_at <= starts_at:
        raise BadRoster("bad_interval")
    if person.desk_id != plan.desk_id or (instead_of and instead_of.desk_id != plan.desk_id):
        raise BadRoster("stranger")
    return Override.objects.create(
        roster=plan, kind=kind, person=person, starts_at=starts_at, ends_at=ends_at,
        instead_of=instead_of, priority=priority, reason=reason,
    )  # fmt: skip


@verb
def absent(user: User, *, starts_at: datetime, ends_at: datetime, reason: str = "") -> Absence:
    """The person is away from every desk for a time. Raises BadRoster."""
    if ends_at <= starts_at:
        raise BadRoster("bad_interval")
    return Absence.objects.create(user=user, starts_at=starts_at, ends_at=ends_at, reason=reason)

"""The crew: who is on duty at a desk and what each one holds, as routing wants to see it.

A crew is a picture. Whoever acts on it changes an engineer by compare-and-set of `Engineer.version`, which every
change of what an engineer holds counts up; a picture that has grown old therefore changes nothing.

Locks: a verb takes its work first, and may then wait for one engineer, before it holds any. Whatever comes after
that, and whoever takes many works or engineers at once (`claims`, `firings`), leaves out what somebody holds. So
nobody who holds an engineer ever waits, and no ring can close.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from accounts.access import people_of
from accounts.models import User
from accounts.models.inside import Team
from desk import routing
from desk.models import Work
from duty import roster
from duty.models import Desk
from duty.models.inside import Engineer
from kit.questions import Question, Slot
from kit.verbs import Actor

WEIGHTS = {1: 2.0, 2: 1.5, 3: 1.0, 4: 0.5}
"""What a ticket in hand weighs, by severity; for order alone."""
WAITING_WEIGHT = 0.2
AWAY = timedelta(minutes=30)
"""For how long at most somebody who missed an offer is left in peace."""
LOOKAHEAD = timedelta(hours=24)

GIVE_ROOM = """
UPDATE duty_engineer SET held = held + 1, version = version + 1
WHERE id IN (SELECT id FROM duty_engineer WHERE (id, version) IN (VALUES {}) {}) RETURNING id
"""
"""Compare, set and say who, leaving out whom somebody holds: one statement, since every ticket routed sends it."""


@dataclass(slots=True)
class Crew:
    """`rows` are all engineers of the desk by name (their key in text), `people` those on duty."""

    desk: Desk
    at: datetime
    duty: roster.Duty
    rows: dict[str, Engineer]
    people: list[routing.Engineer] = field(default_factory=list)

    def fallback(self) -> list[User]:
        return [self.rows[str(pk)].user for pk in self.duty.fallback if str(pk) in self.rows]

    def managers(self) -> list[User]:
        """Who answers for this desk: the house's duty managers, or the leads of a vendor's desk."""
        leads = [row.user for row in self.rows.values() if row.is_lead]
        return (people_of(Team.Kind.DUTY_MANAGER) if self.desk.owner.is_house else leads) or leads

    def leads_on_duty(self) -> list[User]:
        return [self.rows[one.name].user for one in self.people if self.rows[one.name].is_lead]

    def replace(self, one: routing.Engineer) -> None:
        """The picture after `one` was given something."""
        self.people = [one if other.name == one.name else other for other in self.people]

    def anybody_has_room(self) -> bool:
        """Whether anybody could be offered anything; of an S1 alone somebody at the cap takes one."""
        return any(not (one.is_away or one.offers) and one.held <= one.cap for one in self.people)

    def will_take(self, ticket: routing.Waiting) -> bool:
        """Whether somebody who could take it comes on before it is due, and within a day."""
        until = min(filter(None, (ticket.due_at, self.at + LOOKAHEAD)))
        if until <= self.at:
            return False
        coming = {pk for shift in roster.shifts(self.desk.pk, self.at, until) for pk in shift.people}
        fresh = (_seen(self.rows[str(pk)], None, [], self.at) for pk in coming if str(pk) in self.rows)
        return any(routing.objection(ticket, one, self.at) in (None, "full", "offered") for one in fresh)


def see(desk: Desk, at: datetime) -> Crew:
    """The crew of `desk` at `at`. Four statements, whatever its size."""
    duty = roster.on_duty(desk.pk, at)
    rows = {str(row.pk): row for row in _ENGINEERS.ask(desk=desk.pk)}
    holding: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, state, severity in _HELD.ask(desk=desk.pk):
        holding[pk].append((state, severity))
    crew = Crew(desk=desk, at=at, duty=duty, rows=rows)
    crew.people = [
        _seen(rows[str(one.engineer_pk)], one, holding[one.engineer_pk], at)
        for one in duty.people
        if str(one.engineer_pk) in rows
    ]
    return crew


_ENGINEERS: Question[Engineer] = Question(
    lambda: (
        Engineer.objects.filter(desk_id=Slot("desk"), is_active=True, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
)
_HELD: Question[tuple[int, str, int]] = Question(
    lambda: (
        Work.objects.filter(desk_id=Slot("desk"), engineer__isnull=False)
        .order_by()
        .values_list("engineer_id", "state", "severity")
    )
)


def _seen(
    row: Engineer, now: roster.OnDutyNow | None, holding: list[tuple[str, int]], at: datetime
) -> routing.Engineer:
    in_hand = [severity for state, severity in holding if state != Work.State.WAITING]
    waiting = len(holding) - len(in_hand)
    return routing.Engineer(
        name=str(row.pk), tier=row.tier, skills=frozenset(row.skills), languages=frozenset(row.languages),
        idle_since=row.idle_since, held=row.held, cap=row.cap,
        load=sum(WEIGHTS[severity] for severity in in_hand) + WAITING_WEIGHT * waiting,
        offers=sum(state == Work.State.OFFERED for state, _ in holding), busy_with=tuple(sorted(in_hand)),
        shift_ends_at=now.shift_ends_at if now else None, standby_for=now.standby_for if now else None,
        is_away=row.is_away(at) if now else False,
    )  # fmt: skip


def change(engineer: Engineer, *, held: int = 0, **fields: Any) -> bool:
    """Compare and set: False when the engineer is not as `engineer` says any more, and nothing was changed."""
    done = Engineer.objects.filter(pk=engineer.pk, version=engineer.version).update(
        held=F("held") + held, version=F("version") + 1, **fields
    )
    return done == 1


def give_room(engineers: Iterable[Engineer]) -> set[int]:
    """Take one place of each of these who is still as pictured and whom nobody holds just now; their keys."""
    pictured = [value for engineer in engineers for value in (engineer.pk, engineer.version)]
    if not pictured:
        return set()
    skipping = "FOR NO KEY UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_ROOM.format(", ".join(["(%s, %s)"] * (len(pictured) // 2)), skipping), pictured)
        return {pk for (pk,) in cursor.fetchall()}


def release(engineer_pk: int, *, at: datetime, **fields: Any) -> None:
    """One thing less in hand. A count that would fall below nothing breaks the table's check, loudly."""
    Engineer.objects.filter(pk=engineer_pk).update(
        held=F("held") - 1, version=F("version") + 1, idle_since=at, **fields
    )


def touch(engineer_pk: int, **fields: Any) -> None:
    """Something about what the engineer holds changed, though not how much: pictures of before are old now."""
    Engineer.objects.filter(pk=engineer_pk).update(version=F("version") + 1, **fields)


def acts(by: Actor) -> None:
    """Whoever acts is not away, at any desk."""
    away = Engineer.objects.filter(user_id=by.pk, away_until__isnull=False)
    if pks := list(away.skipping_lock().values_list("pk", flat=True)):
        Engineer.objects.filter(pk__in=pks).update(away_until=None, version=F("version") + 1)


def engineer_of(by: Actor, desk_id: int) -> Engineer:
    """`by` at this desk. Raises Engineer.DoesNotExist for somebody who is not of it."""
    return Engineer.objects.select_related("user").get(desk_id=desk_id, user_id=by.pk, is_active=True)


def users(people: Iterable[User]) -> list[User]:
    """Each person once, in order of id, so that rows are always written in one order."""
    return sorted({user.pk: user for user in people}.values(), key=lambda user: user.pk)

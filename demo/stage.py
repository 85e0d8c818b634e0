"""The stage on which the past happens: acts in the order of time, and between them the sweeps of the house.

Time is only passed, never read: the house's verbs take `at`. After each act the consequences that its bells would draw
are drawn; where a promise, an offer, a closing or a shift comes next, that comes first. So warnings, breaches and
offers are what they would have been, each at its own moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from django.db import connection

from desk.actions import firings, intake, offers, pool
from desk.models import Offer
from duty import roster
from duty.models import Desk
from rnd.actions import investigations
from tickets.actions import letters, tickets

Act = Callable[[datetime], None]
LOOK_AGAIN = timedelta(minutes=30)
"""How often the pool is looked at while something waits in it: somebody away is back, a concession is due."""
AHEAD = timedelta(days=10)


class Stage:
    """Plays acts until `until`. `on_offer` is told of each new offer."""

    def __init__(self, since: datetime, until: datetime, on_offer: Callable[[Offer, datetime], None]) -> None:
        self.until, self._on_offer = until, on_offer
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = count()
        self._last_offer = _see().last_offer
        self._look_at: datetime | None = None
        self._shifts = {pk: roster.shifts(pk, since, until + AHEAD) for pk in Desk.objects.values_list("pk", flat=True)}

    def plan(self, at: datetime, act: Act) -> None:
        """`act` happens at `at`; what is planned later for the same moment happens later."""
        heappush(self._acts, (at, next(self._number), act))

    def play(self) -> None:
        """Let everything happen that happens before `until`, and the sweeps once more then."""
        at = None
        while at is None or at < self.until:
            due = min((moment for moment in (_see().due_at, self._look_at) if moment), default=None)
            act = self._acts[0][0] if self._acts else None
            at = min(moment for moment in (self.until, due, act) if moment)
            is_swept = due is not None and due <= at
            if is_swept:
                self._sweep(at)
            elif self._acts and self._acts[0][0] <= at:
                heappop(self._acts)[2](at)
            self._draw(at, is_look=not is_swept or at == self._look_at)

    def shift(self, desk_pk: int, at: datetime) -> roster.DeskShift:
        """Who is on at a desk."""
        return next(shift for shift in self._shifts[desk_pk] if shift.start <= at < shift.end)

    def is_on(self, desk_pk: int, engineer_pk: int, at: datetime) -> bool:
        return self.shift(desk_pk, at).holds(engineer_pk)

    def goes_off(self, desk_pk: int, engineer_pk: int, at: datetime) -> datetime:
        """When the engineer, on duty at `at`, goes."""
        plan = self._shifts[desk_pk]
        return next((shift.start for shift in plan if shift.end > at and not shift.holds(engineer_pk)), plan[-1].end)

    def next_on(self, desk_pk: int, engineer_pk: int, at: datetime) -> datetime | None:
        """When the engineer comes on duty again after `at`."""
        plan = self._shifts[desk_pk]
        return next((shift.start for shift in plan if shift.start > at and shift.holds(engineer_pk)), None)

    def _sweep(self, at: datetime) -> None:
        while firings.fire_due(at=at):
            pass
        for offer in offers.due(at, limit=100):
            offers.expire(offer, at=at)
        tickets.close_due(at)

    def _draw(self, at: datetime, *, is_look: bool) -> None:
        """What the bells of one act would have set off; with `is_look` the pools too are gone through."""
        seen = _see()
        if seen.has_facts:
            for ticket_pk in intake.waiting(limit=100):
                pool.take_in(ticket_pk, at=at)
            letters.confirm(at)
        if seen.has_requests:
            for request_pk in investigations.untaken(limit=100):
                investigations.take_in(request_pk, at=at)
        if is_look and (seen.has_facts or seen.has_pool):
            for desk_pk in pool.waiting_desks():
                if not self.shift(desk_pk, at).is_gap:
                    pool.drain(desk_pk, at=at)
        seen = _see()
        if seen.last_offer > self._last_offer:
            fresh = Offer.objects.filter(pk__gt=self._last_offer).select_related("work", "engineer__user")
            self._last_offer = seen.last_offer
            for offer in fresh.order_by("pk"):
                self._on_offer(offer, at)
        self._look_at = self._next_look(at) if seen.has_pool else None

    def _next_look(self, at: datetime) -> datetime:
        """At the next change of a shift; before, while somebody is there who may be back or have to concede."""
        moments = [self.shift(desk_pk, at).end for desk_pk in pool.waiting_desks()]
        if any(not self.shift(desk_pk, at).is_gap for desk_pk in pool.waiting_desks()):
            moments.append(at + LOOK_AGAIN)
        return min(moments)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What stands in the rows: when something is due by itself, and what waits for its consequences."""

    due_at: datetime | None
    has_facts: bool
    has_requests: bool
    has_pool: bool
    last_offer: int


_LOOK = """
    SELECT (SELECT min(fires_at) FROM tickets_clock), (SELECT min(acknowledge_by) FROM desk_offer WHERE state = 'live'),
           (SELECT min(closes_at) FROM tickets_ticket WHERE state = 'solved'),
           EXISTS (SELECT 1 FROM tickets_fact WHERE taken_at IS NULL),
           EXISTS (SELECT 1 FROM desk_helprequest WHERE state = 'open'),
           EXISTS (SELECT 1 FROM desk_work WHERE state = 'pool'), (SELECT max(id) FROM desk_offer)
"""


def _see() -> _Seen:
    """One look at everything, by the partial indexes that the sweeps use; asked a thousand times in a lay."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK)
        *moments, facts, requests, waiting, last_offer = cursor.fetchone()
    due = min((_moment(moment) for moment in moments if moment), default=None)
    return _Seen(due, bool(facts), bool(requests), bool(waiting), last_offer or 0)


def _moment(stored: datetime | str) -> datetime:
    """SQLite keeps moments as text of UTC."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)

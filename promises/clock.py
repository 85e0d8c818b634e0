"""Promises: where the four clocks of a ticket stand, as a replay of what happened to it.

Nothing is stored between two events but marks on the wall: a cycle's start and the pieces of time in which it stood
still. What was used and when it is due is asked of `duty.businesstime`. Rules: DESIGN section 6.

Where the rules leave a choice, we took what does least harm to the promise:
- `closed` stands still like `solved`; `reopened` lets every clock that was not kept go on, `update` too.
- A solution that is resumed is the same cycle under the same number, so that no warning fires twice; it takes the
  targets and the calendar that are in force when it is reopened.
- A change, an end of pause or a set-aside at exactly the due moment still comes in time, like an act.
- `restart` after a change begins the same cycle anew: what was broken stays broken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal, get_args

from duty import businesstime
from duty.businesstime import Light, Pauses, WorkCalendar

ClockKind = Literal["first_response", "next_response", "update", "resolution"]
Targets = Mapping[ClockKind, int | None]
"""Working seconds; absent or None is no promise."""

KINDS: tuple[ClockKind, ...] = get_args(ClockKind)
StillReason = Literal["paused", "solved"]
PieceReason = Light | StillReason
Still = tuple[datetime, datetime, StillReason]

SECOND = timedelta(seconds=1)
FOREVER = datetime.max.replace(tzinfo=UTC)


class ClockError(ValueError):
    """A history that cannot have happened."""


class PolicyError(ValueError):
    """Terms that nobody can have meant; `reason` is the word for it."""

    def __init__(
        self,
        reason: Literal["response_exceeds_resolution", "bad_target", "bad_percent", "bad_pausing"],
        message: str,
    ) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """What is promised, and what happens to the promise when the customer is asked, the ticket reopened, or changed."""

    targets: Targets
    pausing: frozenset[ClockKind] = frozenset({"update", "resolution"})
    on_reopen: Literal["resume", "restart"] = "resume"
    on_change: Literal["recompute", "restart"] = "recompute"
    opening_starts_next_response: bool = False


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """A fact of the ticket that a clock may care about."""

    kind: Literal[
        "created", "customer_message", "public_reply", "internal_note", "set_aside", "paused", "resumed",
        "solved", "closed", "reopened", "targets_changed",
    ]  # fmt: skip
    at: datetime
    targets: Targets | None = None
    """For targets_changed; None = no policy applies any more."""
    calendar: WorkCalendar | None = None
    """For targets_changed: the calendar from now on; None = unchanged."""
    by: Literal["customer", "engineer"] = "customer"
    """For created."""
    is_schedule: bool = False
    """For targets_changed: a late schedule of the same promise, which never restarts a clock."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """The current cycle of a clock, or the last one when none runs. Seconds are working seconds, moments UTC."""

    target: int | None
    due_at: datetime | None
    """None while paused, solved, kept, or without a promise; past when broken and still running."""
    spent: int
    """Stands still while paused and after keeping. `spent + paused` is the working time since the start."""
    paused: int
    kept_at: datetime | None
    broken_at: datetime | None
    """The due moment, once passed without the act; a fact that no later change undoes."""
    broken_by_change: bool = False
    cycle: int = 0
    started_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    """Of this cycle, solved time included, ready for add() and warnings(); one that still lasts ends at the asking."""
    longest: int = 0
    """The longest finished exchange (next_response)."""


Clocks = Mapping[ClockKind, ClockState]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a cycle and what it cost: `counted` working seconds."""

    start: datetime
    end: datetime
    counted: int
    reason: PieceReason


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why this deadline: the current cycle from its start until it was kept or until now."""

    kind: ClockKind
    target: int | None
    started_at: datetime | None
    due_at: datetime | None
    pieces: tuple[Piece, ...]


def check(policy: PolicyTerms) -> None:
    """Refuse terms that nobody can have meant. Raises PolicyError.

    A target is a positive number of seconds for one of the four clocks; an answer is not promised after the solution.
    """
    for kind, target in policy.targets.items():
        if kind not in KINDS or (target is not None and (type(target) is not int or target <= 0)):
            raise PolicyError("bad_target", f"{kind}: {target!r} is no promise")
    if not policy.pausing <= frozenset(KINDS):
        raise PolicyError("bad_pausing", f"{sorted(policy.pausing)} are not all clocks")
    response, resolution = policy.targets.get("first_response"), policy.targets.get("resolution")
    if response is not None and resolution is not None and response > resolution:
        raise PolicyError("response_exceeds_resolution", f"{response} s to answer, {resolution} s to solve")


def replay(
    policy: PolicyTerms, calendar: WorkCalendar, events: Sequence[ClockEvent], at: datetime
) -> dict[ClockKind, ClockState]:
    """All four clocks as they stand at a moment, everything at that very moment included; later events are ignored.

    Without an event by then, no clock has begun. Raises ClockError for events out of order, a naive datetime, and a
    `created` that is missing at the beginning or comes again.
    """
    now = _utc(at)
    return {kind: run.state(now) for kind, run in _replayed(policy, calendar, events, now).items()}


def replay_one(
    kind: ClockKind, policy: PolicyTerms, calendar: WorkCalendar, events: Sequence[ClockEvent], at: datetime
) -> ClockState:
    """One of the four, for who asks for many tickets. Raises ClockError as replay does."""
    now = _utc(at)
    return _replayed(policy, calendar, events, now)[kind].state(now)


def next_deadline(clocks: Clocks) -> datetime | None:
    """The smallest due moment of the running clocks, past ones included."""
    return min((clock.due_at for clock in clocks.values() if clock.due_at is not None), default=None)


def warnings(
    calendar: WorkCalendar, start: datetime, target: int, percents: Sequence[int], *, pauses: Pauses = ()
) -> list[datetime]:
    """When ceil(target * percent / 100) working seconds are used, for each percent, but for those never reached.

    Raises PolicyError (bad_percent) for a percent outside 1 to 100, ValueError as businesstime.add does.
    """
    for percent in percents:
        if not 1 <= percent <= 100:
            raise PolicyError("bad_percent", f"{percent} % is no warning")
    moments = (businesstime.add(calendar, start, share(target, percent), pauses=pauses) for percent in percents)
    return [moment for moment in moments if moment is not None]


def share(target: int, percent: int) -> int:
    """So much of a target in whole seconds, rounded up."""
    return -(-target * percent // 100)


def explain(
    policy: PolicyTerms, calendar: WorkCalendar, events: Sequence[ClockEvent], kind: ClockKind, at: datetime
) -> Explanation:
    """How the time of a clock's current cycle was spent: pieces without gaps, and sum(counted) == spent.

    A pause is one piece, by day and by night. Raises ClockError as replay does.
    """
    now = _utc(at)
    run = _replayed(policy, calendar, events, now)[kind]
    state = run.state(now)
    return Explanation(kind, state.target, state.started_at, state.due_at, tuple(run.pieces(now)))


# One clock, and the ticket that moves it


@dataclass(slots=True)
class _Run:
    """One clock on its way through the events: the marks of its current cycle."""

    target: int | None
    calendar: WorkCalendar
    cycle: int = 0
    longest: int = 0
    started: datetime = FOREVER
    kept: datetime | None = None
    set_aside: datetime | None = None
    broken: datetime | None = None
    by_change: bool = False
    stills: list[Still] = field(default_factory=list)
    still_since: tuple[datetime, StillReason] | None = None
    due: datetime | None = None
    """When the target is used up unless something happens; standing still, only if that was before."""

    @property
    def is_unanswered(self) -> bool:
        """Whether a cycle has begun and its act is still owed, running or not."""
        return self.cycle > 0 and self.kept is None and self.set_aside is None

    def begin(self, at: datetime, target: int | None, calendar: WorkCalendar) -> None:
        self.cycle += 1
        self.target, self.calendar, self.started = target, calendar, at
        self.kept = self.set_aside = self.broken = self.still_since = None
        self.by_change, self.stills = False, []
        self._measure()

    def pass_to(self, at: datetime) -> None:
        """Let time go by. At the due moment itself the act may still come."""
        if self.is_unanswered and self.broken is None and self.due is not None and self.due < at:
            self.broken = self.due

    def stop(self, at: datetime, reason: StillReason) -> None:
        if self.is_unanswered:
            self._end_still(at)
            self.still_since = (at, reason)
            self._measure()

    def go(self, at: datetime) -> None:
        if self.is_unanswered and self.still_since:
            self._end_still(at)
            self._measure()

    def keep(self, at: datetime) -> None:
        if self.is_unanswered:
            self._end_still(at)
            self.kept = at

    def drop(self, at: datetime) -> None:
        if self.is_unanswered:
            self._end_still(at)
            self.set_aside = at

    def take_back(self, at: datetime, target: int | None, calendar: WorkCalendar) -> None:
        """Owe the act again: the time since it was kept was still, and terms that changed meanwhile apply now."""
        if self.kept:
            self.still_since, self.kept = (self.kept, "solved"), None
            self.go(at)
            if (target, calendar) != (self.target, self.calendar):
                self.change(at, target, calendar, restart=False)

    def change(self, at: datetime, target: int | None, calendar: WorkCalendar, *, restart: bool) -> None:
        """Measure a cycle anew by other terms. What that alone puts into the past is broken now, by the change."""
        if self.cycle and not self.is_unanswered:
            return
        self.target, self.calendar = target, calendar
        if restart and self.cycle:
            self.started, self.stills = at, []
            self.still_since = (at, self.still_since[1]) if self.still_since else None
        self._measure()
        if self.broken is None and self.due is not None and self.due < at:
            self.broken, self.by_change = at, True

    def _end_still(self, at: datetime) -> None:
        if self.still_since and self.still_since[0] < at:
            self.stills.append((self.still_since[0], at, self.still_since[1]))
        self.still_since = None

    def _measure(self) -> None:
        self.due = None
        if self.cycle and self.target is not None:
            pauses = self._pauses(FOREVER)
            self.due = businesstime.add(self.calendar, self.started, self.target, pauses=pauses)

    def _stills(self, until: datetime) -> list[Still]:
        if self.still_since and self.still_since[0] < until:
            return [*self.stills, (self.still_since[0], until, self.still_since[1])]
        return self.stills

    def _pauses(self, until: datetime) -> tuple[tuple[datetime, datetime], ...]:
        return tuple((since, end) for since, end, _ in self._stills(until))

    def spent(self, now: datetime) -> int:
        until = self.kept or self.set_aside or now
        return businesstime.between(self.calendar, self.started, until, pauses=self._pauses(until))

    def state(self, now: datetime) -> ClockState:
        if not self.cycle:
            return ClockState(self.target, None, 0, 0, None, None)
        until = self.kept or self.set_aside or now
        spent = self.spent(now)
        is_late = self.is_unanswered and self.due is not None and self.due <= now
        return ClockState(
            target=self.target,
            due_at=self.due if self.is_unanswered and self.still_since is None else None,
            spent=spent,
            paused=businesstime.between(self.calendar, self.started, until) - spent,
            kept_at=self.kept,
            broken_at=self.broken or (self.due if is_late else None),
            broken_by_change=self.by_change,
            cycle=self.cycle,
            started_at=self.started,
            pauses=self._pauses(until),
            longest=self.longest,
        )

    def pieces(self, now: datetime) -> Iterator[Piece]:
        """The cycle so far; open time is counted, its fractions carried on so that the whole comes out as `spent`."""
        if not self.cycle:
            return
        until = self.kept or self.set_aside or now
        stretches: list[tuple[datetime, datetime, PieceReason]] = []
        at = self.started
        for since, end, reason in self._stills(until):
            stretches += [*businesstime.lights(self.calendar, at, since), (since, end, reason)]
            at = end
        stretches += businesstime.lights(self.calendar, at, until)
        used = timedelta()
        for start, end, why in stretches:
            before, used = used, used + (end - start if why == "open" else timedelta())
            yield Piece(start, end, used // SECOND - before // SECOND, why)


class _Ticket:
    """What has happened so far, as far as it moves clocks: solved or not, waiting or not, answered once or not."""

    def __init__(self, policy: PolicyTerms, calendar: WorkCalendar) -> None:
        self.policy, self.targets, self.calendar = policy, policy.targets, calendar
        self.runs = {kind: _Run(policy.targets.get(kind), calendar) for kind in KINDS}
        self.is_over = self.is_waiting = self.is_answered = False

    def happen(self, event: ClockEvent, at: datetime) -> None:
        for run in self.runs.values():
            run.pass_to(at)
        match event.kind:
            case "created":
                self._created(at, event.by)
            case "customer_message":
                self._end_pause(at)
                self._asked(at)
            case "public_reply":
                self._answered(at)
            case "internal_note":
                pass
            case "set_aside":
                self.runs["next_response"].drop(at)
            case "paused":
                self._pause(at)
            case "resumed":
                self._end_pause(at)
            case "solved" | "closed":
                self._end(at, event.kind)
            case "reopened":
                self._reopened(at)
            case "targets_changed":
                restart = self.policy.on_change == "restart" and not event.is_schedule
                self._change(at, event.targets or {}, event.calendar or self.calendar, restart=restart)
            case _:
                raise ClockError(f"{event.kind!r} is no event")

    def _begin(self, kind: ClockKind, at: datetime) -> None:
        run = self.runs[kind]
        run.begin(at, self.targets.get(kind), self.calendar)
        if self.is_waiting and kind in self.policy.pausing:
            run.stop(at, "paused")
        if self.is_over:
            run.stop(at, "solved")

    def _created(self, at: datetime, by: str) -> None:
        self._begin("resolution", at)
        if by == "customer":
            self._begin("first_response", at)
            if self.policy.opening_starts_next_response:
                self._begin("next_response", at)

    def _asked(self, at: datetime) -> None:
        run = self.runs["next_response"]
        if not run.is_unanswered and (self.is_answered or run.cycle):
            self._begin("next_response", at)

    def _answered(self, at: datetime) -> None:
        exchange = self.runs["next_response"]
        if exchange.is_unanswered:
            exchange.keep(at)
            exchange.longest = max(exchange.longest, exchange.spent(at))
        self.runs["first_response"].keep(at)
        self._begin("update", at)
        self.is_answered = True

    def _pause(self, at: datetime) -> None:
        if not self.is_waiting and not self.is_over:
            self.is_waiting = True
            for kind in self.policy.pausing:
                self.runs[kind].stop(at, "paused")

    def _end_pause(self, at: datetime) -> None:
        if self.is_waiting:
            self.is_waiting = False
            for kind in self.policy.pausing:
                self.runs[kind].go(at)

    def _end(self, at: datetime, kind: Literal["solved", "closed"]) -> None:
        if self.is_over:
            return
        self._end_pause(at)
        if kind == "solved":
            self.runs["resolution"].keep(at)
        for run in self.runs.values():
            run.stop(at, "solved")
        self.is_over = True

    def _reopened(self, at: datetime) -> None:
        if not self.is_over:
            return
        self.is_over = False
        for run in self.runs.values():
            run.go(at)
        if self.policy.on_reopen == "restart":
            self._begin("resolution", at)
        else:
            self.runs["resolution"].take_back(at, self.targets.get("resolution"), self.calendar)

    def _change(self, at: datetime, targets: Targets, calendar: WorkCalendar, *, restart: bool) -> None:
        self.targets, self.calendar = targets, calendar
        for kind, run in self.runs.items():
            run.change(at, targets.get(kind), calendar, restart=restart)


def _replayed(
    policy: PolicyTerms, calendar: WorkCalendar, events: Sequence[ClockEvent], now: datetime
) -> dict[ClockKind, _Run]:
    moments = [_utc(event.at) for event in events]
    if any(later < earlier for earlier, later in pairwise(moments)):
        raise ClockError("events out of order")
    if [event.kind == "created" for event in events] != [number == 0 for number in range(len(events))]:
        raise ClockError("a history begins with created, and only once")
    ticket = _Ticket(policy, calendar)
    for event, at in zip(events, moments, strict=True):
        if at <= now:
            ticket.happen(event, at)
    return ticket.runs


def _utc(at: datetime) -> datetime:
    """In UTC before anything compares: two moments of one zone would compare by their wall clocks."""
    if at.utcoffset() is None:
        raise ClockError(f"{at} is naive")
    return at.astimezone(UTC)

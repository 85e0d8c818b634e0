"""The escalation ladder: which step is next, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from duty import businesstime
from duty.businesstime import WorkCalendar
from promises.clock import Clocks, share

LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: when, and who. Raises ValueError unless it has one of `after` and `percent`, or if a percent repeats."""

    number: int
    after: timedelta | None = None
    """Since the ladder started."""
    working: bool = False
    """Then `after` is working time."""
    percent: int | None = None
    """Of the running clock with the smallest due moment."""
    who: tuple[str, ...] = ()
    repeat: int = 0
    """So many times more, each `after` later."""

    def __post_init__(self) -> None:
        if (self.after is None) == (self.percent is None):
            raise ValueError(f"step {self.number} needs either after or percent")
        if self.percent is not None and self.repeat:
            raise ValueError(f"step {self.number}: a percent step does not repeat")


def next_step(
    ladder: Sequence[Step],
    done: int,
    started_at: datetime,
    clocks: Clocks,
    calendar: WorkCalendar,
    at: datetime,
    *,
    repeated: int = 0,
) -> tuple[Step, datetime] | None:
    """The step to begin next and its moment in UTC, which may be past; None after the last, or while it must wait.

    `done` is the number of the last step begun (0 = none), `repeated` how often it was repeated: repeats come before
    the next step. A step without anybody is passed over and leaves its moment, if it has one, to the next. `clocks`
    are those of `at`. Raises ValueError for naive datetimes.
    """
    if started_at.utcoffset() is None or at.utcoffset() is None:
        raise ValueError("a ladder needs aware datetimes")
    start, now = started_at.astimezone(UTC), at.astimezone(UTC)
    inherited: datetime | None = None
    for step in sorted(ladder, key=lambda step: step.number):
        if step.number < done or (step.number == done and (not step.who or repeated >= step.repeat)):
            continue
        times = repeated + 2 if step.number == done else 1
        moment = inherited or _moment(step, times, start, clocks, calendar, now)
        if step.who:
            return (step, moment) if moment else None
        inherited = moment
    return None


def _moment(
    step: Step, times: int, start: datetime, clocks: Clocks, calendar: WorkCalendar, now: datetime
) -> datetime | None:
    """When the step comes for the `times`-th time; None while nothing runs towards it."""
    match step:
        case Step(after=timedelta() as after, working=True):
            return businesstime.add(calendar, start, -(-after * times // timedelta(seconds=1)))
        case Step(after=timedelta() as after):
            return start + after * times
        case Step(percent=int(percent)):
            return _used(percent, clocks, calendar, now)
    return None


def _used(percent: int, clocks: Clocks, calendar: WorkCalendar, now: datetime) -> datetime | None:
    """When so much of the most urgent clock's target is used: now if it is, None if no clock runs."""
    urgent = min(clocks.values(), key=lambda clock: clock.due_at or LATER)
    if urgent.due_at is None or urgent.target is None:
        return None
    goal = share(urgent.target, percent)
    if urgent.spent >= goal:
        return now
    if urgent.started_at is None:
        return businesstime.add(calendar, now, goal - urgent.spent)
    return businesstime.add(calendar, urgent.started_at, goal, pauses=urgent.pauses)

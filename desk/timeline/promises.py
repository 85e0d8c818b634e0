"""The clocks of a ticket as they stand, by a replay of its facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.models import Work
from desk.timeline.lines import Told
from duty import hours
from promises import clock, disclosure
from promises.disclosure import Why
from tickets import sla


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock as it stands: `state` as in the countdown, `used` in percent, and why."""

    kind: str
    name: str
    state: str
    used: int
    due_at: datetime | None
    target: int | None
    spent: int
    left: timedelta | None
    """Until the deadline or, broken, since it; None when the clock stands."""
    ticks_to: datetime | None
    """The deadline, when time runs straight to it."""
    why: Why


def promises(work: Work, facts: Sequence[Told], at: datetime) -> list[Promise]:
    """Every clock by a replay of the facts that were read anyway, in their fixed order."""
    told = sla.story(facts) if facts else None
    if told is None:
        return []
    states = clock.replay(told.policy, told.calendar, told.events, at)
    return [
        _promise(work, told, kind, states[kind], at)
        for kind in clock.KINDS
        if kind in told.promised and states[kind].started_at
    ]


def _promise(work: Work, told: sla.Story, kind: clock.ClockKind, state: clock.ClockState, at: datetime) -> Promise:
    version_pk = told.calendar_version_pk
    explanation = clock.explain(told.policy, told.calendar, told.events, kind, at)
    used = min(100, 100 * state.spent // state.target) if state.target else 0
    return Promise(
        kind=kind, name=str(disclosure.CLOCK_NAMES[kind]), state=_look(state, used, version_pk),
        used=100 if state.broken_at else used, due_at=state.due_at, target=state.target, spent=state.spent,
        left=abs(state.due_at - at) if state.due_at else None,
        ticks_to=state.due_at if state.due_at and state.due_at > at else None,
        why=disclosure.why(told.terms, explanation, state, severity=work.severity, calendar_version_pk=version_pk),
    )  # fmt: skip


def _look(state: clock.ClockState, used: int, version_pk: int) -> str:
    if state.broken_at:
        return "broken"
    if state.kept_at:
        return "kept"
    if state.due_at is None:
        return "paused" if state.started_at else "none"
    if hours.is_provisional(version_pk, state.due_at):
        return "provisional"
    return "late" if used >= 90 else "soon" if used >= 75 else "calm"

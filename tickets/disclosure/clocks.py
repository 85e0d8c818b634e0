"""The clocks of a ticket in words: the strip, the next deadline, and why it is when it is."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from duty import businesstime, hours
from kit.projection import projection
from kit.templatetags.look import span
from promises import clock
from promises.clock import ClockKind, ClockState
from promises.disclosure import CLOCK_NAMES, Countdown, Why, countdown, exact, why
from tickets import story
from tickets.models import Fact


@projection
class ClockView:
    """One promise of the ticket. state: calm, soon, late, broken, paused, kept, provisional, or none once it ended.

    `left` and `by` are the large words of a running clock: what is left, and what happens before when.
    """

    kind: str
    name: str
    state: str
    text: str
    used: int
    note: str
    left: str
    by: str
    due_at: datetime | None
    target: int
    is_broken: bool
    is_running: bool
    runs_straight: bool
    is_endless: bool
    """The calendar never reaches the target: a promise without a deadline, for want of working time."""
    why: Why

    @property
    def counts_to(self) -> datetime | None:
        """Where a browser may count to by itself."""
        return self.due_at if self.runs_straight else None


def clock_views(
    facts: Sequence[Fact], severity: int, at: datetime, *, is_over: bool = False
) -> tuple[ClockView, ...]:  # fmt: skip
    """All clocks that were promised and have begun, by a replay of the facts at `at`. Nothing is read but versions.

    On a ticket that `is_over` no clock is called paused: what was not kept has ended, unless it opens again.
    """
    told = story.read(facts)
    if told is None:
        return ()
    states = clock.replay(told.policy, told.calendar, told.events, at)
    kinds = [kind for kind in clock.KINDS if kind in told.promised and states[kind].cycle and states[kind].target]
    return tuple(_view(told, kind, states[kind], severity, at, is_over=is_over) for kind in kinds)


def next_of(clocks: Sequence[ClockView]) -> ClockView | None:
    """The running clock with the nearest deadline that can still be kept; where there is none, the first broken one."""
    running = [one for one in clocks if one.is_running and one.due_at]
    return min(running, key=lambda one: (one.is_broken, one.due_at), default=None)


def _view(
    told: story.Story, kind: ClockKind, state: ClockState, severity: int, at: datetime, *, is_over: bool
) -> ClockView:  # fmt: skip
    target = state.target or 0
    running = _countdown(told, state, at)
    is_endless = _is_endless(told, state)
    words, text, note = _words(state, target, running, is_endless=is_endless, is_over=is_over)
    left, by = _large(kind, running) if running else ("", "")
    explanation = clock.explain(told.policy, told.calendar, told.events, kind, at)
    return ClockView(
        kind=kind, name=str(CLOCK_NAMES[kind]), state=words, text=text, note=note, left=left, by=by,
        used=running.used if running else min(100, state.spent * 100 // target), due_at=state.due_at, target=target,
        is_broken=state.broken_at is not None, is_running=running is not None,
        runs_straight=running is not None and running.runs_straight, is_endless=is_endless,
        why=why(told.terms, explanation, state, severity=severity, calendar_version_pk=told.calendar_version_pk),
    )  # fmt: skip


def _is_endless(told: story.Story, state: ClockState) -> bool:
    """Whether a clock that is still owed can never be due."""
    if state.kept_at or state.due_at or state.started_at is None or state.target is None:
        return False
    return businesstime.add(hours.compiled(told.calendar_version_pk), state.started_at, state.target) is None


def _countdown(told: story.Story, state: ClockState, at: datetime) -> Countdown | None:
    if state.due_at is None or state.target is None:
        return None
    version = told.calendar_version_pk
    provisional = hours.is_provisional(version, state.due_at)
    return countdown(hours.compiled(version), state.target, state.due_at, at, provisional=provisional)


def _words(
    state: ClockState, target: int, running: Countdown | None, *, is_endless: bool, is_over: bool
) -> tuple[str, str, str]:  # fmt: skip
    """State, text and note of one clock."""
    promise = {"target": span(target), "spent": span(state.spent)}
    if state.kept_at is not None:
        note = _("took %(spent)s, promised %(target)s") % promise
        return ("broken", _("kept late"), note) if state.broken_at else ("kept", _("kept"), note)
    if running is not None:
        note = _("before %(moment)s, promised %(target)s") % {**promise, "moment": exact(running.due_at)}
        return running.state, _left(running), note
    if is_endless:
        return "none", _("no deadline"), _("promised %(target)s") % promise
    if state.pauses and not is_over:
        return "paused", _("paused"), _("%(spent)s of %(target)s used") % promise
    return "none", _("ended"), _("%(spent)s of %(target)s used") % promise


def _large(kind: ClockKind, running: Countdown) -> tuple[str, str]:
    """The large words of the banner."""
    due = {"moment": exact(running.due_at)}
    if running.state == "broken":
        return _left(running), _("promised before %(moment)s") % due
    by = {
        "first_response": _("a person answers before %(moment)s"),
        "next_response": _("we answer before %(moment)s"),
        "update": _("you hear from us before %(moment)s"),
        "resolution": _("we solve it before %(moment)s"),
    }[kind]
    return _left(running), by % due


def _left(running: Countdown) -> str:
    """What is left, as working time where the clock does not run day and night."""
    if running.state == "broken":
        return running.text
    words = _("%(span)s left") if running.runs_straight else _("%(span)s of working time left")
    return words % {"span": span(running.left)}

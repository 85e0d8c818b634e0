"""What people may read of promises: the table of a plan, a promise before it is made, and why a deadline is when it is.

`why` says the same words to engineer, customer and auditor, each in their own language and zone (DESIGN 6.12).
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duty import businesstime, hours
from duty.businesstime import WorkCalendar
from kit.projection import projection
from kit.templatetags.look import listed, moment, span
from kit.words import for_reader
from promises import terms, units
from promises.clock import ClockKind, ClockState, Explanation
from promises.models import PolicyVersion
from promises.models.policies import SEVERITIES

CLOCK_NAMES = {
    "first_response": gettext_lazy("First answer"),
    "next_response": gettext_lazy("Next answer"),
    "update": gettext_lazy("Progress report"),
    "resolution": gettext_lazy("Solution"),
}
WINDOWS_SHOWN = 4


@projection
class PromiseRow:
    """What one severity is promised: seconds of working time, None = not promised."""

    severity: int
    first_response: int | None
    next_response: int | None
    update: int | None
    resolution: int | None
    hours: str
    hours_zh: str
    is_day_and_night: bool
    working_day: int
    """Seconds that count on a day of these hours."""
    clause: str

    @property
    def words(self) -> str:
        """The hours in the reader's language."""
        return for_reader(self.hours, self.hours_zh)

    @property
    def written(self) -> dict[str, tuple[str, str]]:
        """Each clock that is promised, as `in_words` says it."""
        seconds = {kind: getattr(self, kind) for kind in CLOCK_NAMES}
        return {kind: self.in_words(value) for kind, value in seconds.items() if value is not None}

    def in_words(self, seconds: int) -> tuple[str, str]:
        """A time promised in these hours: "2 h", "working hours"; whole working days as days. Said so everywhere."""
        if seconds and seconds % self.working_day == 0:
            days = seconds // self.working_day
            unit = _("any day") if self.is_day_and_night else ngettext("working day", "working days", days)
            return (ngettext("%(count)d day", "%(count)d days", days) % {"count": days}, unit)
        return (span(seconds), _("day and night") if self.is_day_and_night else _("working hours"))


@projection
class Promise:
    """A promise as it would be made now: the first answer, by when, in which hours. None = no first answer promised."""

    severity: int
    seconds: int | None
    due_at: datetime | None
    next_response: int | None
    update: int | None
    resolution: int | None
    hours: str
    timezone: str
    is_day_and_night: bool
    is_provisional: bool
    is_open_now: bool

    @property
    def due(self) -> str:
        """The moment in words."""
        return exact(self.due_at) if self.due_at else ""


@projection
class WhyPiece:
    """A stretch of time and whether it counted: open, closed, holiday, break, paused or solved."""

    starts_at: datetime
    ends_at: datetime
    counted: int
    reason: str


@projection
class Why:
    """Why this deadline: five rows in words, and the pieces behind them."""

    kind: str
    due_at: datetime | None
    clause: str
    start: str
    counted: str
    pauses: str
    result: str
    pieces: tuple[WhyPiece, ...]


@projection
class Countdown:
    """A running deadline in words: how much of the target is used, what is left, and by when.

    `left` is working seconds, negative for the seconds since a broken promise. `runs_straight` says that every second
    until then counts, so that a browser may count along.
    """

    state: str
    text: str
    used: int
    left: int
    due_at: datetime
    runs_straight: bool

    @property
    def counts_to(self) -> datetime | None:
        """Where a browser may count to by itself."""
        return self.due_at if self.runs_straight else None


def countdown(calendar: WorkCalendar, target: int, due_at: datetime, at: datetime, *, provisional: bool) -> Countdown:
    """How a running clock stands: calm, soon from 75 %, late from 90 %, broken, or provisional."""
    if due_at <= at:
        over = int((at - due_at).total_seconds())
        words = _("%(span)s over") % {"span": span(over)}
        return Countdown(state="broken", text=words, used=100, left=-over, due_at=due_at, runs_straight=False)
    left = businesstime.between(calendar, at, due_at)
    used = min(100, max(0, 100 - left * 100 // max(target, 1)))
    state = "late" if used >= 90 else "soon" if used >= 75 else "provisional" if provisional else "calm"
    is_today = timezone.localtime(due_at).date() == timezone.localtime(at).date()
    return Countdown(
        state=state, text=span(left) if is_today else exact(due_at), used=used, left=left, due_at=due_at,
        runs_straight=left == int((due_at - at).total_seconds()),
    )  # fmt: skip


def exact(at: datetime) -> str:
    """A moment as short as it is clear, always with its hour: 14:56, Tue 10:30, 3 Apr 17:45."""
    words = moment(at)
    return words if ":" in words else f"{words} {timezone.localtime(at):%H:%M}"


def promise_table(code: str, at: datetime) -> tuple[PromiseRow, ...]:
    """The terms of a policy by severity, as a plan shows them; empty for a policy that is not in force."""
    calendars = {f"calendar_{severity}": terms.calendar_version(severity, at) for severity in SEVERITIES}
    version = PolicyVersion.objects.in_force(code, at).annotate(**calendars).first()
    if version is None:
        return ()
    found = [(severity, getattr(version, f"calendar_{severity}")) for severity in SEVERITIES]
    pinned = [terms.pinned(version.pk, calendar, severity) for severity, calendar in found if calendar]
    return tuple(_row(term) for term in pinned if term)


def preview(code: str, severity: int, at: datetime) -> Promise | None:
    """What a ticket of this severity, filed at `at`, would be promised; None when nothing is."""
    term = terms.in_force(code, severity, at)
    return promised(term, at) if term else None


def promised(term: terms.Terms, at: datetime) -> Promise:
    """The promise of these terms for a ticket filed at `at`."""
    seconds = term.policy.targets.get("first_response")
    due_at = businesstime.add(term.calendar, at, seconds) if seconds is not None else None
    facts = hours.facts(term.calendar_version_pk)
    return Promise(
        severity=term.severity, seconds=seconds, due_at=due_at,
        next_response=term.policy.targets.get("next_response"), update=term.policy.targets.get("update"),
        resolution=term.policy.targets.get("resolution"), hours=for_reader(facts.name, facts.name_zh),
        timezone=term.calendar.timezone, is_day_and_night=hours.is_day_and_night(term.calendar),
        is_provisional=hours.is_provisional(term.calendar_version_pk, due_at),
        is_open_now=businesstime.is_open(term.calendar, at),
    )  # fmt: skip


def why(
    term: terms.Terms, explanation: Explanation, state: ClockState, *, severity: int, calendar_version_pk: int
) -> Why:  # fmt: skip
    """The derivation of one clock. `calendar_version_pk` is the version in which the clock is measured now."""
    facts = hours.facts(calendar_version_pk)
    return Why(
        kind=explanation.kind,
        due_at=explanation.due_at,
        clause=_clause(term, explanation, severity, for_reader(facts.name, facts.name_zh)),
        start=_start(explanation.kind, explanation.started_at),
        counted=_counted(explanation, state, calendar_version_pk),
        pauses=_pauses(state),
        result=_result(term, explanation, state, facts.number),
        pieces=tuple(
            WhyPiece(starts_at=piece.start, ends_at=piece.end, counted=piece.counted, reason=piece.reason)
            for piece in explanation.pieces
        ),
    )


def _row(term: terms.Terms) -> PromiseRow:
    facts, targets = hours.facts(term.calendar_version_pk), term.policy.targets
    return PromiseRow(
        severity=term.severity, first_response=targets.get("first_response"),
        next_response=targets.get("next_response"), update=targets.get("update"),
        resolution=targets.get("resolution"), hours=facts.name, hours_zh=facts.name_zh,
        is_day_and_night=hours.is_day_and_night(term.calendar), working_day=units.working_day(term.calendar),
        clause=term.clause,
    )  # fmt: skip


def _clause(term: terms.Terms, explanation: Explanation, severity: int, calendar: str) -> str:
    policy = for_reader(term.name, term.name_zh)
    source = _("%(policy)s, clause %(clause)s") % {"policy": policy, "clause": term.clause} if term.clause else policy
    return _("%(source)s: S%(severity)d, %(clock)s within %(span)s, %(calendar)s") % {
        "source": source, "severity": severity, "clock": CLOCK_NAMES[explanation.kind],
        "span": span(explanation.target), "calendar": calendar,
    }  # fmt: skip


def _start(kind: ClockKind, started_at: datetime | None) -> str:
    if started_at is None:
        return _("Has not begun.")
    what = {
        "first_response": _("when you filed the ticket"),
        "next_response": _("your oldest message without an answer"),
        "update": _("our last answer"),
        "resolution": _("when you filed the ticket"),
    }[kind]
    return _("%(moment)s, %(what)s") % {"moment": exact(started_at), "what": what}


def _counted(explanation: Explanation, state: ClockState, calendar_version_pk: int) -> str:
    """The open windows up to the deadline, or, where there is none now, what was used so far."""
    if explanation.started_at is None or explanation.due_at is None:
        return _("%(spent)s of %(target)s used") % {"spent": span(state.spent), "target": span(explanation.target)}
    calendar = hours.compiled(calendar_version_pk)
    open_ = list(businesstime.windows(calendar, explanation.started_at, explanation.due_at))
    pieces = [f"{exact(start)} – {_end(start, end)}" for start, end in _without(open_, state.pauses)]
    if len(pieces) > WINDOWS_SHOWN:
        pieces = [*pieces[:2], "…", pieces[-1]]
    return _("%(windows)s; together %(span)s") % {"windows": listed(pieces), "span": span(explanation.target)}


def _without(
    windows: Sequence[tuple[datetime, datetime]], pauses: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """The windows outside the pauses."""
    for since, until in pauses:
        cut = []
        for start, end in windows:
            cut += [(start, min(end, since))] if start < since else []
            cut += [(max(start, until), end)] if end > until else []
        windows = cut
    return list(windows)


def _pauses(state: ClockState) -> str:
    if not state.pauses:
        return _("None. Only an open question to you pauses a promise.")
    pieces = [f"{exact(start)} – {_end(start, end)}" for start, end in state.pauses]
    return _("%(pauses)s, waiting for you or solved") % {"pauses": listed(pieces)}


def _result(term: terms.Terms, explanation: Explanation, state: ClockState, calendar_number: int) -> str:
    versions = _("policy version %(policy)d, calendar version %(calendar)d") % {
        "policy": term.number, "calendar": calendar_number,
    }  # fmt: skip
    if state.kept_at is not None:
        kept = _("Kept at %(moment)s after %(spent)s") % {"moment": exact(state.kept_at), "spent": span(state.spent)}
        return _("%(kept)s; %(versions)s") % {"kept": kept, "versions": versions}
    if explanation.due_at is None or explanation.started_at is None:
        return _("No deadline while the clock stands; %(versions)s") % {"versions": versions}
    words = {
        "start": exact(explanation.started_at), "span": span(explanation.target), "due": exact(explanation.due_at),
        "paused": span(state.paused), "zone": timezone.get_current_timezone_name(), "versions": versions,
    }  # fmt: skip
    if state.paused:
        return _("%(start)s + %(span)s + %(paused)s paused = %(due)s (%(zone)s), %(versions)s") % words
    return _("%(start)s + %(span)s = %(due)s (%(zone)s), %(versions)s") % words


def _end(start: datetime, end: datetime) -> str:
    """The end of a stretch, by its hour alone when it ends on the day on which it began."""
    here, there = timezone.localtime(start), timezone.localtime(end)
    return f"{there:%H:%M}" if here.date() == there.date() else exact(end)

"""A policy version before it is published: what is wrong with it, what it changes, and which deadlines it would set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from duty import businesstime, hours
from duty.businesstime import WorkCalendar
from duty.models import Calendar
from kit.templatetags.look import listed, span
from promises.clock import KINDS
from promises.disclosure import CLOCK_NAMES, exact
from promises.models import PolicyVersion
from promises.units import WHOLE_DAY, working_day

FRIDAY, AFTERNOON = 4, (16, 40)
"""When the tickets of the worked examples are filed: late before a weekend, where hours differ most."""


class _Needed(TypedDict):
    severity: int
    calendar: str


class TermOffered(_Needed, total=False):
    """What one severity is promised: seconds of working time in the calendar with this code; left out = nothing."""

    first_response: int | None
    next_response: int | None
    update: int | None
    resolution: int | None
    acknowledge_minutes: int
    clause: str


class Rules(TypedDict, total=False):
    """What a version says for all severities, by the columns of PolicyVersion; left out = as the house does it."""

    pausing: Sequence[str]
    on_reopen: str
    on_change: str
    opening_starts_next_response: bool
    closes_after_days: int
    reopens_within_days: int
    reminds_after_days: int
    ends_waiting_after_days: int


RULES = {
    "pausing": gettext_lazy("Stand still while we wait for the customer"),
    "on_reopen": gettext_lazy("Reopened, the solution's clock"),
    "on_change": gettext_lazy("After a change of severity or plan"),
    "opening_starts_next_response": gettext_lazy("The filing itself waits for a next answer"),
    "closes_after_days": gettext_lazy("Days until a solved ticket closes"),
    "reopens_within_days": gettext_lazy("Days in which it may be reopened"),
    "reminds_after_days": gettext_lazy("Working days until a waiting customer is reminded"),
    "ends_waiting_after_days": gettext_lazy("Working days from the reminder to the end"),
}
CHOICES = {
    "resume": gettext_lazy("goes on with what was spent"), "restart": gettext_lazy("starts from zero"),
    "recompute": gettext_lazy("measured anew from where it began"),
}  # fmt: skip
RESTARTED = gettext_lazy("measured from the change")


@dataclass(frozen=True, slots=True)
class Example:
    """One severity, filed on a Friday afternoon in its calendar's zone; `due` names each clock with its moment."""

    severity: int
    zone: str
    filed: str
    due: tuple[tuple[str, str], ...]
    is_provisional: bool


def calendar_at(code: str, at: datetime) -> WorkCalendar | None:
    """The calendar as it stands at `at`; None where nothing readable does."""
    row = Calendar.objects.filter(code=code).first()
    try:
        return hours.compiled(hours.in_force(row.pk, at)) if row else None
    except (hours.NoCalendar, ValueError, TypeError, AttributeError, LookupError):
        return None


def day_of(code: str, at: datetime) -> int:
    """A working day of this calendar in seconds."""
    calendar = calendar_at(code, at)
    return working_day(calendar) if calendar else WHOLE_DAY


def objections(term: TermOffered, at: datetime) -> Iterator[tuple[str, str]]:
    """What is wrong with a term that begins at `at`: the field and the reason, in words."""
    calendar = calendar_at(term["calendar"], at)
    if calendar is None:
        yield "calendar", _("This calendar has no version in force when the policy begins.")
        return
    try:
        opens = businesstime.next_opening(calendar, at)
    except (ValueError, LookupError):
        yield "calendar", _("This calendar cannot be read. Put it right first.")
        return
    if opens is None:
        yield "calendar", _("This calendar has no working time, so nothing would ever be due.")
        return
    targets: Mapping[str, Any] = term
    for kind in KINDS:
        if targets.get(kind) and businesstime.add(calendar, at, targets[kind]) is None:
            yield kind, _("This calendar does not reach it within 400 days.")
    first, solution = targets.get("first_response"), targets.get("resolution")
    if first and solution and first > solution:
        yield "first_response", _("Later than the solution: the first answer has to come before it.")
    if first and targets.get("acknowledge_minutes", 0) * 60 > first:
        yield "acknowledge_minutes", _("Later than the first answer is due.")


def examples(terms: Sequence[TermOffered], at: datetime) -> list[Example]:
    """Each severity that promises something, filed on the first Friday afternoon from `at` on."""
    found = []
    for term in terms:
        calendar = calendar_at(term["calendar"], at)
        targets: Mapping[str, Any] = term
        promised = [kind for kind in ("first_response", "resolution") if targets.get(kind)]
        if calendar is None or not promised:
            continue
        version = hours.in_force(Calendar.objects.get(code=term["calendar"]).pk, at)
        filed = _friday(at, ZoneInfo(calendar.timezone))
        moments = [(kind, businesstime.add(calendar, filed, targets[kind])) for kind in promised]
        with timezone.override(ZoneInfo(calendar.timezone)):
            due = tuple(
                (str(CLOCK_NAMES[kind]), exact(moment) if moment else pgettext("of a deadline", "never"))
                for kind, moment in moments
            )
            found.append(
                Example(
                    severity=term["severity"],
                    zone=calendar.timezone,
                    filed=exact(filed),
                    due=due,
                    is_provisional=any(hours.is_provisional(version, moment) for _kind, moment in moments),
                )
            )
    return found


def _friday(at: datetime, zone: ZoneInfo) -> datetime:
    day = at.astimezone(zone)
    filed = (day + timedelta(days=(FRIDAY - day.weekday()) % 7)).replace(
        hour=AFTERNOON[0], minute=AFTERNOON[1], second=0, microsecond=0
    )
    return filed if filed >= day else filed + timedelta(days=7)


def of_version(version: PolicyVersion) -> tuple[list[TermOffered], Rules]:
    """A published version as a draft of the next one. Its terms are read."""
    rows = version.terms.select_related("calendar").order_by("severity")
    terms = [
        TermOffered(
            severity=row.severity,
            calendar=row.calendar.code,
            first_response=row.first_response,
            next_response=row.next_response,
            update=row.update,
            resolution=row.resolution,
            acknowledge_minutes=row.acknowledge_minutes,
            clause=row.clause,
        )
        for row in rows
    ]
    return terms, Rules(**{name: getattr(version, name) for name in RULES})  # type: ignore[typeddict-item]


def changes(
    before: tuple[Sequence[TermOffered], Rules] | None, after: tuple[Sequence[TermOffered], Rules]
) -> tuple[tuple[str, str, str], ...]:  # fmt: skip
    """What differs, line by line: (changed, added or removed; the old words; the new ones)."""
    old, new = (_lines(*before) if before else {}), _lines(*after)
    kinds = {(True, True): "changed", (False, True): "added", (True, False): "removed"}
    return tuple(
        (kinds[key in old, key in new], old.get(key, ""), new.get(key, ""))
        for key in [*new, *(key for key in old if key not in new)]
        if old.get(key) != new.get(key)
    )


def _lines(terms: Sequence[TermOffered], rules: Rules) -> dict[str, str]:
    names = dict(Calendar.objects.values_list("code", "name"))
    lines = {f"S{term['severity']}": _term_words(term, names) for term in terms}
    said: Mapping[str, Any] = rules
    return lines | {name: f"{label}: {_rule_words(name, said[name])}" for name, label in RULES.items() if name in said}


def _term_words(term: TermOffered, names: Mapping[str, str]) -> str:
    targets: Mapping[str, Any] = term
    promised = [f"{CLOCK_NAMES[kind]} {span(targets[kind])}" for kind in KINDS if targets.get(kind)]
    words = [*(promised or [_("nothing promised")]), names.get(term["calendar"], term["calendar"])]
    words.append(_("acknowledge within %(n)d min") % {"n": targets.get("acknowledge_minutes", 15)})
    if targets.get("clause"):
        words.append(_("clause %(clause)s") % {"clause": targets["clause"]})
    return f"S{term['severity']}: {' · '.join(words)}"


def _rule_words(name: str, value: Any) -> str:
    if name == "pausing":
        return listed([str(CLOCK_NAMES[kind]) for kind in KINDS if kind in value]) if value else _("none")
    if name == "on_change" and value == "restart":
        return str(RESTARTED)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(CHOICES.get(value, value))

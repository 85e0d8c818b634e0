"""The form of a calendar: a week, a year's dates that differ, and from when on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from duty import board, businesstime, daybook
from duty.board import Plan
from duty.businesstime import CalendarError, WorkCalendar
from duty.daybook import BadLine, Dated, Pairs
from kit.forms import BlockField, LineField

REASONS = {
    "no_working_time": gettext_lazy("Nobody would ever work: give some weekday or date its hours."),
    "empty_window": gettext_lazy("A window is empty: it ends when it begins."),
    "bad_time": gettext_lazy("Write hours as 09:00-12:00, 13:00-18:00; they lie between 00:00 and 24:00."),
    "bad_timezone": gettext_lazy("This is no time zone. Write a name such as Asia/Shanghai or Europe/Berlin."),
    "overlap": gettext_lazy("Two windows overlap, here or across midnight with the day after."),
    "bad_date": gettext_lazy("a line begins with a date such as 2027-05-01"),
    "other_year": gettext_lazy("the date belongs to another year; choose that year above"),
    "bad_word": gettext_lazy("after the date comes closed, work, morning, afternoon, break, or hours"),
    "no_hours": gettext_lazy("the day has no hours of which this could be a half"),
    "twice": gettext_lazy("the date stands there already"),
}
QUICK = (
    ("closed", pgettext_lazy("hours of a day", "Closed")), ("morning", gettext_lazy("Half day: morning only")),
    ("afternoon", gettext_lazy("Half day: afternoon only")), ("work", gettext_lazy("Working day")),
    ("hours", gettext_lazy("Own hours")), ("break", gettext_lazy("Break")),
)  # fmt: skip
RULES = (
    ("calendar_date", gettext_lazy("A holiday closes the whole date, midnight to midnight")),
    ("shift_start", gettext_lazy("A holiday drops the windows that begin on it; a night shift from the eve runs on")),
)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CalendarForm(forms.Form):
    """`base` is the plan that is edited, None for a new calendar; `year` the one whose dates stand in the text."""

    name = LineField(label=gettext_lazy("Name"), limit=80)
    name_zh = LineField(label=gettext_lazy("Name in Chinese"), limit=80, required=False)
    timezone = LineField(label=gettext_lazy("Time zone"), limit=64)
    holiday_rule = forms.ChoiceField(label=gettext_lazy("Holidays"), choices=RULES)
    dates = BlockField(
        label=gettext_lazy("Dates that differ"), required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    add_on = forms.DateField(label=gettext_lazy("Date"), required=False, widget=DATE)
    add_kind = forms.ChoiceField(label=gettext_lazy("What"), choices=QUICK, required=False)
    add_hours = LineField(label=gettext_lazy("Hours"), limit=80, required=False)
    add_name = LineField(label=gettext_lazy("Called"), limit=160, required=False)
    from_on = forms.DateField(label=gettext_lazy("Begins on"), widget=DATE)
    note = LineField(
        label=gettext_lazy("Why"), limit=200, required=False,
        help_text=gettext_lazy("Stands in the history of versions."),
    )  # fmt: skip
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, base: Plan | None, year: int, at: datetime, after: int) -> None:
        self.base, self.year, self.at = base, year, at
        self.weekdays = [f"day_{day}" for day in range(7)]
        super().__init__(data, initial=self._initial(after))
        for day, name in enumerate(self.weekdays):
            self.fields[name] = LineField(label=board.weekday(day), limit=120, required=False)
        if base is None:
            self.fields["code"] = forms.SlugField(
                label=_("Code"), max_length=40, help_text=_("Policies name the calendar by it; it never changes.")
            )
            self.fields["known_until"] = forms.DateField(
                label=_("Official schedule known until"), required=False, widget=DATE,
                help_text=_("Only where holidays are published year by year: later deadlines are provisional."),
            )  # fmt: skip
        self.fields["dates"].help_text = _(
            "A date a line, then closed, work, morning, afternoon, break 12:00-13:00 or hours, then its name."
        )

    def _initial(self, after: int) -> dict[str, Any]:
        base = self.base
        if base is None:
            office = {f"day_{day}": "09:00-18:00" for day in range(5)}
            return {
                "timezone": timezone.get_current_timezone_name(),
                "from_on": self.at.date(),
                "after": after,
                **office,
            }
        return {
            "name": base.name, "name_zh": base.name_zh, "timezone": base.timezone, "holiday_rule": base.holiday_rule,
            "dates": daybook.written(base.of_year(self.year), base.weekly, get_language() or "en"),
            "from_on": self.at.astimezone(ZoneInfo(base.timezone)).date(), "after": after,
            **{f"day_{day}": daybook.spelled(pieces) for day, pieces in base.weekly.items()},
        }  # fmt: skip

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[name] for name in self.weekdays]

    def clean(self) -> None:
        weekly = {day: self._windows(name) for day, name in enumerate(self.weekdays)}
        self._check_zone()
        self._check_nights(weekly)
        if not self.errors:
            dated = self._dates(weekly)
            if dated is not None:
                self._plan(weekly, dated)

    def clean_code(self) -> str:
        """`new` is the page that begins a calendar; a code that stands is edited on its own page."""
        code: str = self.cleaned_data["code"]
        if code == "new" or board.newest(code):
            raise forms.ValidationError(_("This code is taken. Choose another, or edit that calendar."))
        return code

    def _windows(self, name: str) -> Pairs:
        try:
            return daybook.windows(self.cleaned_data.get(name, ""))
        except CalendarError as wrong:
            self.add_error(name, REASONS[wrong.reason])
            return ()

    def _check_zone(self) -> None:
        try:
            businesstime.check(WorkCalendar(self.cleaned_data.get("timezone") or "UTC", weekly={0: [(0, 1440)]}))
        except CalendarError as wrong:
            self.add_error("timezone", REASONS[wrong.reason])

    def _check_nights(self, weekly: Mapping[int, Pairs]) -> None:
        """A night that runs into the next day's hours is told at the day on which it begins."""
        for day, pieces in weekly.items():
            pair = {day: pieces, (day + 1) % 7: weekly[(day + 1) % 7]}
            read = {key: [businesstime.window(*piece) for piece in value] for key, value in pair.items()}
            try:
                businesstime.check(WorkCalendar("UTC", weekly=read))
            except CalendarError as wrong:
                if wrong.reason == "overlap":
                    self.add_error(f"day_{day}", REASONS["overlap"])

    def _dates(self, weekly: Mapping[int, Pairs]) -> list[Dated] | None:
        """The dates of the year, with the one that is added. The text then holds it."""
        text, field = self.cleaned_data.get("dates", ""), "dates"
        try:
            found = daybook.read(text, weekly, year=self.year)
            if self.cleaned_data.get("add_on"):
                field, text = "add_on", "\n".join(filter(None, (text.rstrip(), self._added())))
                found = daybook.read(text, weekly, year=self.year)
                text = daybook.written(found, weekly, get_language() or "en")
                self.write(dates=text, add_on="", add_hours="", add_name="")
        except BadLine as wrong:
            reason = {"reason": REASONS[wrong.reason], "number": wrong.number, "text": wrong.text}
            said = _("%(reason)s") if field == "add_on" else _("Line %(number)d, “%(text)s”: %(reason)s")
            self.add_error(field, said % reason)
            return None
        return found

    def _added(self) -> str:
        words = self.cleaned_data
        kind = words.get("add_kind") or "closed"
        what = {"hours": words.get("add_hours", ""), "break": f"break {words.get('add_hours', '')}"}.get(kind, kind)
        return f"{words['add_on']} {what} {words.get('add_name', '')}"

    def _plan(self, weekly: Mapping[int, Pairs], dated: Sequence[Dated]) -> None:
        words, base = self.cleaned_data, self.base
        others = [day for day in base.days if day.on.year != self.year] if base else []
        days = tuple(sorted([*others, *dated], key=lambda day: (day.on, day.kind)))
        if words["from_on"] < self.at.astimezone(ZoneInfo(words["timezone"])).date():
            self.add_error("from_on", _("A version begins today or later: what was promised before stays as it was."))
            return
        plan = Plan(
            name=words["name"], name_zh=words["name_zh"], timezone=words["timezone"], weekly=weekly,
            holiday_rule=words["holiday_rule"], days=days,
            known_until=base.known_until if base else words.get("known_until"),
        )  # fmt: skip
        try:
            businesstime.check(plan.calendar)
        except CalendarError as wrong:
            self.add_error("day_0", REASONS[wrong.reason])
            return
        self.plan = plan

    @cached_property
    def valid_from(self) -> datetime:
        """This moment for today, else the midnight with which the date begins there."""
        on, zone = self.cleaned_data["from_on"], ZoneInfo(self.plan.timezone)
        begins = datetime.combine(on, time(), zone)
        return max(begins, self.at)

    @cached_property
    def digest(self) -> str:
        """Of all that would be published: whoever publishes has seen just this."""
        plan, words = self.plan, self.cleaned_data
        told = (
            plan.name, plan.name_zh, plan.timezone, plan.holiday_rule, sorted(plan.weekly.items()), plan.days,
            words["from_on"], words["note"], words["after"], words.get("code"), plan.known_until,
        )  # fmt: skip
        return sha256(repr(told).encode()).hexdigest()

    def offer(self) -> None:
        """Let the page carry what was seen, so that the next press may publish it."""
        self.write(seen=self.digest)

    def write(self, **values: str) -> None:
        """Put other values into the fields than were sent, for the page that comes back."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            data[name] = value
        self.data = data


def chosen_year(text: str | None, today: date) -> int:
    """The year that an address asks for; this one where it asks for none that people plan in."""
    return int(text) if text and text.isascii() and text.isdigit() and 2000 <= int(text[:6]) <= 2100 else today.year


def as_days(plan: Plan) -> list[Any]:
    """The dates of a plan as the verb takes them."""
    return [
        {"on": day.on, "kind": day.kind, "windows": day.windows, "name": day.name, "name_zh": day.name_zh}
        for day in plan.days
    ]

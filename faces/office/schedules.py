"""A year's official schedule for a calendar: read from a file or from pasted text, seen, then loaded."""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from duty import board, daybook, schedules
from duty.actions import calendars
from duty.actions.calendars import Signature
from duty.board import Plan
from duty.daybook import Dated
from duty.models import CalendarVersion
from duty.schedules import BadSchedule, Schedule
from faces.office.calendar_forms import as_days, chosen_year
from kit import stash
from kit.forms import BlockField, FilesField, LineField
from kit.verbs import Refused
from tickets.models import Clock

REASONS = {
    "unreadable": gettext_lazy("This is neither the JSON of a schedule nor an iCalendar file. %(about)s"),
    "too_large": gettext_lazy("This is larger than any schedule: at most 1 MB."),
    "too_many": gettext_lazy("This has more events than any schedule of a year."),
    "no_dates": gettext_lazy("No whole day of this year stands in it."),
    "bad_date": gettext_lazy("This is no date of the year: %(about)s"),
    "bad_rule": gettext_lazy("An event repeats in a way that no holiday does: %(about)s"),
}
MEANS = (
    ("marked", gettext_lazy("Closed, but for titles with 班 or “working day”")),
    ("closed", gettext_lazy("All are closed")), ("work", gettext_lazy("All are working days")),
)  # fmt: skip


class ScheduleForm(forms.Form):
    """One file, or text; what was read may be carried as text so that it is loaded as it was seen."""

    upload = FilesField(label=gettext_lazy("File"), required=False)
    body = BlockField(
        label=gettext_lazy("Or its text"), required=False, limit=20_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    means = forms.ChoiceField(label=gettext_lazy("Events of an iCalendar file are"), choices=MEANS)
    note = LineField(label=gettext_lazy("Source"), limit=200, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, year: int, zone: str, **kwargs: Any) -> None:
        self.year, self.zone = year, zone
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        words = self.cleaned_data
        if self.errors:
            return
        field = "upload" if words.get("upload") else "body"
        raw = words["upload"][0].read() if words.get("upload") else words.get("body", "").encode()
        if not raw:
            self.add_error("body", _("Choose a file or paste its text."))
            return
        try:
            self.schedule: Schedule = schedules.read(raw, self.year, self.zone, words["means"])
        except BadSchedule as wrong:
            self.add_error(field, REASONS[wrong.reason] % {"about": wrong.about})

    @property
    def digest(self) -> str:
        return sha256(repr((self.schedule.days, self.year, self.cleaned_data["note"])).encode()).hexdigest()

    def offer(self) -> None:
        """Let the page carry what was seen."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = self.digest
        self.data = data


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Read, show the year as it would be, then load it: an unpublished year, or other dates for new promises."""
    at = timezone.now()
    try:
        version = board.version_of(code, at)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    plan = board.plan_of(version)
    today = at.astimezone(ZoneInfo(plan.timezone)).date()
    usual = plan.known_until.year + 1 if plan.known_until else today.year
    number = chosen_year(request.GET.get("year"), date(usual, 1, 1))
    is_new = plan.known_until is not None and plan.known_until.year < number
    is_sent = request.method == "POST"
    sent = (request.POST, stash.attached(request)) if is_sent else (None, None)
    form = ScheduleForm(*sent, year=number, zone=plan.timezone)
    read: dict[str, Any] = {}
    if is_sent and form.is_valid():
        drafted = _drafted(plan, form.schedule, number)
        is_seen = request.POST.get("do") == "load" and form.cleaned_data["seen"] == form.digest
        if is_seen and _load(request, form, version, drafted, at, is_new=is_new):
            return redirect("office:calendar", code)
        read = {
            "year": board.year(drafted, number, today, beside=plan), "rows": board.changes(plan, drafted),
            "left_out": form.schedule.others,
        }  # fmt: skip
        form.offer()
    if is_sent:
        stash.keep(request, form)
    context = {
        "form": form, "calendar": version.calendar, "number": number, "is_new": is_new, "read": read,
        "years": [(str(one), one == number) for one in sorted({today.year, usual, usual + 1, number})],
        "provisional": _provisional(version) if is_new else 0,
    }  # fmt: skip
    return render(request, "office/schedules/show.html", context, status=422 if form.errors else 200)


def _drafted(plan: Plan, schedule: Schedule, number: int) -> Plan:
    """The plan with these dates; a date that it had otherwise becomes what the schedule says, breaks stay."""
    usual = daybook.usual(plan.weekly)
    fresh = [replace(day, windows=usual) if day.kind == "override" else day for day in schedule.days]
    taken = {day.on for day in fresh}
    kept = [day for day in plan.days if day.kind == "break" or day.on not in taken]
    known = date(number, 12, 31) if plan.known_until and plan.known_until.year < number else plan.known_until
    return replace(plan, days=tuple(sorted([*kept, *fresh], key=_place)), known_until=known)


def _place(day: Dated) -> tuple[date, str]:
    return day.on, day.kind


def _load(
    request: HttpRequest, form: ScheduleForm, version: CalendarVersion, drafted: Plan, at: datetime, *, is_new: bool
) -> bool:
    """Load an unpublished year, or publish a version with the other dates. A refusal stands above the form."""
    signed = Signature(by=request.viewer, at=at, note=form.cleaned_data["note"])  # type: ignore[attr-defined]
    code, number = version.calendar.code, form.year
    try:
        if is_new:
            days: list[Any] = [
                {"on": day.on, "kind": day.kind, "name": day.name, "name_zh": day.name_zh} for day in form.schedule.days
            ]
            calendars.load(
                code, since=date(number, 1, 1), until=date(number, 12, 31), days=days, signed=signed
            )  # fmt: skip
        else:
            calendars.publish(
                code, name=drafted.name, name_zh=drafted.name_zh, timezone=drafted.timezone, weekly=drafted.weekly,
                valid_from=at, days=as_days(drafted), known_until=drafted.known_until,
                holiday_rule=drafted.holiday_rule, signed=signed,
            )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    count = len(form.schedule.days)
    messages.success(
        request, ngettext("%(n)d date of %(year)d is loaded.", "%(n)d dates of %(year)d are loaded.", count)
        % {"n": count, "year": number},
    )  # fmt: skip
    return True


def _provisional(version: CalendarVersion) -> int:
    """Deadlines that wait for an unpublished year of this calendar."""
    clocks = Clock.objects.filter(is_provisional=True, ticket__calendar_version__calendar=version.calendar_id)
    return clocks.values("ticket").distinct().count()

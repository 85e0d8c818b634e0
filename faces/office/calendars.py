"""Working calendars: the year day by day, versions, and an editor that shows what an edit does before it is done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from duty import board
from duty.actions import calendars
from duty.actions.calendars import Signature
from duty.board import Plan, Sample, Year
from duty.models import CalendarVersion
from faces.office.calendar_forms import CalendarForm, as_days, chosen_year
from kit.templatetags.look import span
from kit.verbs import Refused
from kit.words import for_reader
from promises.disclosure import CLOCK_NAMES
from promises.models import Term
from tickets.models import Ticket

SAMPLES = 6
"""So many promises are worked out before and after."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draft changes: rows of the diff, sample deadlines, its year, and how many open tickets keep theirs."""

    rows: list[tuple[str, str, str]]
    samples: list[Sample]
    year: Year
    kept: int

    @property
    def effect(self) -> str:
        moved = sum(sample.moves for sample in self.samples)
        words = ngettext("%(n)d sample deadline moves", "%(n)d sample deadlines move", moved) % {"n": moved}
        return words if moved else _("No sample deadline moves")


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """Every calendar with the version in force."""
    return render(request, "office/calendars/list.html", {"calendars": board.listed(timezone.now())})


@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One version, a year of it, and the history."""
    at = timezone.now()
    version = _version(code, at, request.GET.get("version"))
    plan = board.plan_of(version)
    today = _today(plan, at)
    number = chosen_year(request.GET.get("year"), today)
    context = {
        "calendar": version.calendar, "version": version, "plan": plan, "year": board.year(plan, number, today),
        "years": _years(plan, number, today), "history": board.history(code, at), "kept": _kept(version.calendar_id),
        "rule": board.rule_words(plan.holiday_rule), "week": [(board.weekday(day), words) for day, words in plan.week],
    }  # fmt: skip
    return render(request, "office/calendars/show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """A calendar that does not stand yet."""
    return _edit(request, None, "")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of one, from the version that is shown."""
    return _edit(request, _version(code, timezone.now(), request.GET.get("version")), code)


def _edit(request: HttpRequest, version: CalendarVersion | None, code: str) -> HttpResponse:
    """Preview, then publish what was seen. Whatever is refused, the words stay."""
    at = timezone.now()
    base = board.plan_of(version) if version else None
    today = _today(base, at)
    number = chosen_year(request.GET.get("year"), today)
    is_sent = request.method == "POST"
    form = CalendarForm(
        request.POST if is_sent else None, base=base, year=number, at=at, after=board.newest(code) if code else 0
    )
    preview = None
    if is_sent and form.is_valid():
        if request.POST.get("do") == "publish" and form.cleaned_data["seen"] == form.digest:
            done = _publish(request, form, code, at)
            if done:
                return redirect("office:calendar", done.calendar.code)
        preview = _preview(form, base, version, number, at)
        form.offer()
    context = {
        "form": form, "calendar": version.calendar if version else None, "version": version, "preview": preview,
        "year": number, "years": _years(base, number, today), "fold": base and len(base.of_year(number)),
    }  # fmt: skip
    return render(request, "office/calendars/edit.html", context, status=422 if form.errors else 200)


def _publish(request: HttpRequest, form: CalendarForm, code: str, at: datetime) -> CalendarVersion | None:
    plan, words = form.plan, form.cleaned_data
    try:
        version = calendars.publish(
            code or words["code"], name=plan.name, name_zh=plan.name_zh, timezone=plan.timezone, weekly=plan.weekly,
            valid_from=form.valid_from, days=as_days(plan), known_until=plan.known_until,
            holiday_rule=plan.holiday_rule, after=words["after"],
            signed=Signature(by=request.viewer, at=at, note=words["note"]),  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        form.write(after=str(board.newest(code or words["code"])))
        return None
    messages.success(request, _("Version %(number)d is published.") % {"number": version.number})
    return version


def _preview(
    form: CalendarForm, base: Plan | None, version: CalendarVersion | None, number: int, at: datetime
) -> Preview:
    plan = form.plan
    year = board.year(plan, number, _today(plan, at), beside=base)
    if base is None or version is None:
        return Preview(rows=[], samples=[], year=year, kept=0)
    samples = board.samples(base, plan, _targets(version.calendar_id, at), form.valid_from)
    return Preview(rows=board.changes(base, plan), samples=samples, year=year, kept=_kept(version.calendar_id))


def _targets(calendar_pk: int, at: datetime) -> list[tuple[str, int]]:
    """What policies promise in the calendar's hours, the newest versions first: words and seconds, each length once."""
    found: dict[int, str] = {}
    terms = Term.objects.filter(calendar=calendar_pk, version__valid_from__lte=at).select_related("version__policy")
    for term in terms.order_by("-version__number", "version__policy__code", "severity"):
        policy = term.version.policy
        for kind in ("first_response", "resolution"):
            if seconds := getattr(term, kind):
                words = {"policy": for_reader(policy.name, policy.name_zh), "severity": term.severity}
                words |= {"clock": CLOCK_NAMES[kind], "span": span(seconds)}
                found.setdefault(seconds, _("%(policy)s S%(severity)d, %(clock)s, %(span)s") % words)
    return [(words, seconds) for seconds, words in sorted(found.items())[:SAMPLES]] or [
        (span(hours * 3600), hours * 3600) for hours in (4, 8)
    ]


def _kept(calendar_pk: int) -> int:
    """Open tickets that were promised something in a version of this calendar, and keep it."""
    over = (Ticket.State.SOLVED, Ticket.State.CLOSED)
    return Ticket.objects.filter(calendar_version__calendar=calendar_pk).exclude(state__in=over).count()


def _version(code: str, at: datetime, number: str | None) -> CalendarVersion:
    try:
        asked = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else None
        return board.version_of(code, at, asked)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _today(plan: Plan | None, at: datetime) -> date:
    return at.astimezone(ZoneInfo(plan.timezone)).date() if plan else timezone.localtime(at).date()


def _years(plan: Plan | None, chosen: int, today: date) -> list[Any]:
    """The years to choose from: those with dates of their own, this one and the next, and the one that is shown."""
    known = {day.on.year for day in plan.days} if plan else set()
    return [(str(one), one == chosen) for one in sorted(known | {today.year, today.year + 1, chosen})]

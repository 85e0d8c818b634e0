"""Health: whether this process answers, and whether the engine behind it is fresh and clean."""

from enum import StrEnum
from typing import NamedTuple

from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config.celery import TIMETABLE
from config.engine.auditor import AUDIT
from config.engine.models import Beat
from config.engine.ticker import TICKER, installed
from kit import leases

TICKER_SECONDS = 30
AUDIT_PERIOD = 60


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """For load balancers and liveness probes: this process answers. Asks nobody else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def engine(request: HttpRequest) -> HttpResponse:
    """For alarms, never for a liveness probe. 503 when something is stale or broken.

    Anybody may ask, so it names no sweep, no rule and no error: those are for `manage.py audit --live`.
    """
    try:
        unwell = {trouble.part for trouble in troubles()}
    except Error:
        unwell = set(Part)
    return JsonResponse({part: part not in unwell for part in Part}, status=503 if unwell else 200)


class Part(StrEnum):
    """What has a health of its own."""

    TICKER = "ticker"
    """Beats while it holds the lock."""
    SWEEPS = "sweeps"
    """Each ran lately and raised nothing."""
    AUDITOR = "auditor"
    """Asked lately, and found nothing."""


class Trouble(NamedTuple):
    """One reason for not being well."""

    part: Part
    line: str


def troubles() -> list[Trouble]:
    """Why the engine is not well; empty when it is."""
    now = leases.clock()
    parts = {TICKER: (Part.TICKER, TICKER_SECONDS), AUDIT: (Part.AUDITOR, patience(AUDIT_PERIOD))}
    parts |= {name: (Part.SWEEPS, patience(period)) for name, period in TIMETABLE}
    beats = {beat.name: beat for beat in Beat.objects.filter(name__in=parts)}
    here = {TICKER, AUDIT, *(name for name, _ in installed())}
    found = [Trouble(parts[name][0], f"{name} never ran") for name in sorted(here - beats.keys())]
    for name, beat in sorted(beats.items()):
        part, limit = parts[name]
        if (age := (now - beat.beat_at).total_seconds()) > limit:
            found.append(Trouble(part, f"{name} last ran {age:.0f} s ago"))
        if beat.error:
            found.append(Trouble(part, f"{name}: {beat.error}"))
    return found


def patience(period: int) -> int:
    """Seconds after which a part that works every `period` seconds counts as stale."""
    return 3 * period + 30

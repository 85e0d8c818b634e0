"""The first page of the office: for each team, what waits for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing import board

SHOWN = 8


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Finance sees what is open; the other teams find the way to their pages."""
    teams = set(request.viewer.teams)  # type: ignore[attr-defined]
    receivables = board.receivables(at=timezone.now()) if "finance" in teams else None
    announced = [row for group in receivables.groups for row in group.rows if row.waiting] if receivables else []
    context = {"receivables": receivables, "announced": announced[:SHOWN], "teams": teams}
    return render(request, "office/home/show.html", context)

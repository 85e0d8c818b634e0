"""A ticket by name, for the command palette; without script a page with the same field."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from desk import board


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Tickets by reference or subject. Without script a whole reference leads to its ticket at once."""
    q = request.GET.get("q", "")
    found = board.find(request.user, q)  # type: ignore[arg-type]
    is_live = bool(request.htmx)  # type: ignore[attr-defined]
    if not is_live and len(found) == 1 and found[0].reference.lower() == q.strip().lower():
        return redirect(found[0].link)
    name = "_found" if is_live else "show"
    return render(request, f"desk/palette/{name}.html", {"found": found, "q": q})

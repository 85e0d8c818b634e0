"""How the office works: what each team finds, how a promise is counted, and how money is confirmed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace import disclosure


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page, with the example that customers see, counted by the calendars in force."""
    at = timezone.now()
    return render(request, "office/help/show.html", {"example": disclosure.example(disclosure.shelf(at), at)})

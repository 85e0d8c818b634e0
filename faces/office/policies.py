"""Policies: what plans promise, version by version, and what cannot be promised as things are configured."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk import faults
from promises import board


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """Every policy with the version in force, and above them what is wrong."""
    at = timezone.now()
    context = {"policies": board.policies(at), "faults": faults.found(at)}
    return render(request, "office/policies/list.html", context)

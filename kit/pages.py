"""Showing: outside faces render only what `kit.projection` lets through; live parts poll with a version."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kit.projection import check


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `template` for an outsider. Raises Leak when the context holds a row, a queryset or a person."""
    check(dict(context or {}))
    return render(request, template, dict(context or {}), status=status)


def nothing_new(request: HttpRequest, version: str) -> HttpResponse | None:
    """204 when a live part already shows `version` (`?v=`); None when it should be rendered again (DESIGN 3)."""
    return HttpResponse(status=204) if request.GET.get("v") == version else None

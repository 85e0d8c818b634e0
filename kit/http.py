"""Guards: who may come in at all. A face lists its addresses behind one guard; what is foreign answers 404."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

View = Callable[..., HttpResponse]


class Guard(Protocol):
    """Lets a request in by returning None, or answers it. `is_open` guards ask for no sign-in."""

    is_open: bool

    def __call__(self, request: HttpRequest) -> HttpResponse | None: ...


def behind(guard: Guard, patterns: Sequence[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Put every view of `patterns`, included ones too, behind `guard`."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            behind(guard, entry.url_patterns)
        elif guard_of(entry.callback) is None:
            entry.callback = _guarded(guard, entry.callback)
    return list(patterns)


def _guarded(guard: Guard, view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return guard(request) or view(request, *args, **kwargs)

    guarded.guard = guard  # type: ignore[attr-defined]
    return login_not_required(guarded) if guard.is_open else guarded


def guard_of(view: object) -> Guard | None:
    """The guard that a view stands behind, or None."""
    return getattr(view, "guard", None)

"""Guards: who may come in at all. A face lists its addresses behind one guard; what is foreign answers 404."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, URLResolver

from kit import limits, stash

View = Callable[..., HttpResponse]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""What any address of the house takes; most take less."""
UNKEPT = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code")
"""Fields that no page writes back."""


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
        if request.method not in METHODS:
            return _in_our_look(request, HttpResponseNotAllowed(METHODS))
        try:
            if answer := guard(request):
                return answer
            limits.enforce(request, view)
            return _in_our_look(request, view(request, *args, **kwargs))
        except limits.TooOften as too_often:
            return _too_often(request, too_often)

    guarded.guard = guard  # type: ignore[attr-defined]
    return login_not_required(guarded) if guard.is_open else guarded


def _in_our_look(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A page for whoever reloads the address of a form; Django's own answer is empty."""
    if answer.status_code != 405 or answer.streaming or answer.content:
        return answer
    page = render(request, "405.html", status=405)
    page["Allow"] = answer["Allow"]
    return page


def _too_often(request: HttpRequest, refused: limits.TooOften) -> HttpResponse:
    """The page 429. What was sent stands in it, to be read, copied, or sent again."""
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    words = [(name, value) for name, value in sent if name not in UNKEPT and (len(value) > 40 or "\n" in value)]
    rest = [pair for pair in sent if pair not in words and pair[0] not in UNKEPT]
    kept = stash.put_aside(request) if refused.name != stash.UPLOADS else []
    context = {
        "refused": str(refused), "words": words, "rest": rest, "kept": kept, "action": request.get_full_path(),
    }  # fmt: skip
    page = render(request, "429.html", context, status=429)
    page["Retry-After"] = str(refused.wait)
    return page


def guard_of(view: object) -> Guard | None:
    """The guard that a view stands behind, or None."""
    return getattr(view, "guard", None)

"""A request in the portal: who asks, and how what that reader may not see answers as if it were not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts.disclosure import Viewer

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """What a view behind the portal's guard gets."""

    viewer: Viewer


def for_buyers(view: View) -> View:
    """Orders and invoices are the matter of whoever buys; for the other members there is no such page."""

    @wraps(view)
    def hiding(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.viewer.may_buy:
            raise Http404
        return view(request, *args, **kwargs)

    return hiding


def foreign_is_missing(view: View) -> View:
    """A reference that names nothing of this reader's is a 404, the same for every reason."""

    @wraps(view)
    def hiding(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None

    return hiding

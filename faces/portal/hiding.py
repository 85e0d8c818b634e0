"""What a reader may not see answers as if it were not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def foreign_is_missing(view: View) -> View:
    """A reference that names nothing of this reader's is a 404, the same for every reason."""

    @wraps(view)
    def hiding(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            raise Http404 from None

    return hiding

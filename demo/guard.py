"""The demo's own guard: only from this machine, and as if nothing were there for everybody else."""

from django.http import Http404, HttpRequest, HttpResponse

LOOPBACK = {"127.0.0.1", "::1"}
FORWARDED = {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA"}
"""A proxy on this machine says by one of these that somebody else asks."""


class FromThisMachine:
    """Open to the loopback alone, so that a demo bound to another address signs nobody in."""

    is_open = True

    def __call__(self, request: HttpRequest) -> HttpResponse | None:
        if request.META.get("REMOTE_ADDR") not in LOOPBACK or FORWARDED & request.META.keys():
            raise Http404
        return None


from_this_machine = FromThisMachine()

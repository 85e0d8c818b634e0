"""How often somebody may do something: a sliding window of two counters in the cache, spent at a face's addresses.

The cache is Redis or Valkey, shared by all processes; while it is away, and where there is none, each process counts
for itself, so the limit is then as many times larger as there are processes. It is a fence against floods, not an
account: nothing is decided by it that money or rights hang on, and no database is asked.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kit.verbs import Refused

View = TypeVar("View", bound=Callable[..., Any])

HOUSEHOLD = 64
"""Bits of an IPv6 address that say whose it is; the others change as one likes."""
FORMS, READING = "forms", "reading"
"""What holds for every address: anything sent, by person; anything read by somebody unknown, by network address."""
LIVE = "live"
"""What a live part spends that asks every two seconds whether its version is still the last one: all tabs of a day."""


class TooOften(Refused):
    """`who` has spent the budget `name`; `wait` seconds from now there is room again."""

    def __init__(self, name: str, wait: int) -> None:
        self.name, self.wait = name, wait
        minutes = math.ceil(wait / 60)
        super().__init__(
            _("That was more than we take in so short a time. Try again in %(minutes)d minutes.") % {"minutes": minutes}
            if minutes > 1
            else _("That was more than we take in so short a time. Try again in a minute.")
        )


def limited(name: str, view: View, *, read: bool = False) -> View:
    """What is sent to `view` spends the budget `name` of settings.LIMITS too; with `read`, so does reading it."""
    view.limit, view.is_reading_limited = name, read  # type: ignore[attr-defined]
    return view


def signed(view: View) -> View:
    """`view` refuses first of all what carries no signature that holds; who can sign is busy and spends no `forms`."""
    view.is_signed = True  # type: ignore[attr-defined]
    return view


def enforce(request: HttpRequest, view: object) -> None:
    """Spend what this request costs. Raises TooOften."""
    who = _who(request)
    is_sent = request.method not in ("GET", "HEAD", "OPTIONS")
    if is_sent and getattr(view, "is_signed", False):
        return
    if is_sent:
        spend(FORMS, who)
    elif who.startswith("at-"):
        spend(READING, who)
    name = getattr(view, "limit", None)
    if name and (is_sent or getattr(view, "is_reading_limited", False)):
        spend(name if is_sent or not _is_live(request) else LIVE, who)


def _is_live(request: HttpRequest) -> bool:
    """Whether the page asks by itself (`kit.pages.nothing_new`)."""
    return "v" in request.GET and "HX-Request" in request.headers


def spend(name: str, who: str, cost: int = 1) -> None:
    """Take `cost` from the budget `name` of `who`. Raises TooOften, and takes nothing then."""
    times, seconds = settings.LIMITS[name]
    if not settings.LIMITS_ON or not times:
        return
    now = time.time()
    window, begun = int(now // seconds), now % seconds / seconds
    key, before = f"limit:{name}:{who}:{window}", f"limit:{name}:{who}:{window - 1}"
    cache.add(key, 0, timeout=2 * seconds)
    try:
        spent = cache.incr(key, cost)
    except ValueError:  # it ran out between the two questions
        return
    if spent + cache.get(before, 0) * (1 - begun) > times:
        cache.incr(key, -cost)
        raise TooOften(name, max(1, math.ceil(seconds * (1 - begun) / 2)))


def _who(request: HttpRequest) -> str:
    """A person, or the network address of somebody unknown."""
    viewer = getattr(request, "viewer", None)
    if viewer and viewer.pk:
        return str(viewer.pk)
    return f"at-{address(request)}"


def address(request: HttpRequest) -> str:
    """Where a request comes from, as far as our own proxies vouch for it; of IPv6 the network."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    found = forwarded[-proxies] if proxies and len(forwarded) >= proxies else request.META.get("REMOTE_ADDR", "")
    try:
        known = ipaddress.ip_address(found)
    except ValueError:
        return found
    if not isinstance(known, ipaddress.IPv6Address):
        return found
    return str(known.ipv4_mapped or ipaddress.ip_network((known, HOUSEHOLD), strict=False).network_address)

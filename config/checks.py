"""Start-up checks: a house with an unguarded door, or with a card company that is not there, does not open."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from billing import rails
from kit.http import guard_of


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of this process with its pattern, in the order in which they are tried."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


@register("gatehouse")
def every_view_has_a_guard(**kwargs: Any) -> list[Error]:
    """Default deny: a view without a declared guard fails the start (DESIGN 4)."""
    return [
        Error(f"/{address} has no guard", hint="List it in its face's urls.py behind a guard.", id="gatehouse.E001")
        for address, pattern in routes()
        if guard_of(pattern.callback) is None
    ]


@register("gatehouse")
def the_card_rail_stands(**kwargs: Any) -> list[Error]:
    """Cards are taken by a company that is there: a name mistyped would close the rail, a box is no company at all."""
    rail = settings.CARD_RAIL
    if not rail or (rail in rails.RAILS and (rail != "sandbox" or settings.EMBEDDED)):
        return []
    return [Error(f"CARD_RAIL={rail} is no card company of this house", hint="Leave it empty.", id="gatehouse.E002")]

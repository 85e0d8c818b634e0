"""Time zones as people choose them: cities in the reader's language, by region."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

REGIONS: dict[str, str | Promise] = {
    "Africa": _("Africa"), "America": _("America"), "Asia": _("Asia"), "Atlantic": _("Atlantic"),
    "Australia": _("Australia"), "Europe": _("Europe"), "Indian": _("Indian Ocean"), "Pacific": _("Pacific"),
}  # fmt: skip
_ALIASES, _TERRITORIES = get_global("zone_aliases"), get_global("zone_territories")
Choices = tuple[tuple[str | Promise, tuple[tuple[str, str], ...]], ...]


@cache
def choices(language: str) -> Choices:
    """(region, ((zone, city), ...)) for a select, cities in order, each once; UTC stands first."""
    locale = to_locale(language)
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(available_timezones()):
        region = zone.partition("/")[0]
        if region in groups and zone in _TERRITORIES and zone not in _ALIASES:
            groups[region].append((zone, str(get_timezone_location(zone, locale=locale, return_city=True))))
    named = tuple((REGIONS[one], tuple(sorted(cities, key=lambda pair: pair[1]))) for one, cities in groups.items())
    return (("UTC", (("UTC", "UTC"),)), *named)


def choices_at(language: str, at: datetime) -> Choices:
    """The same with how far each is from UTC and what time it is there: Berlin (UTC+01:00, 21:15)."""
    return tuple(
        (
            region,
            tuple((zone, f"{city} ({_offset(there)}, {there:%H:%M})") for zone, city, there in _moments(zones, at)),
        )
        for region, zones in choices(language)
    )


def _moments(zones: tuple[tuple[str, str], ...], at: datetime) -> Iterator[tuple[str, str, datetime]]:
    return ((zone, city, at.astimezone(ZoneInfo(zone))) for zone, city in zones)


def _offset(there: datetime) -> str:
    """UTC+01:00 (`%:z` came with Python 3.12)."""
    said = f"{there:%z}"
    return f"UTC{said[:3]}:{said[3:5]}"


def canonical(zone: str) -> str:
    """The one name of a zone that the list has: Asia/Kolkata for what some browsers call Asia/Calcutta."""
    return str(_ALIASES.get(zone, zone))

"""Time zones as people choose them: cities in the reader's language, by region."""

from functools import cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_locale

REGIONS: dict[str, str | Promise] = {
    "Africa": _("Africa"), "America": _("America"), "Asia": _("Asia"), "Atlantic": _("Atlantic"),
    "Australia": _("Australia"), "Europe": _("Europe"), "Indian": _("Indian Ocean"), "Pacific": _("Pacific"),
}  # fmt: skip
Choices = tuple[tuple[str | Promise, tuple[tuple[str, str], ...]], ...]


@cache
def choices(language: str) -> Choices:
    """(region, ((zone, city), ...)) for a select, cities in order; UTC stands first."""
    locale = to_locale(language)
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for zone in sorted(available_timezones()):
        region = zone.partition("/")[0]
        if region in groups:
            groups[region].append((zone, str(get_timezone_location(zone, locale=locale, return_city=True))))
    named = tuple((REGIONS[one], tuple(sorted(cities, key=lambda pair: pair[1]))) for one, cities in groups.items())
    return (("UTC", (("UTC", "UTC"),)), *named)

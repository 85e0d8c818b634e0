"""Words, figures and marks in templates: money, moments, spans and icons.

Built into every template. What a reader sees is in the reader's language and zone; nothing here decides anything.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import heroicons
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_decimal, get_currency_symbol
from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext, to_locale

from kit.words import for_reader

register = template.Library()

# --- Language -------------------------------------------------------------------------------------------------------

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _reader() -> Locale:
    return _locale(get_language() or "en")


@register.filter
def tongue(text: object) -> str:
    """The language mark for words of unknown language: `zh` when they hold Chinese characters, else `en`."""
    return "zh" if HAN.search(str(text)) else "en"


@register.filter
def initial(name: object) -> str:
    """One or two letters for a person's circle: 周 for 周敏, LH for Lin Hao."""
    words = str(name).split()
    han = HAN.search(words[-1]) if words else None
    if han:
        return han.group()
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper() or "?"


@register.simple_tag
def comma() -> str:
    """What stands between two pieces of one line, its space included."""
    return pgettext("between pieces of a line", ", ")


@register.simple_tag
def space() -> str:
    """What stands between two sentences; in Chinese the full stop holds its own space."""
    return "" if _reader().language == "zh" else " "


@register.filter
def listed(pieces: Iterable[object]) -> str:
    """Pieces as one line: "Lin Hao, Chen Yu"."""
    return pgettext("between names of a list", ", ").join(str(piece) for piece in pieces)


@register.filter
def named(thing: Any) -> str:
    """The name of a row in the reader's language: 浦江制造 or Pujiang Manufacturing."""
    return for_reader(thing.name, thing.name_zh)


# --- Figures --------------------------------------------------------------------------------------------------------

SYMBOLS = {"CNY": "¥", "JPY": "JP¥", "CNH": "CNH"}
"""Where the house differs from the locale: a bare ¥ is the yuan in both languages, so the yen never is."""


@lru_cache(maxsize=64)
def digits(currency: str) -> int:
    """How many decimals a currency's minor unit has (ISO 4217): 2 for CNY, 0 for JPY, 3 for KWD."""
    fractions = get_global("currency_fractions")
    return int(fractions.get(currency, fractions["DEFAULT"])[0])


def _money(amount: object, currency: object, *, is_short: bool) -> str:
    code = str(currency).upper()
    try:
        minor = int(str(amount))
    except ValueError:
        return ""
    places = digits(code)
    locale = _reader()
    value = Decimal(abs(minor)).scaleb(-places)
    is_whole = value == value.to_integral_value()
    pattern = "#,##0" if places == 0 or (is_short and is_whole) else "#,##0." + "0" * places
    symbol = SYMBOLS.get(code) or get_currency_symbol(code, locale)
    space = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""
    minus = "−" if minor < 0 else ""
    return f"{minus}{symbol}{space}{format_decimal(value, format=pattern, locale=locale)}"


@register.filter
def money(amount: object, currency: object) -> str:
    """Minor units as money, currency before the figure: `{{ 6800000|money:"CNY" }}` is ¥68,000.00."""
    return _money(amount, currency, is_short=False)


@register.filter
def money_short(amount: object, currency: object) -> str:
    """As `money`, without decimals when they are all zero: ¥68,000."""
    return _money(amount, currency, is_short=True)


@register.filter
def number(value: object) -> str:
    """A plain number with the reader's grouping: 12,480."""
    return str(format_decimal(Decimal(str(value)), locale=_reader()))


@register.filter
def percent(share: object, decimals: object = 1) -> str:
    """A share between 0 and 1: 0.978 is 97.8 %."""
    places = int(str(decimals))
    value = format_decimal(Decimal(str(share)) * 100, format=f"0.{'0' * places}" if places else "0", locale=_reader())
    return gettext("%(value)s %%") % {"value": value}


@register.filter
def times(count: object) -> range:
    """`{% for _ in 4|times %}`: something drawn so many times."""
    return range(max(0, int(str(count or 0))))


# --- Time -----------------------------------------------------------------------------------------------------------

PATTERNS = {
    "zh": {"week": "EEE HH:mm", "year": "M月d日", "far": "y年M月d日", "full": "y年M月d日 EEE HH:mm"},
    "en": {"week": "EEE HH:mm", "year": "d MMM", "far": "d MMM y", "full": "EEE d MMM y, HH:mm"},
}
DAYS_BY_NAME = 6
"""So far to either side of today a weekday and an hour say more than a date."""


FIELD = re.compile(r"EEE|MMM|HH|mm|M|d|y")
WIDTHS = {"HH": ":02d", "mm": ":02d"}


@lru_cache(maxsize=32)
def _written(language: str) -> tuple[dict[str, str], list[str], list[str]]:
    """Of one language: its patterns as format strings, the days from Monday, the months from January."""
    locale = _locale(language)
    patterns = PATTERNS.get(locale.language, PATTERNS["en"])
    days, months = locale.days["format"]["abbreviated"], locale.months["format"]["abbreviated"]
    return (
        {kind: FIELD.sub(_field, pattern) for kind, pattern in patterns.items()},
        [str(days[number]) for number in range(7)],
        [str(months[number]) for number in range(1, 13)],
    )


def _field(found: re.Match[str]) -> str:
    return f"{{{found[0]}{WIDTHS.get(found[0], '')}}}"


@lru_cache(maxsize=32)
def _with_zone(language: str) -> str:
    return gettext("%(moment)s (%(zone)s)")


class Reader(NamedTuple):
    """Whose moments they are. A long list asks once and says two hundred of them."""

    language: str
    zone: tzinfo
    today: date

    def moment(self, at: datetime) -> str:
        """As the filter of this name."""
        local = at.astimezone(self.zone)
        days = abs((local.date() - self.today).days)
        if days == 0:
            return f"{local.hour:02d}:{local.minute:02d}"
        if days <= DAYS_BY_NAME:
            return self._say(local, "week")
        return self._say(local, "year" if local.year == self.today.year else "far")

    def moment_full(self, at: datetime) -> str:
        """As the filter of this name."""
        said = self._say(at.astimezone(self.zone), "full")
        return _with_zone(self.language) % {"moment": said, "zone": str(self.zone)}

    def when(self, at: datetime) -> SafeString:
        """As the tag of this name."""
        full, short = escape(self.moment_full(at)), escape(self.moment(at))
        written = at.isoformat(timespec="minutes")
        return mark_safe(f'<time datetime="{written}" title="{full}">{short}</time>')  # escaped

    def _say(self, local: datetime, kind: str) -> str:
        patterns, days, months = _written(self.language)
        return patterns[kind].format(
            EEE=days[local.weekday()], MMM=months[local.month - 1], HH=local.hour, mm=local.minute,
            M=local.month, d=local.day, y=local.year,
        )  # fmt: skip


def reader() -> Reader:
    """Language, zone and day of whoever reads."""
    zone = timezone.get_current_timezone()
    return Reader(get_language() or "en", zone, timezone.now().astimezone(zone).date())


@register.filter
def moment(at: datetime | None) -> str:
    """A moment in the reader's zone, as short as it is clear: 14:56 today, Tue 10:30 this week, else 3 Nov."""
    return reader().moment(at) if at else ""


@register.filter
def moment_full(at: datetime | None) -> str:
    """A moment with nothing left out, for titles: Tue 24 Nov 2026, 14:56 (Asia/Shanghai)."""
    return reader().moment_full(at) if at else ""


@register.filter
def unbroken(words: object) -> str:
    """Words of a title whose hyphens do not end a line: e-mail stays in one piece."""
    return str(words).replace("-", "\N{NON-BREAKING HYPHEN}")


@register.filter
def written(at: datetime | None) -> str:
    """A moment as papers write it, in the reader's zone and never without its date: 2026-11-24 14:24."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


@register.simple_tag
def when(at: datetime | None) -> str:
    """`moment` as a `<time>` element whose title is `moment_full`."""
    return reader().when(at) if at else ""


def _seconds(value: object) -> int:
    return int(value.total_seconds()) if isinstance(value, timedelta) else int(float(str(value or 0)))


@register.filter
def span(value: object) -> str:
    """Seconds or a timedelta in words, without sign: 2 h 05 min, 7 min, 3 days 4 h. Never says seconds."""
    minutes = abs(_seconds(value)) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return gettext("%(days)s %(hours)d h") % {"days": words, "hours": hours} if hours else words
    if hours and minutes:
        return gettext("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    if hours:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(minutes)d min") % {"minutes": minutes}


@register.filter
def clock(value: object) -> str:
    """Under 15 minutes with seconds, for the one large countdown: 7:12; else as `span`."""
    seconds = abs(_seconds(value))
    if seconds >= 15 * 60:
        return span(seconds)
    return gettext("%(minutes)d:%(seconds)02d") % {"minutes": seconds // 60, "seconds": seconds % 60}


# --- Marks ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _icon(name: str, size: int, label: str, style: str) -> SafeString:
    named = {"role": "img", "aria-label": label} if label else {}
    drawn = heroicons._render_icon(style, name, size, {"class": "icon", "focusable": "false", **named})
    return mark_safe(drawn.replace(' aria-hidden="true"', "", 1) if label else drawn)


@register.simple_tag
def icon(name: str, size: object = 16, label: str = "", style: str = "outline") -> SafeString:
    """An icon of the heroicons set, drawn into the page. Without `label` it is decoration beside a word."""
    return _icon(str(name), int(str(size)), str(label), str(style))


@register.simple_tag
def spark(points: Sequence[float], width: int = 192, height: int = 30) -> str:
    """The polyline of a spark line: its `points` attribute, scaled into width by height with a margin of 2."""
    values = [float(point) for point in points]
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    stretch = (height - 4) / ((high - low) or 1)
    step = (width - 4) / (len(values) - 1)
    return " ".join(f"{2 + i * step:.1f},{height - 2 - (value - low) * stretch:.1f}" for i, value in enumerate(values))

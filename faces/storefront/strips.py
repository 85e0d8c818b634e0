"""The worked example as a drawing: where each piece of time stands on the axis, in hundredths of a percent."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from kit.projection import projection
from kit.templatetags.look import comma, span
from marketplace.disclosure import Example, Lane

WHOLE = 10_000
RIGHT_HALF = 6_000
"""Beyond it a label stands left of its mark."""


@projection
class Bar:
    """A piece of a lane; `x` and `width` are percentages for SVG."""

    x: str
    width: str
    kind: str


@projection
class Mark:
    """A label on the axis; `under` is a second line, `holiday` its end."""

    x: str
    words: str
    is_left: bool
    under: str = ""
    holiday: str = ""


@projection
class Strip:
    """One plan: bars, and when its answer is due."""

    title: str
    promise: str
    bars: tuple[Bar, ...]
    due: Mark
    spent: str


@projection
class Drawing:
    """All of it; `rows` say the same as a table."""

    sent: Mark
    days: tuple[Mark, ...]
    strips: tuple[Strip, ...]


def draw(example: Example) -> Drawing:
    """Place an example on the axis. Moments are said in the zone of the contract."""
    zone = ZoneInfo(example.timezone)
    axis = _Axis(example.starts_at, example.ends_at)
    return Drawing(
        sent=axis.mark(example.sent_at, f"{example.sent_at.astimezone(zone):%H:%M}", _day(example.sent_at)),
        days=tuple(
            axis.mark(max(day.starts_at, example.starts_at), _weekday(day.starts_at), _date(day.starts_at), day.holiday)
            for day in example.days
        ),
        strips=tuple(_strip(lane, example, axis, zone) for lane in example.lanes),
    )  # fmt: skip


class _Axis:
    """Linear time from start to end."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start, self.length = start, int((end - start).total_seconds())

    def at(self, moment: datetime) -> int:
        """Hundredths of a percent from the left."""
        return int((moment - self.start).total_seconds()) * WHOLE // self.length

    def mark(self, moment: datetime, words: str, under: str = "", holiday: str = "") -> Mark:
        x = self.at(moment)
        return Mark(x=percent(x), words=words, under=under, holiday=holiday, is_left=x > RIGHT_HALF)


def percent(hundredths: int) -> str:
    """1234 is 12.34%, whatever the reader's language: SVG reads it."""
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _strip(lane: Lane, example: Example, axis: _Axis, zone: ZoneInfo) -> Strip:
    due_at = lane.due_at.astimezone(zone)
    bars = tuple(
        Bar(x=percent(axis.at(p.starts_at)), width=percent(axis.at(p.ends_at) - axis.at(p.starts_at)), kind=p.kind)
        for p in lane.pieces
    )
    counted = [p for p in lane.pieces if p.kind == "counted"]
    parts = [
        _("%(span)s on %(day)s") % {"span": span(p.ends_at - p.starts_at), "day": _day(p.starts_at.astimezone(zone))}
        for p in counted
    ]
    return Strip(
        title=lane.title, promise=f"{span(lane.seconds)}{comma()}{lane.hours}", bars=bars,
        due=axis.mark(lane.due_at, f"{_day(due_at)} {due_at:%H:%M}"), spent=" + ".join(parts),
    )  # fmt: skip


def _day(moment: datetime) -> str:
    """Fri 3 Apr, 4月3日周五."""
    return _said(moment, "EEE d MMM", "M月d日EEE")


def _weekday(moment: datetime) -> str:
    """Fri, 周五."""
    return _said(moment, "EEE", "EEE")


def _date(moment: datetime) -> str:
    """3 Apr, 4月3日."""
    return _said(moment, "d MMM", "M月d日")


def _said(moment: datetime, english: str, chinese: str) -> str:
    language = get_language() or "en"
    pattern = chinese if language.startswith("zh") else english
    return str(format_date(moment.date(), pattern, locale=to_locale(language)))

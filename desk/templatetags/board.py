"""A row of the board, in Python because a list holds fifty: as components they cost more than all the page's rest."""

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from desk.board import Row
from kit.templatetags.look import Reader, reader, span, tongue
from kit.templatetags.marks import countdown, person, severity, tag

register = template.Library()

LINE = (
    '<tr data-row="{reference}"><td class="time">{time}<span class="under">{promise}</span></td><td>{severity}</td>'
    '<td class="title"><a data-open href="{link}" lang="{tongue}" title="{subject}">{subject}</a>'
    '<span class="under" lang="{customer_tongue}">{customer}</span></td><td>{turn}</td>{more}</tr>'
)
"""Under the time which promise it is, under the title whose ticket: columns of their own would leave no room for it."""
MORE = '<td class="wide">{owner}</td><td class="figure wide quiet">{said}</td>'


@register.simple_tag
def lines(rows: Sequence[Row]) -> SafeString:
    """Rows of the queue: with their owner and the last word."""
    me = reader()
    more = (MORE.format(owner=_owner(row), said=me.when(row.said_at)) for row in rows)
    return mark_safe(
        "".join(_line(row, me, _turn(me.language, row.turn), end) for row, end in zip(rows, more, strict=True))
    )


@register.simple_tag
def held_lines(rows: Sequence[Row]) -> SafeString:
    """Rows of what the reader holds: an offer says so."""
    me, offered = reader(), tag(gettext("Offered"), "accent")
    turns = (offered if row.is_offered_to_me else _turn(me.language, row.turn) for row in rows)
    return mark_safe("".join(_line(row, me, turn) for row, turn in zip(rows, turns, strict=True)))


def _line(row: Row, me: Reader, turn: str, more: str = "") -> str:
    """Every word is escaped here, every mark by its own tag."""
    return LINE.format(
        reference=row.reference, time=_time_left(row, me), promise=escape(row.promise.lower()),
        severity=severity(row.severity), link=row.link, tongue=tongue(row.subject), subject=escape(row.subject),
        customer_tongue=tongue(row.customer), customer=escape(row.customer), turn=turn, more=more,
    )  # fmt: skip


def _time_left(row: Row, me: Reader) -> SafeString:
    if row.section == "ended":
        return _quiet(me.moment(row.said_at))
    if row.due_at is None or row.state in ("paused", "none"):
        return countdown(row.state)
    full = me.moment_full(row.due_at)
    if row.state == "broken":
        return countdown("broken", gettext("%(span)s over") % {"span": span(row.left)}, moment=full)
    if row.section == "later":
        return countdown(row.state, me.moment(row.due_at), row.used, full)
    return countdown(row.state, span(row.left), row.used, full, due=row.due_at)


@lru_cache(maxsize=16)
def _turn(language: str, kind: str) -> SafeString:
    match kind:
        case "new":
            return tag(gettext("New"), "accent")
        case "help":
            return tag(gettext("Help asked"), "rnd", "beaker")
        case "theirs":
            return _quiet(gettext("Waiting for customer"))
        case "solved":
            return tag(gettext("Solved"), "kept", "check")
        case "closed":
            return _quiet(gettext("Closed"))
    return escape(gettext("Our turn"))


def _owner(row: Row) -> str:
    if row.section == "ended":
        return ""
    if not row.owner:
        return _quiet(gettext("in the pool"))
    if not row.is_offered:
        return person(row.owner, small=True, words=True)
    return _quiet(gettext("asked: %(name)s") % {"name": row.owner}, tongue(row.owner))


def _quiet(words: str, language: str = "") -> SafeString:
    lang = f' lang="{language}"' if language else ""
    return mark_safe(f'<span class="quiet"{lang}>{escape(words)}</span>')  # escaped

"""Marks that stand in every row of long lists: countdown, severity, tag, person, and a table's link.

Each is the one home of its markup; the component of the same name calls it. They are written in Python because a
component costs ten times as much, and a page may hold two hundred of them.
"""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from kit.templatetags.look import icon, initial, tongue

register = template.Library()

RING = (
    '<svg class="ring ring-{}" viewBox="0 0 14 14" aria-hidden="true"><circle class="ring-rest" cx="7" cy="7" r="5.5"/>'
    '<circle class="ring-used" cx="7" cy="7" r="5.5" pathLength="100" stroke-dasharray="{} 100"/></svg>'
)
SHAPES = {"broken": "exclamation-triangle", "paused": "pause", "kept": "check"}
"""The icon of a countdown that has no ring."""


@register.simple_tag
def countdown(
    state: str, text: object = "", used: object = 0, moment: object = "", why: object = "", due: datetime | str = ""
) -> SafeString:
    """A deadline; see the component of this name for what the arguments say."""
    shape, words, note = _frame(get_language() or "", str(state))
    title = f' title="{_safe(moment)}"' if moment else ""
    runs = ticking(due)
    mark = ring(state, used) if shape is None else shape
    said = conditional_escape(str(text) if not isinstance(text, SafeString) else text) if text else words
    name, href = ("a", format_html(' href="{}"', why)) if why else ("span", "")
    return mark_safe(  # every part was escaped
        f'<{name} class="countdown is-{state}"{href}{title}>{mark}<span{runs}>{said}</span>{note}</{name}>'
    )


@register.simple_tag
def ring(state: str, used: object) -> SafeString:
    """A ring that fills with used time, 0 to 100. Decoration beside words."""
    return _ring(str(state), str(used))


@lru_cache(maxsize=512)
def _ring(state: str, used: str) -> SafeString:
    return format_html(RING, state, used)


@lru_cache(maxsize=64)
def _frame(language: str, state: str) -> tuple[str | None, str, str]:
    """Of one state: its shape (None for a ring), its words when none are given, and a note behind them."""
    shape = icon(SHAPES[state], 14) if state in SHAPES else "" if state == "none" else None
    words = {"paused": gettext("paused"), "kept": gettext("kept"), "none": gettext("no promise")}.get(state, "")
    note = format_html('<span class="countdown-note">{}</span>', gettext("provisional"))
    return shape, words, note if state == "provisional" else ""


def ticking(due: datetime | str) -> str:
    """The attributes by which a page counts down to `due` by itself; nothing where time does not run straight."""
    if not isinstance(due, datetime):
        return ""
    return _ticking(get_language() or "", timezone.localtime(due).isoformat(timespec="seconds"))


def _ticking(language: str, due: str) -> str:
    return f' data-due="{due}" data-pattern="{_pattern(language)}"'


@lru_cache(maxsize=8)
def _pattern(language: str) -> str:
    return conditional_escape(pgettext("countdown", "MM:SS"))


@register.simple_tag
def severity(level: object, requested: object = False, words: object = "") -> SafeString:
    """The mark of a severity: S1 or 1; see the component."""
    number = str(level)[-1:]
    more = ""
    if requested:
        asked = gettext("requested")
        more = f'<span class="severity-dot" aria-hidden="true"></span><span class="severity-word">{asked}</span>'
    if words:
        more += format_html('<span class="severity-words">{}</span>', words)
    return _severity(number, more)


@lru_cache(maxsize=64)
def _severity(number: str, more: str) -> SafeString:
    mark = format_html('<span class="severity severity-{}">S{}</span>', number, number)
    return mark_safe(f'<span class="severity-line">{mark}{more}</span>')  # every part was escaped


@register.simple_tag
def tag(words: object, tone: str = "plain", shape: str = "", title: str = "") -> SafeString:
    """A small word on a tint, with an icon where `shape` names one."""
    return format_html(
        '<span class="tag tag-{}"{}>{}{}</span>',
        tone, format_html(' title="{}"', title) if title else "", icon(shape, 14) if shape else "", words,
    )  # fmt: skip


@register.simple_tag
def person(name: object, desk: object = False, small: object = False, words: object = False) -> SafeString:
    """A person's circle or a desk's square, with the name beside it or only said."""
    return _person(str(name), bool(desk), bool(small), bool(words))


@lru_cache(maxsize=256)
def _person(name: str, is_desk: bool, is_small: bool, has_words: bool) -> SafeString:
    kind = f"person{' is-desk' if is_desk else ''}{' is-small' if is_small else ''}"
    if not has_words:
        return format_html(
            '<span class="{}" role="img" aria-label="{}" title="{}">{}</span>', kind, name, name, initial(name)
        )
    return format_html(
        '<span class="person-line"><span class="{}" aria-hidden="true">{}</span>'
        '<span class="cut" lang="{}">{}</span></span>',
        kind, initial(name), tongue(name), name,
    )  # fmt: skip


@register.simple_tag
def facet(
    words: object, href: object, count: object = "", chosen: object = False, shape: str = "", level: str = "",
    box: object = True,
) -> SafeString:  # fmt: skip
    """One facet or view of a list; see the component."""
    is_chosen = bool(chosen)
    mark = icon(shape) if shape else severity(level) if level else _box(is_chosen) if box else ""
    kind = f"facet{' is-view' if shape else ''}{' is-zero' if str(count) == '0' else ''}"
    current, said = (' aria-current="true"', _chosen(get_language() or "")) if is_chosen else ("", "")
    return mark_safe(  # every part was escaped
        f'<li><a class="{kind}" href="{_safe(href)}"{current}>{mark}<span class="cut">'
        f'{_safe(words)}</span>{said}<span class="facet-count">{_safe(count)}</span></a></li>'
    )


@lru_cache(maxsize=2)
def _box(is_chosen: bool) -> SafeString:
    return format_html(
        '<span class="box" aria-hidden="true">{}</span>', icon("check", 12, "", "micro") if is_chosen else ""
    )


@lru_cache(maxsize=8)
def _chosen(language: str) -> SafeString:
    return format_html('<span class="sr-only">{}</span>', gettext("chosen"))


def _safe(words: object) -> str:
    return conditional_escape(words if isinstance(words, SafeString) else str(words))

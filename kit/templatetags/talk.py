"""A line of a talk, in Python because a ticket shows fifty of them; the component of the same name calls it."""

from datetime import datetime

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kit.templatetags.look import icon, tongue, when
from kit.templatetags.marks import person

register = template.Library()

MARK = '<span class="line-mark" aria-hidden="true"></span>'


@register.simple_block_tag
def timeline_line(
    content: SafeString, kind: str = "customer", who: object = "", note: object = "", at: datetime | str = "",
    form: str = "portal", why: object = "", key: object = "",
) -> SafeString:  # fmt: skip
    """See the component for what the arguments say."""
    is_desk, moment = form == "desk", when(at) if isinstance(at, datetime) else ""
    if is_desk:
        head = f'<span class="line-time">{moment}</span>{MARK}'
    else:
        head = person(who, desk=kind == "desk") if kind in ("customer", "desk") else MARK
    if kind in ("system", "redacted"):
        body = _small(content, kind, "" if is_desk else moment, why)
    else:
        body = _words(content, kind, who, note, "" if is_desk else moment)
    anchor = format_html(' id="{}"', key) if key else ""
    return mark_safe(f'<li class="line line-{kind}"{anchor}>{head}<div class="line-body">{body}</div></li>')


def _small(content: str, kind: str, moment: str, why: object) -> str:
    shape = icon("no-symbol", 14) if kind == "redacted" else ""
    said = f' <span class="hint">{moment}</span>' if moment else ""
    return f'<div class="line-small">{shape}{content}{said}{_safe(why)}</div>'


def _words(content: str, kind: str, who: object, note: object, moment: str) -> str:
    mark = ""
    if kind == "note":
        mark = format_html('<span class="sr-only">{}</span>', gettext("Internal note"))
    elif kind == "rnd":
        mark = icon("beaker", 14)
    name = format_html('<strong lang="{}">{}</strong>', tongue(who), who)
    more = f" <span>{_safe(note)}</span>" if note else ""
    return (
        f'<p class="line-head">{mark}{name}{more}{" " if moment else ""}{moment}</p>'
        f'<div class="prose line-words">{content}</div>'
    )


def _safe(words: object) -> str:
    return conditional_escape(words if isinstance(words, SafeString) else str(words))

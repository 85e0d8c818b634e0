"""The talk of a ticket, in Python because a page shows fifty lines of it: in templates they cost half of the page."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from desk.timeline import Line
from kit.templatetags.look import icon, named
from kit.templatetags.markdown import markdown
from kit.templatetags.talk import timeline_line
from tickets.models import Ticket

register = template.Library()


@register.simple_tag
def talk_lines(lines: Sequence[Line], ticket: Ticket) -> SafeString:
    """Words, notes, R&D, and grey lines that say what happened."""
    return mark_safe("".join(_line(line, ticket) for line in lines))  # each was escaped


def _line(line: Line, ticket: Ticket) -> SafeString:
    match line.kind:
        case "customer":
            return _said(line, named(ticket.organization), ticket)
        case "desk":
            return _said(line, gettext("public reply, sent by %(name)s") % {"name": line.data["spoke"]}, ticket)
        case "note":
            return _noted(line, line.who, _on(line))
        case "rnd":
            who = gettext("R&D answered") if line.what == "help_answered" else gettext("R&D asked")
            return _noted(line, who, _about(line))
    happened = mark_safe(get_template("desk/tickets/_happened.html").render({"line": line}))  # rendered
    return timeline_line(happened, "system", at=line.at, form="desk")


def _said(line: Line, note: str, ticket: Ticket) -> SafeString:
    content = mark_safe(markdown(line.body) + "".join(_file(file, ticket) for file in line.files))  # both are safe
    return timeline_line(content, line.kind, line.who, note, line.at, "desk", key=line.key)


def _noted(line: Line, who: str, note: str) -> SafeString:
    return timeline_line(markdown(line.body), line.kind, who, note, line.at, "desk", key=line.key)


def _on(line: Line) -> str:
    if line.what == "severity":
        return gettext("on S%(severity)s") % {"severity": line.data["severity"]}
    return gettext("internal note")


def _about(line: Line) -> str:
    if line.data.get("withdrawn"):
        return gettext("%(request)s withdrawn") % {"request": line.data.get("request", "")}
    request, title = line.data.get("request", ""), line.data.get("title", "")
    return gettext("%(request)s %(title)s") % {"request": request, "title": title}


def _file(file: Any, ticket: Ticket) -> str:
    """As the component `file`."""
    href = reverse("desk:ticket-file", args=[ticket.reference, file.reference])
    return format_html(
        '<a class="file" href="{}">{}<span class="cut">{}</span><span class="file-size">{}</span></a>',
        href, icon("paper-clip", 14), file.name, filesizeformat(file.size),
    )  # fmt: skip

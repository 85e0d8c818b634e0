"""The workshop's first page: what the desk asks of the reader's groups, by due time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from faces.workshop import notices
from faces.workshop.forms import FilterForm
from kit.pages import nothing_new
from rnd import board
from rnd.board import Inbox, View

VIEWS: tuple[tuple[View, str, Promise], ...] = (
    (View.GROUP, "list-bullet", _("All of my groups")),
    (View.FREE, "hand-raised", _("Taken by nobody")),
    (View.MINE, "user", _("Mine")),
    (View.ENDED, "check-circle", _("Answered")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the facet bar: where it leads and how much it holds."""

    href: str
    words: str | Promise
    icon: str
    count: int
    is_chosen: bool


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The inbox; a live page asks with the version that it shows and gets 204 while nothing is new."""
    inbox = board.inbox(request.user, at=timezone.now(), **FilterForm(request.GET).chosen())  # type: ignore[arg-type]
    if unchanged := nothing_new(request, inbox.version):
        return unchanged
    context: dict[str, Any] = {"inbox": inbox, "views": views(inbox), "topics": topics(inbox)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "workshop/inbox/_list.html", context)
    return render(request, "workshop/inbox/show.html", {**context, "has_news": notices.has_news(request)})


def views(inbox: Inbox) -> list[Choice]:
    """The saved views with their counts; a chosen topic stays."""
    return [
        Choice(_address(view, inbox.topic), words, icon, inbox.counts[view.value], view == inbox.view)
        for view, icon, words in VIEWS
    ]


def topics(inbox: Inbox) -> list[Choice]:
    """The reader's groups; pressing the chosen one takes it away. One group alone is no choice."""
    if len(inbox.topics) < 2:
        return []
    return [
        Choice(_address(inbox.view, "" if topic == inbox.topic else topic), name, "", count, topic == inbox.topic)
        for topic, name, count in inbox.topics
    ]


def _address(view: View, topic: str) -> str:
    return "?" + urlencode({"view": view.value, **({"topic": topic} if topic else {})})

"""The inbox of the workshop: investigations of the reader's groups, by due time, as flat lines without a way back.

A line holds what the desk wrote and nothing that leads to its ticket (DESIGN 9.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models.inside import Team
from kit.templatetags.look import named
from kit.verbs import Actor
from rnd.models import Investigation

SHOWN = 200
"""Lines on one page; what is due later is found by topic or words."""
KEPT = 50
"""Ended investigations on their page, the newest first."""


class View(StrEnum):
    """Which part of the inbox is shown."""

    GROUP = "group"
    """Everything open in the reader's groups."""
    FREE = "free"
    """Open, and taken by nobody."""
    MINE = "mine"
    """Open, and taken by the reader."""
    ENDED = "answered"
    """Answered, or withdrawn by the desk."""


class When(StrEnum):
    """The groups of the list."""

    OVER = "over"
    HOUR = "hour"
    TODAY = "today"
    LATER = "later"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Line:
    """One investigation in the list."""

    reference: str
    title: str
    severity: int
    topic: str
    group: str
    asked_by: str
    taken_by: str
    is_mine: bool
    state: str
    remarks: int
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    seconds_left: int
    used: int
    """Percent of the time to answer that has passed."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The page: groups of lines in order, counts of each view, the reader's topics, and a version for live pages."""

    view: View
    topic: str
    words: str
    groups: tuple[tuple[When, tuple[Line, ...]], ...]
    counts: dict[str, int]
    topics: tuple[tuple[str, str, int], ...]
    """(topic, name of the group, open in it)"""
    next_up: Line | None
    version: str


def inbox(user: Actor, *, at: datetime, view: View = View.GROUP, topic: str = "", words: str = "") -> Inbox:
    """What waits for the reader's groups. Three statements."""
    seen = Investigation.objects.visible_to(user)
    lines = [_line(row, user, at) for row in _chosen(seen, user, view, topic, words)]
    counts = _counts(seen, user)
    topics = tuple(
        seen.values_list("group__topic", "group__name")
        .annotate(open=Count("pk", filter=Q(state=Investigation.State.OPEN)))
        .order_by("group__name")
    )
    groups = _grouped(lines, at)
    waiting = [line for line in lines if view != View.ENDED and line.seconds_left > 0]
    return Inbox(
        view=view, topic=topic, words=words, groups=groups, counts=counts, topics=topics,
        next_up=waiting[0] if waiting else None, version=_version(groups, counts),
    )  # fmt: skip


def _chosen(seen: QuerySet[Investigation], user: Actor, view: View, topic: str, words: str) -> QuerySet[Investigation]:
    rows = seen.select_related("request", "request__asked_by", "group", "taken_by").annotate(said=Count("remarks"))
    if topic:
        rows = rows.filter(group__topic=topic)
    if words:
        rows = rows.filter(Q(request__title__icontains=words) | Q(reference__iexact=words))
    if view == View.ENDED:
        return rows.exclude(state=Investigation.State.OPEN).order_by("-answered_at", "-pk")[:KEPT]
    rows = rows.filter(state=Investigation.State.OPEN)
    if view == View.MINE:
        rows = rows.filter(taken_by_id=user.pk)
    elif view == View.FREE:
        rows = rows.filter(taken_by=None)
    return rows.order_by("request__due_at", "pk")[:SHOWN]


def _counts(seen: QuerySet[Investigation], user: Actor) -> dict[str, int]:
    is_open = Q(state=Investigation.State.OPEN)
    return seen.aggregate(
        group=Count("pk", filter=is_open),
        free=Count("pk", filter=is_open & Q(taken_by=None)),
        mine=Count("pk", filter=is_open & Q(taken_by_id=user.pk)),
        answered=Count("pk", filter=~is_open),
    )


def _line(row: Investigation, user: Actor, at: datetime) -> Line:
    request = row.request
    return Line(
        reference=row.reference, title=request.title, severity=request.severity, topic=request.topic,
        group=named(row.group), asked_by=request.asked_by.name, taken_by=row.taken_by.name if row.taken_by else "",
        is_mine=row.taken_by_id == user.pk, state=row.state, remarks=getattr(row, "said", 0), opened_at=row.opened_at,
        due_at=request.due_at, answered_at=row.answered_at, seconds_left=int((request.due_at - at).total_seconds()),
        used=row.used(at),
    )  # fmt: skip


def _grouped(lines: Sequence[Line], at: datetime) -> tuple[tuple[When, tuple[Line, ...]], ...]:
    found: dict[When, list[Line]] = {}
    for line in lines:
        found.setdefault(_when(line, at), []).append(line)
    return tuple((when, tuple(found[when])) for when in When if when in found)


def _when(line: Line, at: datetime) -> When:
    if line.state != Investigation.State.OPEN:
        return When.ENDED
    if line.due_at <= at:
        return When.OVER
    if line.due_at <= at + timedelta(hours=1):
        return When.HOUR
    return When.TODAY if timezone.localdate(line.due_at) == timezone.localdate(at) else When.LATER


def _version(groups: Sequence[tuple[When, Sequence[Line]]], counts: dict[str, int]) -> str:
    told = [(when, line.reference, line.taken_by, line.remarks) for when, lines in groups for line in lines]
    return sha256(repr((told, sorted(counts.items()))).encode()).hexdigest()[:16]


def topics() -> list[tuple[str, str]]:
    """(topic, name) of every group of R&D, for handing an investigation on."""
    return list(Team.objects.filter(kind=Team.Kind.RND).order_by("name").values_list("topic", "name"))

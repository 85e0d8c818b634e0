"""The wallboard of duty management: everything that needs a look now, on one page without scrolling."""

from dataclasses import dataclass
from itertools import pairwise

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk import wallboard
from desk.wallboard import Mark, Wallboard
from kit.pages import nothing_new

WIDTH, LANE = 760, 52
SCALE = (
    (-4 * 3600, 40), (0, 122), (900, 188), (3600, 284), (2 * 3600, 350), (4 * 3600, 426), (8 * 3600, 506),
    (24 * 3600, 638), (48 * 3600, 730),
)  # fmt: skip
"""Seconds of slack and where they stand: the near future gets more room than the far one."""
LANES = [(f"S{severity}", LANE * severity - LANE // 2) for severity in (1, 2, 3, 4)]
BORDERS = [LANE * severity for severity in (1, 2, 3)]
TICKS = [(seconds, x) for seconds, x in SCALE if seconds >= 0]
LABELLED = 3
"""So many of the nearest carry their time in words; and each S1 without an owner, and the one over for longest."""
APART = 130
"""Pixels that a label needs for itself in its lane."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One ticket in the strip plot."""

    mark: Mark
    x: int
    y: int
    label_x: int
    label_anchor: str
    is_labelled: bool


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The page; its live part asks with the version that it shows."""
    at = timezone.now()
    if request.htmx and (unchanged := nothing_new(request, wallboard.version(at))):  # type: ignore[attr-defined]
        return unchanged
    board = wallboard.show(at=at)
    template = "office/wallboard/_board.html" if request.htmx else "office/wallboard/show.html"  # type: ignore[attr-defined]
    drawn = {"dots": dots(board), "lanes": LANES, "borders": BORDERS, "ticks": TICKS}
    return render(request, template, {"board": board, **drawn})


def dots(board: Wallboard) -> list[Dot]:
    """Where each ticket stands."""
    nearest = [mark for mark in board.marks if not mark.is_over][:LABELLED]
    labelled: dict[str, tuple[int, int]] = {}
    ownerless = [mark for mark in board.marks if mark.severity == 1 and not mark.holder]
    for mark in (*nearest, *ownerless, *board.broken[:1]):
        x = place(mark.slack)
        if all(severity != mark.severity or abs(x - other) > APART for severity, other in labelled.values()):
            labelled[mark.reference] = mark.severity, x
    return [_dot(mark, mark.reference in labelled) for mark in board.marks]


def _dot(mark: Mark, is_labelled: bool) -> Dot:
    """The label stands above its mark; near the right end it runs to the left."""
    x = place(mark.slack)
    is_left = x > WIDTH - 130
    return Dot(
        mark=mark, x=x, y=LANE * mark.severity - LANE // 2 + 6, label_x=x + 6 if is_left else x - 6,
        label_anchor="end" if is_left else "start", is_labelled=is_labelled,
    )  # fmt: skip


def place(slack: int) -> int:
    """Where a slack stands on the widening scale; what lies beyond its ends stands at them."""
    (first, left), (last, right) = SCALE[0], SCALE[-1]
    if slack <= first:
        return left
    if slack >= last:
        return right
    for (low, x), (high, end) in pairwise(SCALE):
        if slack <= high:
            return round(x + (end - x) * (slack - low) / (high - low))
    return right

"""The demo desk: one counter of the house, worked from three places so that somebody is on day and night.

Weekdays both people of a place are on; at weekends they take turns by the week. Sara, Chen Yu and Hugo lead, and are
the fallback chain. Dora reads the desk and is never offered anything.
"""

from datetime import UTC, datetime
from typing import Any

from accounts.models import Organization
from assets.models import Product
from demo import cast
from duty.actions import engineers, rosters
from duty.models import Desk
from duty.models.inside import Engineer
from kit.verbs import verb

DESK = "kubesphere"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)

CREW: dict[str, tuple[int, tuple[str, ...], int, bool]] = {
    "linhao": (1, ("zh-hans", "en"), 3, False),
    "chenyu": (2, ("zh-hans", "en"), 3, True),
    "omar": (1, ("en",), 3, False),
    "sara": (2, ("en",), 3, True),
    "grace": (1, ("en", "zh-hans"), 3, False),
    "hugo": (2, ("en",), 3, True),
    "dora": (1, ("en",), 0, True),
}
"""Tier, languages, cap, whether they lead."""

PLACES = (
    ("Shanghai", "Asia/Shanghai", (8, 18), ("linhao", "chenyu")),
    ("Berlin", "Europe/Berlin", (9, 19), ("omar", "sara")),
    ("Toronto", "America/Toronto", (9, 21), ("grace", "hugo")),
)
FALLBACK = ("chenyu", "sara", "hugo")
WEEKDAYS, WEEKEND = [0, 1, 2, 3, 4], [5, 6]


@verb
def lay() -> Desk:
    """Make the desk, its engineers and three rosters. Running it again changes nothing."""
    house = Organization.objects.get(is_house=True)
    desk, _is_new = Desk.objects.get_or_create(
        slug=DESK, defaults={"owner": house, "name": "KubeSphere desk", "timezone": "UTC"}
    )
    if Engineer.objects.filter(desk=desk).exists():
        return desk
    skills = list(Product.objects.order_by("slug").values_list("slug", flat=True))
    crew: dict[str, Engineer] = {}
    for key, (tier, languages, cap, is_lead) in CREW.items():
        crew[key] = engineers.enlist(
            desk, cast.person(key), tier=tier, skills=skills, languages=languages, at=SINCE, cap=cap, is_lead=is_lead
        )
    fallback = [crew[key].pk for key in FALLBACK]
    for place, timezone, hours, keys in PLACES:
        layers = _layers(hours, [crew[key].pk for key in keys])
        rosters.publish(desk, place, layers=layers, valid_from=SINCE, timezone=timezone, fallback=fallback)
    return desk


def _layers(hours: tuple[int, int], people: list[int]) -> list[dict[str, Any]]:
    start, end = hours[0] * 60, hours[1] * 60
    turns = {"unit": "week", "start": "2025-01-06T00:00", "groups": [[pk] for pk in people]}
    return [
        {"priority": 1, "people": people, "window": {"days": WEEKDAYS, "start": start, "end": end}},
        {"priority": 1, "rotation": turns, "window": {"days": WEEKEND, "start": start, "end": end}},
    ]

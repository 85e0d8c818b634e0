"""The demo's desks. One for KubeSphere, worked from three places so that somebody is on day and night; one for Europe.

Weekdays both people of a place are on; at weekends they take turns by the week. Sara, Chen Yu and Hugo lead, and are
the fallback chain. The desk for Europe keeps the office hours of Berlin, so that every night it has a gap. Dora reads
both and is never offered anything.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Organization
from assets.models import Product
from demo import cast
from duty.actions import engineers, rosters
from duty.models import Desk
from duty.models.inside import Engineer, Roster
from kit.verbs import verb

DESK, EUROPE = "kubesphere", "europe"
SINCE = datetime(2025, 1, 1, tzinfo=UTC)

Crew = dict[str, tuple[int, tuple[str, ...], int, bool]]
"""Tier, languages, cap, whether they lead. There is room left when the story ends, for what a visitor files."""
Place = tuple[str, str, str, tuple[int, int], tuple[str, ...]]
"""Name, name in Chinese, zone, from and to which hour, who."""

CREW: Crew = {
    "linhao": (1, ("zh-hans", "en"), 5, False),
    "chenyu": (2, ("zh-hans", "en"), 5, True),
    "omar": (1, ("en",), 5, False),
    "sara": (2, ("en",), 5, True),
    "grace": (1, ("en", "zh-hans"), 5, False),
    "hugo": (2, ("en",), 5, True),
    "dora": (1, ("en",), 0, True),
}
PLACES: tuple[Place, ...] = (
    ("Shanghai", "上海", "Asia/Shanghai", (8, 18), ("linhao", "chenyu")),
    ("Berlin", "柏林", "Europe/Berlin", (9, 19), ("omar", "sara")),
    ("Toronto", "多伦多", "America/Toronto", (9, 21), ("grace", "hugo")),
)
EUROPE_CREW: Crew = {"ines": (1, ("en",), 3, False), "tomas": (2, ("en",), 3, True), "dora": (1, ("en",), 0, True)}
EUROPE_PLACES: tuple[Place, ...] = (
    ("Europe, office hours", "欧洲工作时间", "Europe/Berlin", (8, 18), ("ines", "tomas")),
)
FALLBACK = ("chenyu", "sara", "hugo")
WEEKDAYS, WEEKEND = [0, 1, 2, 3, 4], [5, 6]
AHEAD, LEAVE = timedelta(days=4), timedelta(days=2)


@verb
def lay() -> Desk:
    """Make the desk of KubeSphere, its engineers and three rosters. Running it again changes nothing."""
    desk = _desk(DESK, "KubeSphere desk", "KubeSphere 服务台", "Asia/Shanghai", CREW)
    _rosters(desk, PLACES, FALLBACK, weekend=True)
    return desk


@verb
def lay_europe(at: datetime) -> None:
    """Make the desk for Europe, closed at night and at weekends, and somebody's leave in some days. Again: nothing."""
    if Desk.objects.filter(slug=EUROPE).exists():
        return
    desk = _desk(EUROPE, "Desk Europe", "欧洲服务台", "Europe/Berlin", EUROPE_CREW)
    _rosters(desk, EUROPE_PLACES, ("tomas",), weekend=False)
    begins = (at + AHEAD).replace(hour=0, minute=0, second=0, microsecond=0)
    rosters.absent(cast.person("linhao"), starts_at=begins, ends_at=begins + LEAVE, reason="年假")


def _desk(slug: str, name: str, name_zh: str, timezone: str, crew: Crew) -> Desk:
    house = Organization.objects.get(is_house=True)
    desk, _is_new = Desk.objects.get_or_create(
        slug=slug, defaults={"owner": house, "name": name, "name_zh": name_zh, "timezone": timezone}
    )
    if Engineer.objects.filter(desk=desk).exists():
        return desk
    skills = list(Product.objects.order_by("slug").values_list("slug", flat=True))
    for key, (tier, languages, cap, is_lead) in crew.items():
        engineers.enlist(
            desk, cast.person(key), tier=tier, skills=skills, languages=languages, at=SINCE, cap=cap, is_lead=is_lead
        )
    return desk


def _rosters(desk: Desk, places: tuple[Place, ...], fallback: tuple[str, ...], *, weekend: bool) -> None:
    keys = {cast.BY_KEY[key].email: key for key in cast.BY_KEY}
    crew = {keys[one.user.email]: one.pk for one in Engineer.objects.filter(desk=desk).select_related("user")}
    known = set(Roster.objects.filter(desk=desk).values_list("name", flat=True))
    for place, place_zh, timezone, hours, people in places:
        if place not in known:
            rosters.publish(
                desk, place, layers=_layers(hours, [crew[key] for key in people], weekend), valid_from=SINCE,
                timezone=timezone, fallback=[crew[key] for key in fallback], name_zh=place_zh,
            )  # fmt: skip


def _layers(hours: tuple[int, int], people: list[int], weekend: bool) -> list[dict[str, Any]]:
    start, end = hours[0] * 60, hours[1] * 60
    turns = {"unit": "week", "start": "2025-01-06T00:00", "groups": [[pk] for pk in people]}
    layers = [{"priority": 1, "people": people, "window": {"days": WEEKDAYS, "start": start, "end": end}}]
    if weekend:
        layers.append({"priority": 1, "rotation": turns, "window": {"days": WEEKEND, "start": start, "end": end}})
    return layers

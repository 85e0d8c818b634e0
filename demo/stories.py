"""The real threads of `data/real_tickets.json`, filed as their customers' tickets.

Titles are quoted, the rest is retold (its sources stand in each row). What a thread says of versions and machines is
part of its words; the cluster is one of the filing company.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from assets.models import Asset
from billing.models import Entitlement
from demo import cast
from tickets.actions import tickets
from tickets.models import Category, Ticket

THREADS = Path(__file__).parent / "data" / "real_tickets.json"
ASKERS = {"en": ("nina", "jonas"), "zh": ("zhoumin", "lihang")}
"""Who files a thread of each language, in turn."""
LANGUAGES = {"en": "en", "zh": "zh-hans"}
BETWEEN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Thread:
    """One public issue thread as the file keeps it: quoted title, retold symptom, where it stands."""

    title: str
    language: str
    component: str
    severity: int
    symptom: str
    url: str


def threads() -> list[Thread]:
    """All of them, in the order of the file."""
    return [
        Thread(
            title=row["title"][:200], language=row["lang"], component=row["component"],
            severity=int(row["severity_guess"][1]), symptom=row["symptom"], url=row["url"],
        )
        for row in json.loads(THREADS.read_text(encoding="utf-8"))
    ]  # fmt: skip


def file_some(count: int, *, until: datetime) -> None:
    """File `count` threads, both languages in turn, a minute apart, the last one at `until`; filed ones stay."""
    if Ticket.objects.filter(source_key__startswith="demo:").exists():
        return
    for number, (thread, asker) in enumerate(_chosen(count), 1):
        file(thread, asker, at=until - BETWEEN * (count - number))


def _chosen(count: int) -> list[tuple[Thread, str]]:
    by_language = {language: [t for t in threads() if t.language == language] for language in ASKERS}
    chosen = []
    for number in range(count):
        language = ("en", "zh")[number % 2] if number // 2 < len(by_language["zh"]) else "en"
        turn = number // 2
        askers = ASKERS[language]
        chosen.append((by_language[language][turn], askers[turn % len(askers)]))
    return chosen


def file(thread: Thread, asker: str, *, at: datetime) -> Ticket:
    """File one thread as the ticket of `asker`, on the company's first cluster and under its plan."""
    company = cast.company(cast.BY_KEY[asker].company)
    asset = Asset.objects.filter(organization=company).order_by("pk").first()
    entitlement = Entitlement.objects.filter(organization=company).in_force(at).order_by("pk").first()
    category = Category.objects.filter(slug=thread.component).first() or Category.objects.order_by("pk")[0]
    return tickets.submit(
        by=cast.person(asker), at=at, organization=company.reference, category=category.slug,
        subject=thread.title, body=thread.symptom, severity=thread.severity,
        entitlement=entitlement.reference if entitlement else None, asset=asset.reference if asset else None,
        language=LANGUAGES[thread.language], source_key=f"demo:{thread.url}",
    )  # fmt: skip

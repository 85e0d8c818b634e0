"""The real threads of `data/real_tickets.json`, filed as their customers' tickets, and the weeks they lived through.

Titles are quoted, the rest is retold (its sources stand in each row). What a thread says of versions and machines is
part of its words; the cluster is one of the filing company. The data knows no S1: those six are composed, and
`data/stories/composed.toml` and their source keys ("demo:composed:...") say so.
"""

from datetime import datetime, timedelta
from functools import cache

from accounts.models import User
from assets.models import Asset
from billing.models import Entitlement
from demo import cast, plots, purchases
from demo.parts import Player
from demo.plots import Plot, Thread, threads
from demo.promises import category_of
from demo.stage import Act, Stage
from desk.models import Offer
from kit.later import silently
from kit.verbs import verb
from marketplace.models import Order
from notifications.actions import notices
from tickets.actions import tickets
from tickets.models import Ticket

__all__ = ["Thread", "file", "tell", "threads"]

BEGINS_BEFORE = timedelta(days=70)
READ = {
    "nina": 3, "jonas": 30, "zhoumin": 4, "wuqiang": 50, "lihang": 26, "greta": 20, "ada": 48, "linhao": 2, "chenyu": 3,
    "omar": 2, "sara": 5, "grace": 4, "hugo": 9, "ines": 3, "tomas": 6, "dora": 3, "ravi": 5, "mei": 20, "sun": 90,
}  # fmt: skip
"""How many hours ago each of them last looked through their notices."""


@verb
def tell(count: int, *, until: datetime) -> None:
    """What was bought and asked in the weeks before `until`, `count` tickets of it, as one transaction.

    Everything is done by the house's own verbs, in the order of time, with its sweeps between. Told once: a world
    that has an order or a ticket is left alone, and a lay that was killed has left nothing.
    """
    if Order.objects.exists() or Ticket.objects.exists():
        return
    people = cache(cast.person)
    players: dict[int, Player] = {}

    def is_offered(offer: Offer, at: datetime) -> None:
        players[offer.work.ticket_id].is_offered(offer, at)

    with silently():
        stage = Stage(until - BEGINS_BEFORE, until, is_offered)
        purchases.plan(stage)
        for plot in plots.plots(count):
            stage.plan(plot.begins_at(until), _filing(Player(plot, stage, people), players))
        for key, hours in READ.items():
            stage.plan(until - timedelta(hours=hours), _reading(people(key)))
        stage.play()


def _filing(player: Player, players: dict[int, Player]) -> Act:
    def begin(at: datetime) -> None:
        ticket = _file(player.plot, player.people(player.plot.asker), at)
        players[ticket.pk] = player
        player.began(ticket, at)

    return begin


def _reading(by: User) -> Act:
    def read(at: datetime) -> None:
        notices.read_all(by=by, at=at)

    return read


def file(thread: Thread, asker: str, *, at: datetime) -> Ticket:
    """File one thread as the ticket of `asker`, on the company's first cluster and under its plan."""
    return _file(
        Plot(
            key=thread.url, subject=thread.title, body=thread.symptom, language=plots.LANGUAGES[thread.language],
            category=category_of(thread.component), severity=thread.severity, asker=asker, begins="@0m",
        ),
        cast.person(asker),
        at,
    )  # fmt: skip


def _file(plot: Plot, by: User, at: datetime) -> Ticket:
    company = cast.company(cast.BY_KEY[plot.asker].company)
    assets = Asset.objects.filter(organization=company).order_by("pk")
    asset = assets.filter(name=plot.cluster).first() or assets.first()
    entitlement = Entitlement.objects.filter(organization=company).in_force(at).order_by("pk").first()
    return tickets.submit(
        by=by, at=at, organization=company.reference, category=plot.category, subject=plot.subject, body=plot.body,
        severity=plot.severity, entitlement=entitlement.reference if entitlement and plot.is_entitled else None,
        asset=asset.reference if asset else None, language=plot.language, source_key=f"demo:{plot.key}",
    )  # fmt: skip

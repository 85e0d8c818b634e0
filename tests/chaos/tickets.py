"""What happens in the house under chaos: customers file, engineers acknowledge, and afterwards somebody counts.

Each function is called in a process of its own (`infra/call.py`), on the house's database, while others are killed.
"""

import time
from collections import Counter
from dataclasses import replace

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from demo import stories, world
from desk.actions import offers
from desk.models import Offer, Work
from kit import leases
from kit.verbs import Refused
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from tickets.models import Ticket

BATCH = 50
"""So many notices one process holds at once; when it is killed they may leave again, under the same Message-ID."""
ASKERS = ("nina", "jonas", "zhoumin", "lihang")


def prepare() -> None:
    """The demo world; DEMO_TICKETS=0 keeps it without tickets. Nobody signs in here, so passwords need no hard hash."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        world.lay(timezone.now())


def submit(first: int, count: int) -> list[str]:
    """File tickets number `first` and on; the references that customers were told."""
    threads, told = stories.threads(), []
    for number in range(first, first + count):
        thread = replace(threads[number % len(threads)], url=f"chaos:{number}")
        told.append(stories.file(thread, ASKERS[number % len(ASKERS)], at=timezone.now()).reference)
    return told


def acknowledge(seconds: float) -> int:
    """For so long, every engineer takes what is offered. How many offers were acknowledged."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        for offer in Offer.objects.filter(state=Offer.State.LIVE).select_related("work__ticket", "engineer__user"):
            try:
                offers.acknowledge(offer.work.ticket.reference, by=offer.engineer.user, at=timezone.now())
                done += 1
            except Refused:
                pass  # it ran out or went back in this very moment
        time.sleep(0.3)
    return done


def bury_the_dead() -> None:
    """Everybody who held a lease was killed: let the leases run out now instead of in some minutes."""
    for model in (Notice, InsideNotice):
        model.objects.exclude(lease_until=None).update(lease_until=leases.clock())


def troubles(told: list[str], kills: int) -> list[str]:
    """What was lost: tickets, their place at the desk, notices, mails; or sent twice too often. Empty: nothing was."""
    missing = set(told) - set(Ticket.objects.values_list("reference", flat=True))
    found = [f"{reference} was told to its customer and is not there" for reference in sorted(missing)]
    placed = (Work.State.POOL, Work.State.OFFERED, Work.State.OWNED)
    adrift = Work.objects.exclude(state__in=placed).values_list("ticket__reference", "state")
    found += [f"{reference} is {state}" for reference, state in adrift]
    mails = Counter(path.stem.split("-", 1)[1] for path in settings.OUTBOX_DIR.glob("*.eml"))
    for model in (Notice, InsideNotice):
        found += [f"dead: {notice.key}: {notice.error}" for notice in model.objects.filter(state=model.State.DEAD)]
        sent = model.objects.filter(channel=model.Channel.MAIL, state=model.State.SENT)
        found += [f"never left: {notice.key}" for notice in sent if not mails[notice.message_id]]
    opened = Notice.objects.filter(kind="tickets.opened", channel=Notice.Channel.MAIL).count()
    if opened < len(told):
        found.append(f"{opened} customers were told of {len(told)} tickets")
    if (twice := sum(count - 1 for count in mails.values())) > kills * BATCH:
        found.append(f"{twice} mails left twice for {kills} kills")
    return found

"""Many at once: real threads, each with a connection of its own, on committed rows."""

import contextlib
import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction

from demo import cast as people
from desk.actions import firings, handovers, intake, offers, pool, replies
from desk.models import Firing, Offer, Work
from duty.models.inside import Engineer
from kit.verbs import Refused
from tests import make
from tests.desk.holds import holds
from tests.proof import examples
from tickets.actions import tickets, words
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
WORKERS = 8


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run the jobs at the same moment; returns what they raised."""
    gate, raised = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait()
            job()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "two workers wait for each other"
    return raised


@pytest.fixture
def desk():
    people.gather()
    return make.crew()


def file(count: int, at, **more) -> list[int]:
    """Tickets in the pool that nobody was asked about yet."""
    return [make.ticket("nina", at, **more).pk for _ in range(count)]


def test_many_who_take_in_the_same_ticket_make_one_offer(desk, now):
    (ticket,) = file(1, now)
    assert together(*[lambda: pool.take_in(ticket, at=now)] * WORKERS) == []
    assert Offer.objects.count() == Work.objects.count() == 1
    holds()


def test_many_who_drain_never_claim_twice(desk, now):
    with transaction.atomic():
        for ticket in file(6, now):
            Work.objects.taken_hold_of([ticket], now)
    assert together(*[lambda: pool.drain(desk.pk, at=now)] * WORKERS) == []
    pool.drain(desk.pk, at=now)
    assert Offer.objects.filter(state=Offer.State.LIVE).count() == 4
    holds()


def test_acknowledging_and_expiring_at_the_same_moment_end_one_way(desk, now):
    for _ in range(examples(5)):
        work = make.work("nina", now)
        offer = Offer.objects.get(work=work, state=Offer.State.LIVE)
        at = offer.acknowledge_by
        reference, by = work.ticket.reference, work.engineer.user
        raised = together(
            lambda at=at, reference=reference, by=by: offers.acknowledge(reference, by=by, at=at),
            lambda at=at, offer=offer: offers.expire(offer, at=at),
        )
        offer.refresh_from_db()
        lost = [type(error) for error in raised]
        assert (offer.state, lost) in [("acknowledged", []), ("expired", [offers.NoOffer])]
        holds()
        _end(work, at)


def test_two_who_take_the_same_ticket_by_hand(desk, now):
    works = [make.work("nina", now) for _ in range(5)]
    waiting = works[-1].ticket.reference
    hands = [people.person(key) for key in ("grace", "hugo")]
    raised = together(*[lambda by=by: handovers.take(waiting, by=by, at=now) for by in hands])
    assert len(raised) == 1
    holds()


def test_a_threshold_fires_once_whoever_fires(desk, now):
    for _ in range(3):
        make.work("nina", now, severity=1)
    assert together(*[lambda: firings.fire_due(at=now + 30 * MINUTE)] * WORKERS) == []
    firings.fire_due(at=now + 30 * MINUTE)
    assert Firing.objects.filter(threshold=50, clock="first_response").count() == 3
    holds()


def test_a_busy_hour_leaves_the_desk_in_order(desk, now):
    """Everything that a desk, its customers and its sweeps do, all at once: in the end every count is right."""
    for ticket in file(examples(8), now):
        pool.take_in(ticket, at=now)
    crew = list(Engineer.objects.filter(cap__gt=0).select_related("user"))
    seed = random.randrange(10**6)
    raised = together(*[lambda n=n: _work_on(desk.pk, crew, now, random.Random(seed + n)) for n in range(WORKERS)])
    assert raised == [], f"seed {seed}"
    for ticket in intake.waiting(limit=1000):
        pool.take_in(ticket, at=now + timedelta(days=1))
    holds()


def _work_on(desk_pk: int, crew: list[Engineer], now, dice: random.Random) -> None:
    for step in range(examples(15)):
        with contextlib.suppress(Refused, Work.DoesNotExist, Ticket.DoesNotExist):
            _act(desk_pk, dice.choice(crew), now + step * MINUTE, dice)


def _act(desk_pk: int, me: Engineer, at, dice: random.Random) -> None:
    nina = people.person("nina")
    mine = _one(Work.objects.filter(engineer=me), dice)
    anything = _one(Work.objects.all(), dice)
    pooled = _one(Work.objects.in_pool(), dice)
    acts: list[Callable[[], object]] = [
        lambda: pool.drain(desk_pk, at=at),
        lambda: pool.pull(me, at=at),
        lambda: offers.acknowledge(mine, by=me.user, at=at),
        lambda: offers.refuse(mine, by=me.user, at=at, reason="busy"),
        lambda: handovers.give_back(mine, by=me.user, at=at, reason="tired"),
        lambda: handovers.take(pooled, by=me.user, at=at),
        lambda: [offers.expire(offer, at=at) for offer in offers.due(at, limit=3)],
        lambda: _speak(dice.choice([replies.send, replies.ask, replies.solve]), mine, me.user, at),
        lambda: words.say(anything, by=nina, at=at, body="And now?"),
        lambda: words.urge(anything, by=nina, at=at),
        lambda: [pool.take_in(ticket, at=at) for ticket in intake.waiting(limit=3)],
        lambda: firings.fire_due(at=at),
    ]
    dice.choice(acts)()


def _one(works, dice: random.Random) -> str:
    return dice.choice(list(works.values_list("ticket__reference", flat=True)) or ["T-NONE"])


def _speak(verb, reference: str, by, at) -> None:
    seen = replies.preview(reference, by=by, body="We look at it.")
    verb(reference, by=by, at=at, body="We look at it.", digest=seen.digest)


def _end(work: Work, at) -> None:
    """Nina takes it back, and nobody is away any more: the next round begins with empty hands."""
    tickets.withdraw(work.ticket.reference, by=people.person("nina"), at=at)
    pool.take_in(work.ticket_id, at=at)
    Engineer.objects.update(away_until=None)

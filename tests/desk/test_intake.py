"""Many tickets taken in at once: as if one after another, and at a price that does not grow with them."""

import random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from desk import tasks
from desk.actions import pool
from desk.models import Decision, Note, Offer, Work
from duty.models.inside import Engineer
from notifications.models.inside import InsideNotice
from tests import make
from tests.desk.holds import holds
from tests.proof import examples
from tickets.actions import words
from tickets.models import Fact


@pytest.fixture(autouse=True)
def _everybody(cast):
    make.crew()
    yield
    holds()


def outcome() -> list[object]:
    """Everything that routing has decided and told, without keys and versions."""
    works = Work.objects.order_by("ticket_id").values_list(
        "ticket_id", "state", "engineer_id", "gap_told_at", "due_at", "due_kind", "severity", "language"
    )
    reasons = Decision.objects.order_by("work__ticket_id").values_list(
        "work__ticket_id", "chosen_id", "because", "considered"
    )
    offers = Offer.objects.order_by("work__ticket_id").values_list("work__ticket_id", "engineer_id", "acknowledge_by")
    lines = Note.objects.order_by("work__ticket_id", "at", "pk").values_list("work__ticket_id", "kind", "data")
    told = InsideNotice.objects.order_by("key").values_list("recipient_id", "kind", "payload")
    held = Engineer.objects.order_by("pk").values_list("pk", "held", "version")
    return [list(rows) for rows in (works, reasons, offers, lines, told, held)]


def undone(work, tickets: list[int], at) -> list[object]:
    """What `work` leads to; afterwards it has not happened."""
    with transaction.atomic():
        work(tickets, at=at)
        found = outcome()
        transaction.set_rollback(True)
    return found


def test_many_at_once_are_as_one_after_another(now):
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    for _ in range(examples(3)):
        with transaction.atomic():
            _shuffle_the_crew(dice)
            tickets = [_any_ticket(dice, now).pk for _ in range(dice.randint(2, 9))]
            at_once = undone(pool.take_in_all, tickets, now)
            assert undone(_one_by_one, tickets, now) == at_once, f"seed {seed}"
            transaction.set_rollback(True)


def _one_by_one(tickets: list[int], at) -> None:
    for ticket in tickets:
        pool.take_in(ticket, at=at)


def _shuffle_the_crew(dice: random.Random) -> None:
    for engineer in Engineer.objects.all():
        engineer.cap, engineer.tier = dice.randint(0, 3), dice.randint(1, 2)
        engineer.languages = dice.sample(["en", "zh-hans"], dice.randint(0, 2))
        engineer.away_until = None if dice.random() < 0.8 else engineer.idle_since.replace(year=2100)
        engineer.save()


def _any_ticket(dice: random.Random, now):
    by, plan = dice.choice([("nina", "premium"), ("zhoumin", "premium"), ("nina", "")])
    severity = dice.choice([1, 2, 3, 4] if plan else [1, 3, 4])
    return make.ticket(by, now, severity=severity, plan=plan, language=dice.choice(["en", "zh-hans"]))


def test_what_has_happened_since_is_drawn_for_each(now, nina):
    owned, fresh = make.owned("nina", now), make.ticket("nina", now)
    words.urge(owned.ticket.reference, by=nina, at=now)
    spoken = make.ticket("nina", now)
    words.say(spoken.reference, by=nina, at=now, body="And now all of them.")
    pool.take_in_all([owned.ticket_id, fresh.pk, spoken.pk], at=now)
    states = dict(Work.objects.values_list("ticket_id", "state"))
    assert states == {owned.ticket_id: "owned", fresh.pk: "offered", spoken.pk: "offered"}
    assert Note.objects.filter(kind=Note.Kind.URGED).count() == 1
    assert not Fact.objects.filter(taken_at=None).exists()


def test_a_ticket_costs_eight_statements_and_a_batch_no_more_than_twelve(now):
    costs = []
    for count in (1, 1, 25):
        tickets = [make.ticket("nina", now) for _ in range(count)]
        with CaptureQueriesContext(connection) as counted:
            pool.take_in(tickets[0].pk, at=now) if count == 1 else tasks.sweep_intake()
        costs.append(
            len([one for one in counted if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])
        )
    warm, batch = costs[1:]
    assert (warm <= _budget(8), batch <= _budget(12)) == (True, True), costs


def _budget(statements: int) -> int:
    """On SQLite what is written together is one statement for each table."""
    return statements if connection.vendor == "postgresql" else statements + 6

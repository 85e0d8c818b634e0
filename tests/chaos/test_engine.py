"""The engine under kills: whatever dies, no ticket and no notice is lost, and everything that must hold holds.

At PROOF=1 a short run; `make prove chaos` files 500 tickets. The seed of a failed run is in its report: CHAOS_SEED=...
"""

import os
import random

import pytest

from tests.chaos.harness import BROKER, House, house
from tests.infra import call
from tests.infra.clusters import Unavailable, redis_program
from tests.infra.databases import private_database
from tests.infra.skipping import is_postgres
from tests.proof import PROOF

STORY = "tests.chaos.tickets"
SEED = int(os.environ.get("CHAOS_SEED", random.randrange(10**6)))
PARTS = (BROKER, "worker", "ticker")
FILERS = 2
UNSETTLED = {
    "facts not taken in": "tickets_fact WHERE taken_at IS NULL",
    "tickets not confirmed": "tickets_ticket WHERE told_at IS NULL",
    "tickets without work": "tickets_ticket WHERE id NOT IN (SELECT ticket_id FROM desk_work)",
    "notices not sent": "notifications_notice WHERE state = 'pending'",
    "inside notices not sent": "notifications_insidenotice WHERE state = 'pending'",
}


@pytest.fixture(scope="module")
def world(any_database, tmp_path_factory):
    """A database with the demo's people and no ticket, to be copied."""
    folder = tmp_path_factory.mktemp("world")
    with private_database(folder) as database:
        database.environment["DEMO_TICKETS"] = "0"
        database.manage("migrate", "-v0")
        call.answer(call.begin(database.environment, f"{STORY}:prepare"))
        yield database


@pytest.fixture
def here(world, tmp_path):
    """A house in that world, everybody at work."""
    try:
        redis_program()
    except Unavailable as missing:
        pytest.skip(str(missing))
    print(f"CHAOS_SEED={SEED}")
    with private_database(tmp_path, template=world) as database, house(database, tmp_path, seed=SEED) as built:
        built.start(*PARTS)
        yield built


def file_under_fire(here: House, *, count: int, kills: int, every: float) -> list[str]:
    """File `count` tickets from two processes while parts of the house die; the references that customers were told."""
    share = count // FILERS
    filing = [here.begin(f"{STORY}:submit", number * share, share) for number in range(FILERS)]
    answering = here.begin(f"{STORY}:acknowledge", kills * every)
    here.disturb(filing, kills=kills, every=every)
    here.answer(answering)
    return [reference for each in filing for reference in here.answer(each)]


def unsettled(here: House) -> dict[str, int]:
    """What the engine still has to do, counted; empty when all is quiet."""
    counts = {what: here.database.rows(f"SELECT count(*) FROM {rows}")[0][0] for what, rows in UNSETTLED.items()}
    return {what: count for what, count in counts.items() if count}


def settle_and_count(here: House, told: list[str]) -> list[str]:
    """Wait until all is quiet, then say what was lost."""
    here.settle(lambda: unsettled(here), seconds=120)
    return here.call(f"{STORY}:troubles", told, len(here.killed))


def die_and_come_back(here: House) -> None:
    """The last kill takes everybody at once, so that no lease is held by somebody who lives."""
    here.stop()
    here.call(f"{STORY}:bury_the_dead")
    here.start(*PARTS)


@pytest.mark.postgres
def test_under_random_kills_nothing_is_lost(here):
    count, kills = (60, 5) if PROOF == 1 else (500, 40)
    told = file_under_fire(here, count=count, kills=kills, every=0.8)
    die_and_come_back(here)
    assert len(told) == count
    assert settle_and_count(here, told) == []
    assert "0 broken" in here.database.manage("audit", "--all")


@pytest.mark.postgres
def test_the_sweeps_alone_do_the_work(here):
    here.stop()
    here.database.environment["REDIS_URL"] = ""
    here.start("ticker")
    told = here.call(f"{STORY}:submit", 0, 12)
    assert settle_and_count(here, told) == []


@pytest.mark.skipif(is_postgres(), reason="the large runs are on PostgreSQL")
def test_a_small_house_on_sqlite_survives_too(here):
    told = file_under_fire(here, count=8, kills=2, every=0.5)
    die_and_come_back(here)
    assert settle_and_count(here, told) == []
    assert "0 broken" in here.database.manage("audit", "--all")

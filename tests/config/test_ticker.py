"""config/engine/ticker.py and lock.py: in this process for the sweeps, in real processes for the lock."""

import subprocess
import sys

import pytest
from celery import current_app

from config.engine import ticker
from config.engine.leash import leashed
from config.engine.models import Beat
from tests.infra.databases import ROOT, private_database
from tests.infra.processes import is_alive, until

AUDIT = "config.engine.tasks.sweep_audit"
BROKEN = "tests.config.ticking.stumble"


class Tickers:
    """Real tickers on one database, and the tally of their rounds."""

    def __init__(self, database, folder):
        self.database, self.tally, self.log = database, folder / "tally", folder / "log"
        self.tally.touch()
        self.processes = []

    def start(self):
        with self.log.open("a") as out:
            command = leashed([sys.executable, "-m", "tests.config.ticking", str(self.tally)])
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.database.environment, stdout=out, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def rounds(self):
        """The process ids of the tickers, a round each."""
        return [int(line) for line in self.tally.read_text().split()]

    def next(self, rounds=3):
        """Who does the next rounds."""
        before = len(self.rounds())
        return set(until(lambda: self.rounds()[before : before + rounds][rounds - 1 :] and self.rounds()[before:], 30))


@pytest.fixture
def tickers(any_database, tmp_path):
    with private_database(tmp_path) as database:
        database.manage("migrate", "engine", "-v0")
        here = Tickers(database, tmp_path)
        yield here
        for process in here.processes:
            process.kill()
            process.wait()


@pytest.mark.django_db
def test_a_round_leaves_a_beat():
    ticker.run_once([(AUDIT, 60)])
    assert Beat.objects.get(name=AUDIT).error == ""


@pytest.mark.django_db
def test_a_raising_sweep_stops_nobody_and_its_beat_tells_why():
    with pytest.raises(ExceptionGroup):
        ticker.run_once([(BROKEN, 2), (AUDIT, 60)])
    assert dict(Beat.objects.filter(name__in=[BROKEN, AUDIT]).values_list("name", "error")) == {
        BROKEN: "ValueError('a sweep that fails')",
        AUDIT: "",
    }


@pytest.mark.django_db
def test_a_sweep_that_does_not_exist_is_a_sweep_that_raises():
    with pytest.raises(ExceptionGroup):
        ticker.run_once([("config.engine.tasks.sweep_nothing", 2)])


@pytest.mark.django_db
def test_a_good_round_clears_the_error_of_the_last_one():
    Beat.objects.create(name=AUDIT, beat_at="2020-01-01T00:00:00Z", error="old")
    ticker.run_once([(AUDIT, 60)])
    assert Beat.objects.get(name=AUDIT).error == ""


def test_sweeps_of_apps_that_this_process_lacks_are_left_to_others():
    assert ticker.installed([("nowhere.tasks.sweep_things", 2), (AUDIT, 60)]) == [(AUDIT, 60)]


def test_every_sweep_of_the_house_stands_in_the_timetable():
    current_app.loader.import_default_modules()
    sweeps = {name for name in current_app.tasks if ".tasks.sweep_" in name}
    assert sweeps == {name for name, _ in ticker.installed()}


def test_the_ticker_runs_its_sweeps_without_a_broker_while_one_of_them_raises(tickers):
    tickers.database.environment["REDIS_URL"] = ""
    working = tickers.start()
    assert tickers.next() == {working.pid}
    assert until(lambda: tickers.database.rows(f"SELECT error FROM engine_beat WHERE name = '{BROKEN}'"))


def test_of_two_tickers_one_works_and_the_other_follows_it(tickers):
    first = tickers.start()
    tickers.next(1)
    second = tickers.start()
    assert tickers.next(4) == {first.pid}
    first.terminate()
    assert first.wait(15) == 0
    assert tickers.next() == {second.pid}


@pytest.mark.postgres
def test_a_killed_ticker_loses_the_lock_with_its_connection(tickers):
    first, second = tickers.start(), tickers.start()
    working = tickers.next(1)
    killed, waiting = (first, second) if working == {first.pid} else (second, first)
    killed.kill()
    killed.wait()
    assert tickers.next() == {waiting.pid}


@pytest.mark.postgres
def test_a_ticker_survives_the_loss_of_all_its_connections(tickers):
    working = tickers.start()
    tickers.next(1)
    tickers.database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert tickers.next(4) == {working.pid}
    assert is_alive(working.pid)


def test_a_sweep_that_fails_again_says_so_in_a_line(db, caplog):
    ticker._told.clear()
    for _ in range(3):
        with pytest.raises(ExceptionGroup):
            ticker.run_once([(BROKEN, 1)])
    told = [record for record in caplog.records if "sweep failed" in record.message]
    assert [bool(record.exc_info) for record in told] == [True, False, False]

"""`manage.py run`: the whole embedded house, as somebody meets it who has just cloned the project."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from config.engine.broker import free_port
from config.engine.leash import leashed
from tests.infra.databases import ROOT
from tests.infra.processes import is_alive, until
from tests.infra.skipping import is_postgres

pytestmark = pytest.mark.skipif(is_postgres(), reason="the embedded house stands on SQLite")


class House:
    """The command in a process of its own, with data in a folder of its own."""

    def __init__(self, folder):
        self.port, self.log = free_port(), folder / "log"
        environment = {
            **os.environ,
            "EMBEDDED": "true",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{folder}/data/gatehouse.sqlite3",
            "PORT": str(self.port),
            "SITE_URL": f"http://localhost:{self.port}",
            "DEMO_TICKETS": "4",
        }
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                leashed([sys.executable, "manage.py", "run"]), cwd=ROOT, env=environment, stdout=out, stderr=out
            )

    def says(self, sentence):
        """Wait until the house has said it."""
        until(lambda: sentence in self.log.read_text() or self.process.poll() is not None, 60)
        assert sentence in self.log.read_text(), self.log.read_text()

    def status(self, path):
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=10) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code

    def family(self):
        """The process ids of everything that the house started."""
        children = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True).stdout.split("\n")
        parents = {int(pid): int(ppid) for pid, ppid in (line.split() for line in children if line.strip())}
        family = {self.process.pid}
        while grown := {pid for pid, ppid in parents.items() if ppid in family} - family:
            family |= grown
        return family


@pytest.fixture
def house(tmp_path):
    here = House(tmp_path)
    yield here
    here.process.kill()
    here.process.wait()


def test_the_house_opens_works_and_leaves_nothing_behind(house):
    house.says(f"Gatehouse stands at http://localhost:{house.port}")
    assert house.status("/") == 200
    until(lambda: house.status("/healthz/engine") == 200, 30)
    family = house.family()
    assert len(family) >= 5
    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(30) == 0
    assert not [pid for pid in family if is_alive(pid)]


def test_a_busy_port_says_so_and_nothing_has_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environment = {**os.environ, "DATA_DIR": str(tmp_path), "PORT": str(port)}
        refused = subprocess.run(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )
    assert refused.returncode == 1
    assert f"Port {port} is busy" in refused.stderr

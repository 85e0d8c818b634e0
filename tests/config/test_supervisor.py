"""config/engine/supervisor.py, with real processes."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap

import pytest

from config.engine.leash import leashed
from config.engine.supervisor import PortTaken, take_port
from tests.infra.processes import is_alive, until

SLEEPER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
GRANDPARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"


class House:
    """A supervisor in a process of its own, and what it says."""

    def __init__(self, log, *programs, grace=10.0, follows="None"):
        children = ", ".join(
            f"Child({name!r}, [sys.executable, '-c', {program!r}], grace={grace})" for name, program in programs
        )
        source = f"""
            import os, sys
            from config.engine.supervisor import Child, Supervisor
            Supervisor([{children}], follows={follows}).run()
        """
        self.log = log
        with log.open("w") as out:
            self.process = subprocess.Popen(
                leashed([sys.executable, "-c", textwrap.dedent(source)]), stdout=out, stderr=subprocess.STDOUT
            )

    def pids(self, name):
        return [int(pid) for pid in re.findall(rf"^{name} +\| pid (\d+)$", self.log.read_text(), re.M)]

    def pid(self, name, start=1):
        """The process id of a child's `start`-th life."""
        return until(lambda: self.pids(name)[start - 1 : start])[0]

    def ends(self, seconds=15):
        return self.process.wait(seconds)


@pytest.fixture
def house(tmp_path):
    houses = []

    def build(*programs, **options):
        houses.append(House(tmp_path / "log", *programs, **options))
        return houses[-1]

    yield build
    for each in houses:
        each.process.kill()
        each.process.wait()


def test_a_killed_supervisor_leaves_no_orphan(house):
    here = house(("web", SLEEPER), ("worker", STUBBORN))
    web, worker = here.pid("web"), here.pid("worker")
    here.process.kill()
    until(lambda: not is_alive(web) and not is_alive(worker))


def test_a_killed_child_is_started_again(house):
    here = house(("web", SLEEPER), ("worker", SLEEPER))
    os.kill(here.pid("worker"), signal.SIGKILL)
    assert is_alive(here.pid("worker", start=2))
    assert len(here.pids("web")) == 1


def test_a_child_that_cannot_start_stops_nobody_and_is_tried_with_patience(house):
    here = house(("web", SLEEPER), ("worker", "raise SystemExit(3)"))
    until(lambda: "worker | ended (3), again in 1 s" in here.log.read_text())
    assert is_alive(here.pid("web"))


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_ends_the_children_and_then_the_house(house, request_to_stop):
    here = house(("web", SLEEPER), ("worker", SLEEPER))
    pids = here.pid("web"), here.pid("worker")
    here.process.send_signal(request_to_stop)
    assert here.ends() == 0
    assert not any(map(is_alive, pids))


def test_children_stop_in_order(house):
    farewell = "import signal, sys; signal.signal(signal.SIGTERM, lambda *a: sys.exit(print('bye', flush=True)));"
    here = house(("web", farewell + SLEEPER), ("ticker", farewell + SLEEPER), ("broker", farewell + SLEEPER))
    for name in ("web", "ticker", "broker"):
        here.pid(name)
    here.process.terminate()
    here.ends()
    until(lambda: here.log.read_text().count("bye") == 3)
    assert re.findall(r"(\w+) +\| bye", here.log.read_text()) == ["web", "ticker", "broker"]


def test_a_child_that_ignores_the_request_is_ended_after_its_grace(house):
    here = house(("worker", STUBBORN), grace=0.3)
    pid = here.pid("worker")
    here.process.terminate()
    here.ends()
    assert not is_alive(pid)


def test_a_second_ctrl_c_waits_for_nobody(house):
    here = house(("worker", STUBBORN), grace=60)
    pid = here.pid("worker")
    here.process.send_signal(signal.SIGINT)
    until(lambda: "stopping" in here.log.read_text())
    here.process.send_signal(signal.SIGINT)
    here.ends(seconds=10)
    assert not is_alive(pid)


def test_what_a_child_started_goes_with_it(house):
    here = house(("web", GRANDPARENT))
    pid = here.pid("web")
    here.process.terminate()
    here.ends()
    until(lambda: not is_alive(pid))


def test_the_house_stops_when_the_command_that_it_follows_is_gone(house):
    here = house(("web", SLEEPER), follows="os.getppid() + 1")
    assert here.ends() == 0


def test_a_busy_port_says_so_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} is busy.*PORT={port + 1}"):
            take_port(port)


def test_the_port_is_ours_from_the_first_moment():
    taken = take_port(0)
    port = taken[0].getsockname()[1]
    try:
        with pytest.raises(PortTaken):
            take_port(port)
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    finally:
        for place in taken:
            place.close()


def test_a_leash_refuses_a_parent_that_has_gone_already():
    command = leashed([sys.executable, "-c", "print('ran')"])
    command[4] = str(os.getpid() + 1)
    gone = subprocess.run(command, capture_output=True, text=True, timeout=10)
    assert (gone.returncode, gone.stdout) == (1, "")

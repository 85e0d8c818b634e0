"""A house of real processes on a database and a broker of its own, and somebody who kills them.

Processes are started and killed from the thread of the test, never from another: their leash is tied to it.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from config.engine import broker
from config.engine.leash import leashed
from tests.infra import call
from tests.infra.clusters import redis_program, start_redis
from tests.infra.databases import ROOT, Database

MANAGE = [sys.executable, "manage.py"]
COMMANDS = {
    "worker": [*MANAGE, "worker", "--pool", "prefork"],
    "ticker": [*MANAGE, "ticker"],
}
BROKER = "broker"


class House:
    """Broker, worker and ticker, and the means to kill them. `seed` decides when and whom, so a run can be repeated."""

    def __init__(self, database: Database, folder: Path, *, seed: int) -> None:
        self.database, self.log = database, folder / "house.log"
        self.bell = broker.private(redis_program())
        database.environment["REDIS_URL"] = self.bell.url
        self.chance = random.Random(seed)
        self.killed: list[str] = []
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start these parts; `broker` answers before the next one starts."""
        for name in names:
            self._running[name] = start_redis(self.bell) if name == BROKER else self._spawn(COMMANDS[name])

    def kill(self, name: str) -> None:
        """End a part and everything it started, without a word of warning."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.killed.append(name)

    def stop(self) -> None:
        for name in list(self._running):
            self.kill(name)

    def call(self, function: str, *arguments: Any) -> Any:
        """The answer of "package.module:function", given in a process of its own on this house's database."""
        return self.answer(self.begin(function, *arguments))

    def begin(self, function: str, *arguments: Any) -> "subprocess.Popen[str]":
        """The same, without waiting for it."""
        return call.begin(self.database.environment, function, *arguments, log=self._open_log())

    def answer(self, begun: "subprocess.Popen[str]") -> Any:
        """What a begun call returned. Fails with the end of the log when it failed."""
        try:
            return call.answer(begun)
        except subprocess.CalledProcessError as failed:
            raise AssertionError(f"{failed}\n{self.last_lines()}") from failed

    def disturb(self, load: Sequence["subprocess.Popen[str]"], *, kills: int, every: float) -> None:
        """While `load` runs, and until `kills` are done: kill a random part, and start it again a little later."""
        while kills > 0 or any(process.poll() is None for process in load):
            time.sleep(self.chance.uniform(0.2, 2 * every))
            victim = self.chance.choice(sorted(self._running))
            self.kill(victim)
            time.sleep(self.chance.uniform(0, every))
            self.start(victim)
            kills -= 1

    def settle(self, unsettled: Callable[[], object], seconds: float) -> float:
        """Wait until nothing is unsettled any more; how long it took. Fails with what still is."""
        started = time.monotonic()
        while rest := unsettled():
            assert time.monotonic() - started < seconds, f"after {seconds} s: {rest}\n{self.last_lines()}"
            time.sleep(0.2)
        return time.monotonic() - started

    def last_lines(self, count: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            leashed(command), cwd=ROOT, env=self.database.environment, stdin=subprocess.DEVNULL,
            stdout=self._open_log(), stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def _open_log(self) -> int:
        """Children inherit it; our own copy is closed with the process of the test."""
        return os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)


@contextmanager
def house(database: Database, folder: Path, *, seed: int) -> Iterator[House]:
    """A house on this database with nobody running in it yet; whoever runs in it at the end is killed."""
    here = House(database, folder, seed=seed)
    try:
        yield here
    finally:
        here.stop()

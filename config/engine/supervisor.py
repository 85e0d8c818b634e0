"""One process that starts the others, keeps them running, and leaves none behind (DESIGN 3).

Children live in process groups of their own and on a leash (`leash.py`): Ctrl-C reaches only the supervisor, which then
stops them in order, and `kill -9` of the supervisor ends them too.
"""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from config.engine.leash import leashed

LOOK_SECONDS = 0.1
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY_SECONDS = 20.0
"""A child that lived this long starts again with the first delay."""


class PortTaken(Exception):
    """Another program listens on this port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is busy: another program listens there. Choose another one: PORT={port + 1}")
        self.port = port


def take_port(port: int) -> list[socket.socket]:
    """Listen on the loopback, IPv4 and where possible IPv6. Raises PortTaken.

    The supervisor keeps these sockets and web inherits them: a restart of web refuses no visitor.
    """
    taken = [_listen(socket.AF_INET, "127.0.0.1", port)]
    try:
        taken.append(_listen(socket.AF_INET6, "::1", taken[0].getsockname()[1]))
    except PortTaken:
        taken[0].close()
        raise
    except OSError:
        pass  # this machine has no IPv6
    return taken


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    place = socket.socket(family, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((host, port))
        place.listen(128)
    except OSError as error:
        place.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from error
        raise
    return place


@dataclass(frozen=True, slots=True)
class Child:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""
    sockets: tuple[int, ...] = ()
    """File descriptors that it inherits."""
    grace: float = 10.0
    """Seconds between the request to stop and the end."""


class Supervisor:
    """Runs `children`: started from the last to the first, stopped from the first to the last.

    `follows` is a process id: when that process is no longer our parent, the house stops as on Ctrl-C.
    """

    def __init__(self, children: Sequence[Child], *, out: IO[str] | None = None, follows: int | None = None) -> None:
        self._out = out or sys.stdout
        self._follows = follows
        self._lock = threading.Lock()
        self._requests = 0
        width = max(len(child.name) for child in children)
        self._running = [_Running(child, f"{child.name:<{width}} | ", self.say) for child in children]

    def say(self, line: str) -> None:
        """One line of the house's log. A reader that has gone away stops nothing."""
        with self._lock, contextlib.suppress(OSError, ValueError):
            print(line, file=self._out, flush=True)

    def run(self) -> None:
        """Until SIGINT, SIGTERM or SIGHUP; a second one does not wait. Call it from the main thread."""
        before = {
            number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            while not self._requests and not self._abandoned():
                for running in reversed(self._running):
                    running.keep()
                time.sleep(LOOK_SECONDS)
            self.say("stopping")
            for running in self._running:
                running.stop(hurry=lambda: self._requests > 1)
        finally:
            for running in self._running:
                running.kill()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._requests += 1

    def _abandoned(self) -> bool:
        return self._follows is not None and os.getppid() != self._follows


class _Running:
    """One child and, while it lives, its process."""

    def __init__(self, child: Child, prefix: str, say: Callable[[str], None]) -> None:
        self.child, self._prefix, self._say = child, prefix, say
        self._process: subprocess.Popen[str] | None = None
        self._started = self._start_at = 0.0
        self._delay = 0.0

    def keep(self) -> None:
        """Start it when it is due, notice when it has ended."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self._start()
        elif self._process.poll() is not None:
            was_steady = now - self._started > STEADY_SECONDS
            self._delay = FIRST_DELAY if was_steady else min(max(2 * self._delay, FIRST_DELAY), LONGEST_DELAY)
            self._say(f"{self._prefix}ended ({self._process.returncode}), again in {self._delay:g} s")
            self.kill()
            self._start_at = now + self._delay

    def _start(self) -> None:
        self._process = subprocess.Popen(
            leashed(self.child.command),
            stdin=subprocess.PIPE if self.child.stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.child.environment},
            pass_fds=self.child.sockets,
            start_new_session=True,
        )
        self._started = time.monotonic()
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(self.child.stdin)
                self._process.stdin.close()
        threading.Thread(target=self._relay, args=(self._process.stdout,), daemon=True).start()

    def _relay(self, lines: IO[str]) -> None:
        with lines, contextlib.suppress(ValueError):
            for line in lines:
                self._say(self._prefix + line.rstrip("\n"))

    def stop(self, *, hurry: Callable[[], bool]) -> None:
        """Ask, wait for `grace`, then end the whole group."""
        if self._process is None:
            return
        self._process.terminate()
        until = time.monotonic() + self.child.grace
        while self._process.poll() is None and time.monotonic() < until and not hurry():
            time.sleep(LOOK_SECONDS / 2)
        self.kill()

    def kill(self) -> None:
        """End what is left of its process group, now."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

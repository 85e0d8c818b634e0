"""Two web servers side by side, and somebody who asks them: the same gunicorn, the same four connections."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench.frame import SECONDS, Measure, percentile
from config.engine.broker import free_port
from config.engine.leash import leashed
from tests.infra.databases import ROOT

CONNECTIONS, WORKERS = 4, 2


class Unexpected(Exception):
    """A server answered something else than what was to be measured."""


@contextmanager
def server(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The port of a gunicorn with two sync workers."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--worker-class", "sync", "--no-control-socket", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(leashed(command), cwd=ROOT, env=dict(environment))
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def ask(port: int, request: bytes) -> bytes:
    """One request on one connection; the whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts)


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: str = "") -> bytes:
    """The bytes of a request."""
    content = body.encode()
    fields = {"Host": "localhost", "Connection": "close", **(headers or {})}
    if content:
        fields |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def requests_per_second(
    port: int, requests: "Iterator[bytes] | bytes", status: int, seconds: float = SECONDS
) -> Measure:
    """How many requests a second four connections get answered. Raises Unexpected for another status."""
    source = _same(requests) if isinstance(requests, bytes) else requests
    lock = threading.Lock()

    def visit(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            with lock:
                each = next(source)
            expect(ask(port, each), status)
            done += 1
        return done

    def measure() -> float:
        started = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as visitors:
            done = sum(visitors.map(visit, [started + seconds] * CONNECTIONS))
        return done / (time.perf_counter() - started)

    return measure


def seconds_of_one(port: int, request: bytes, percent: int, times: int) -> Measure:
    """The seconds within which `percent` of `times` answers have come, one request at a time."""
    return percentile(lambda: expect(ask(port, request), 200), percent, times)


def expect(answer: bytes, status: int) -> None:
    """Raises Unexpected for another status."""
    if answer[9:12] != str(status).encode():
        raise Unexpected(answer[:2000].decode(errors="replace"))


def _same(each: bytes) -> Iterator[bytes]:
    while True:
        yield each

"""Run the suites that this machine can run, and end with a table: what ran, what was skipped, and why.

    python -m tests.run [SUITE ...] [-- pytest arguments]

SUITES_REQUIRED=1 makes a skipped suite a failure. TEST_DATABASE_URL names a PostgreSQL server to use instead of a
private cluster; the user needs the right to create databases. PROOF scales the random tests.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.infra import browser, clusters
from tests.infra.clusters import Unavailable

ROOT = Path(__file__).resolve().parent.parent
SUMMARY = re.compile(r"(\d+) (passed|failed|skipped|errors?|xfailed|xpassed)")
Environment = dict[str, str]


TWO_AT_ONCE = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Suite:
    """One pytest process: which tests, on what. `stands_on` yields its settings, or raises Unavailable."""

    name: str
    marks: str
    stands_on: Callable[[], contextlib.AbstractContextManager[Environment]]
    arguments: tuple[str, ...] = TWO_AT_ONCE


@dataclass(frozen=True, slots=True)
class Result:
    suite: str
    outcome: str
    """`passed`, `failed` or `skipped`."""
    told: str
    seconds: float = 0.0


@contextlib.contextmanager
def on_sqlite() -> Iterator[Environment]:
    yield {}


@contextlib.contextmanager
def on_postgres() -> Iterator[Environment]:
    if address := os.environ.get("TEST_DATABASE_URL", ""):
        yield {"DATABASE_URL": address}
        return
    with clusters.postgres() as address:
        yield {"DATABASE_URL": address}


@contextlib.contextmanager
def with_redis() -> Iterator[Environment]:
    with clusters.redis_server() as address:
        yield {"REDIS_URL": address}


@contextlib.contextmanager
def with_a_browser() -> Iterator[Environment]:
    """Pages are shown from PostgreSQL where it is there: several requests of one page write at once."""
    chromium = {"CHROMIUM": browser.program(), "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    with contextlib.ExitStack() as stack:
        database: Environment = {}
        with contextlib.suppress(Unavailable):
            database = stack.enter_context(on_postgres())
        yield {**chromium, **database}


SUITES = (
    # The two worlds are told on one database here, since each costs seconds; `make prove worlds` tells many.
    Suite("sqlite", "not postgres and not redis and not browser", on_sqlite),
    Suite("postgres", "not redis and not browser", on_postgres, (*TWO_AT_ONCE, "--ignore=tests/wall")),
    Suite("redis", "redis", with_redis, arguments=()),
    # Each of the two has a house of its own; the files are about equally long.
    Suite("browser", "browser", with_a_browser, ("-n", "2", "--dist", "loadfile")),
)


def run(suite: Suite, extra: list[str]) -> Result:
    """Run one suite in a data folder of its own; its output is shown as it comes."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gatehouse-test-") as folder:
        try:
            with suite.stands_on() as environment:
                print(f"\n=== {suite.name} ===", flush=True)
                code, last = _pytest(suite, extra, {**_bare(folder), **environment})
        except Unavailable as missing:
            return Result(suite.name, "skipped", str(missing))
    told = ", ".join(f"{count} {what}" for count, what in SUMMARY.findall(last)) or last or f"pytest ended with {code}"
    if code == 5:
        told = "no test was found"
    return Result(suite.name, "failed" if code else "passed", told, time.monotonic() - started)


def _bare(folder: str) -> Environment:
    """The settings of an embedded house in `folder`; nothing of the developer's own `.env` or shell comes through."""
    return {
        "DATA_DIR": folder,
        "EMBEDDED": "true",
        "DATABASE_URL": f"sqlite:///{folder}/gatehouse.sqlite3",
        "REDIS_URL": "",
        "DEBUG": "false",
        "SITE_URL": "http://localhost:8000",
        "PROOF": os.environ.get("PROOF", "1"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def _pytest(suite: Suite, extra: list[str], environment: Environment) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-m", suite.marks, *suite.arguments, *extra]
    last = ""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip(" =\n") or last
    return process.returncode, last


def table(results: list[Result]) -> str:
    """The closing table."""
    rows = [("suite", "outcome", "seconds", "")]
    rows += [(row.suite, row.outcome, f"{row.seconds:.0f}" if row.seconds else "-", row.told) for row in results]
    return "\n".join(f"{name:<10} {outcome:<8} {seconds:>7}  {told}".rstrip() for name, outcome, seconds, told in rows)


def main(arguments: list[str]) -> int:
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    names, extra = arguments[:cut], arguments[cut + 1 :]
    known = {suite.name: suite for suite in SUITES}
    if unknown := [name for name in names if name not in known]:
        print(f"no suite called {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    results = [run(known[name], extra) for name in names or known]
    print("\n" + table(results), flush=True)
    is_required = os.environ.get("SUITES_REQUIRED", "") not in ("", "0")
    failed = [row for row in results if row.outcome == "failed" or (row.outcome == "skipped" and is_required)]
    if failed:
        print(f"failed: {', '.join(row.suite for row in failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One side of a comparison in a process and on a database of its own, measured whenever it is its turn.

`python -m bench.side package.module:function '[arguments]'`: the function prepares and returns a Measure; each line on
standard input asks for one measurement, each line of output is one.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import django

from bench.frame import Measure
from config.engine.leash import leashed
from tests.infra.databases import ROOT


@contextmanager
def side(environment: Mapping[str, str], function: str, *arguments: Any) -> Iterator[Measure]:
    """A Measure that is taken in another process. What that process says on stderr is shown."""
    process = subprocess.Popen(
        leashed([sys.executable, "-m", "bench.side", function, json.dumps(arguments)]),
        cwd=ROOT, env=dict(environment), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip

    def measure() -> float:
        assert process.stdin and process.stdout
        print(file=process.stdin, flush=True)
        answer = process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{function} ended with {process.wait()}")
        return float(answer)

    try:
        yield measure
    finally:
        process.kill()
        process.communicate()


def main(name: str, arguments: str) -> None:
    django.setup()
    module, function = name.split(":")
    measure = getattr(import_module(module), function)(*json.loads(arguments))
    for _ in sys.stdin:
        print(measure(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

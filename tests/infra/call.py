"""Call one function in a process of its own, on whatever house the environment names.

`python -m tests.infra.call package.module:function '[arguments]'` prints what it returned, as JSON, on its last line.
Bells that it rang have left the process before it ends.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import IO, Any

import django

from config.engine.leash import leashed
from tests.infra.databases import ROOT


def begin(
    environment: Mapping[str, str], function: str, *arguments: Any, log: IO[str] | int | None = None
) -> "subprocess.Popen[str]":
    """Begin a call; it goes when this process goes. `log` takes its standard error."""
    command = [sys.executable, "-m", "tests.infra.call", function, json.dumps(arguments)]
    return subprocess.Popen(
        leashed(command), cwd=ROOT, env=dict(environment), text=True, stdout=subprocess.PIPE, stderr=log
    )


def answer(process: "subprocess.Popen[str]") -> Any:
    """Wait for a call, and return what the function returned. Raises CalledProcessError."""
    out, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args, out)
    return json.loads(out.splitlines()[-1])


def main(name: str, arguments: str) -> None:
    django.setup()
    from kit import later

    module, function = name.split(":")
    returned = getattr(import_module(module), function)(*json.loads(arguments))
    later.flush()
    print(json.dumps(returned), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

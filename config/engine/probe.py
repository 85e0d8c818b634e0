"""Whether a process of this machine is well, for a container's health check or a systemd timer.

    python -I -S config/engine/probe.py web|worker|ticker

Ends with 0 when it is. Imports nothing of the house, so it costs twenty milliseconds: `web` is asked over HTTP, worker
and ticker move a file in the folder for temporary files as long as they turn. Whether the engine as a whole is fresh
and clean is another question: `/healthz/engine`, `manage.py audit --live`.
"""

import os
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a process that has not moved its file counts as stuck."""


def pulse(name: str) -> Path:
    """The file that worker or ticker moves."""
    return Path(tempfile.gettempdir()) / f"gatehouse-{name}-{os.geteuid()}.pulse"


def move(name: str) -> None:
    """Say that this process turns."""
    pulse(name).touch()


def is_well(name: str) -> bool:
    """Whether web answers, or whether the others have turned lately."""
    if name == "web":
        with urllib.request.urlopen(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    return time.time() - pulse(name).stat().st_mtime < PATIENCE


if __name__ == "__main__":
    try:
        well = is_well(sys.argv[1])
    except (OSError, IndexError) as trouble:
        sys.exit(f"not well: {trouble!r}")
    sys.exit(0 if well else f"not well: {sys.argv[1]} has not turned for {PATIENCE:.0f} s")

"""Watching real processes: wait for what should come, and see who is still there."""

import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(found: Callable[[], T], seconds: float = 15) -> T:
    """Ask until the answer is true, and return it. Fails with the last answer when it never is."""
    deadline = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {answer!r}"
        time.sleep(0.05)
    return answer


def is_alive(pid: int) -> bool:
    """Whether the process exists and is more than an unburied name."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")

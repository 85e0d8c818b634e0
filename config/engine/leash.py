"""Run a program that does not outlive whoever started it, not even after `kill -9`.

    python -I -S leash.py PARENT_PID program argument ...

On Linux the kernel keeps the leash (PR_SET_PDEATHSIG) and this process becomes the program. Elsewhere this process
stays, looks twice a second whether its parent is still there, and ends its whole process group when it is not.

Imports nothing of the house: it starts in ten milliseconds. The kernel's leash is tied to the *thread* that forked:
start programs from a thread that lives as long as they should.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.5


def leashed(command: Sequence[str]) -> list[str]:
    """The command line that runs `command` on the leash of this process."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def die_with_parent(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel for `by` when the parent goes; leave now if it has gone already. Linux only."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(by))
    if os.getppid() != parent:
        os._exit(1)


def watch(parent: int, command: list[str]) -> int:
    """Run `command` as a child, hand on requests to stop, and end the group when `parent` is gone."""
    program = subprocess.Popen(command, close_fds=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda received, frame: program.send_signal(received))
    while program.poll() is None:
        if os.getppid() != parent:
            os.killpg(0, signal.SIGKILL)
        time.sleep(LOOK_SECONDS)
    return program.returncode


def main(arguments: list[str]) -> int:
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform == "linux":
        die_with_parent(parent)
        os.execvp(command[0], command)  # noqa: S606 (no shell wanted)
    return watch(parent, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

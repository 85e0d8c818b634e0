"""How much memory the processes of a run take, as Linux counts it, in MiB."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

MIB = 1024 * 1024
PROC = Path("/proc")


def descendants(words: str) -> list[int]:
    """Processes that this one started, or that those started, whose command line has `words` in it."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    return [pid for pid in _below(os.getpid(), children) if words in _command(pid)]


def leaves(pids: Iterable[int]) -> list[int]:
    """Those of the processes that are nobody's parent among them: a server's workers."""
    found = list(pids)
    parents = {_parent(PROC / str(pid)) for pid in found}
    return [pid for pid in found if pid not in parents]


def resident(pid: int) -> float:
    """All pages that the process has in memory, shared ones too."""
    return _line(pid, "status", "VmRSS:") / 1024


def peak(pid: int) -> float:
    """The most that the process ever had in memory."""
    return _line(pid, "status", "VmHWM:") / 1024


def share(pids: Iterable[int]) -> float:
    """What the processes have together, each shared page divided among those who share it."""
    return sum(_line(pid, "smaps_rollup", "Pss:") for pid in pids) / 1024


def _below(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    for child in children.get(pid, []):
        yield child
        yield from _below(child, children)


def _parent(folder: Path) -> int | None:
    """None when it has just ended."""
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def _command(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _line(pid: int, file: str, name: str) -> int:
    """A number of kB. Raises LookupError where this kernel does not tell it."""
    for line in (PROC / str(pid) / file).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError(f"{name} of {pid}")

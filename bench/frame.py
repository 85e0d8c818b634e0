"""How the house measures: alternating rounds, ratios within a round, medians over rounds, gates.

Absolute numbers of a shared machine move by a factor of two within minutes; ratios of neighbours do not. So product,
limit and peer take turns (A B C A B C ...), a ratio is taken within each round, and its median is reported with the
lowest and the highest.
"""

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

ROUNDS = 5
SECONDS = 0.5
"""Of one side in one round."""

IS_FULL = os.environ.get("BENCH_SIZE", "small") == "full"
"""BENCH_SIZE=full takes the published sizes and may take an hour; small ends in minutes and says less about growth."""

Measure = Callable[[], float]
"""Takes one measurement: so many a second, or seconds, the same for all sides of a comparison."""
Rounds = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Gate:
    """The bounds of a ratio: below `gate` it is missed, the house publishes `target`, `ambitious` is the limit."""

    direction: Literal["at least", "at most"]
    gate: float
    target: float
    ambitious: float

    def __format__(self, specification: str) -> str:
        return format(f"{self.direction} {self.gate:g} / {self.target:g} / {self.ambitious:g}", specification)

    def verdict(self, value: float) -> str:
        """The best bound that was met; `missed` when none was."""
        for name in ("ambitious", "target", "gate"):
            bound = getattr(self, name)
            if value >= bound if self.direction == "at least" else value <= bound:
                return name
        return "missed"


def at_least(gate: float, target: float, ambitious: float) -> Gate:
    return Gate("at least", gate, target, ambitious)


def at_most(gate: float, target: float, ambitious: float) -> Gate:
    return Gate("at most", gate, target, ambitious)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the report: a ratio over all rounds and what is asked of it. Without a gate it is only told."""

    name: str
    values: tuple[float, ...]
    gate: Gate | None = None

    @property
    def value(self) -> float:
        return median(self.values)

    @property
    def verdict(self) -> str:
        return self.gate.verdict(self.value) if self.gate else "-"

    def line(self) -> str:
        spread = f"({_short(min(self.values))}-{_short(max(self.values))})"
        return f"{self.name:<52} {_short(self.value):>8} {spread:<18} {self.gate or '':<26} {self.verdict}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


def take_turns(sides: Mapping[str, Measure], rounds: int = ROUNDS) -> Rounds:
    """Measure every side once a round, in turn; the first, uncounted round warms caches up."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, measure in sides.items():
            gc.collect()
            value = measure()
            if number:
                taken[name].append(value)
    return taken


def ratio(name: str, rounds: Rounds, product: str, reference: str, gate: Gate | None = None) -> Ratio:
    """`product` to `reference`, round by round."""
    pairs = zip(rounds[product], rounds[reference], strict=True)
    return Ratio(name, tuple(ours / theirs for ours, theirs in pairs), gate)


def absolute(name: str, rounds: Rounds, side: str, gate: Gate | None = None) -> Ratio:
    """A plain number beside the ratios: a count, or for orientation on this machine only."""
    return Ratio(name, tuple(rounds[side]), gate)


def sql(name: str, rounds: Rounds, side: str, budget: int) -> Ratio:
    """How many statements, savepoints included, and the most that there may be."""
    return absolute(f"SQL: {name}", rounds, side, at_most(budget, budget, budget))


def size(small: int, full: int) -> int:
    """How much of something, by BENCH_SIZE."""
    return full if IS_FULL else small


def named(count: int) -> str:
    """A size as people write it: 500, 20k, 1M."""
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}k" if count >= 1000 else str(count)


def per_second(work: Callable[[], int], seconds: float = SECONDS) -> Measure:
    """How many a second, for a piece of work that returns how many it did."""

    def measure() -> float:
        started, done = time.perf_counter(), 0
        while (spent := time.perf_counter() - started) < seconds:
            done += work()
        return done / spent

    return measure


def percentile(work: Callable[[], object], percent: int, times: int) -> Measure:
    """The seconds within which `percent` of `times` runs are done."""

    def measure() -> float:
        taken = []
        for _ in range(times):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        return sorted(taken)[min(times - 1, times * percent // 100)]

    return measure

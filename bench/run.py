"""Run the benchmarks and end with a table: `python -m bench.run [NAME ...]`.

Those that need a database get a private PostgreSQL cluster without durability, and stand between two measurements of
the control ratio of two bare views. Where it is off the machine was too noisy to compare anything: the benchmark is
void, repeated once, and otherwise told as void.

Exits 1 when a gate of DEMANDED is missed; the other gates are told. BENCH_GATES=all makes all of them count, and void
ones too. BENCH_SIZE=full takes the published sizes.
"""

import os
import sys
from dataclasses import dataclass
from importlib import import_module

import django

from bench import control
from bench.control import Laboratory
from bench.frame import IS_FULL, Ratio

ARITHMETIC = ("deadline_math",)
"""Need no database and no control."""
ON_DATABASE = (
    "create_ticket", "queue_page", "ticket_detail", "sla_sweep", "routing_throughput", "routing_latency", "memory",
)  # fmt: skip
NAMES = (*ARITHMETIC, *ON_DATABASE)
STEADY = ("memory",)
"""Sizes, which noise does not move: never void."""
DEMANDED = ("deadline_math",)
TRIES = 2


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark came to. Void: too noisy to say anything but counts."""

    name: str
    ratios: list[Ratio]
    is_void: bool = False

    @property
    def missed(self) -> list[str]:
        return [f"{self.name}: {line.name}" for line in self.ratios if line.verdict == "missed"]


def measure(name: str, *here: Laboratory) -> list[Ratio]:
    """The ratios of one benchmark, printed as they come."""
    print(f"\n{name}", flush=True)
    ratios = import_module(f"bench.{name}").measure(*here)
    for line in ratios:
        print("  " + line.line(), flush=True)
    return ratios


def on_database(names: list[str]) -> list[Result]:
    """Measure on a cluster of our own, each benchmark between two controls."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()  # their modules know the models; the work itself is done by other processes
    results = []
    with control.laboratory() as here:
        before = _control(here)
        for name in names:
            for _ in range(TRIES):
                before = before or _control(here)
                ratios, after = measure(name, here), _control(here)
                is_void, before = not ((before and after) or name in STEADY), after
                if not is_void:
                    break
                print("  void: the control ratio is off, this machine is too noisy now", flush=True)
            results.append(Result(name, ratios, is_void))
    return results


def _control(here: Laboratory) -> bool:
    line = control.measure(here)
    print("  " + line.line(), flush=True)
    return control.is_quiet(line)


def main(arguments: list[str]) -> int:
    if unknown := [name for name in arguments if name not in NAMES]:
        print(f"no benchmark called {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    wanted = arguments or list(NAMES)
    print(f"size: {'full' if IS_FULL else 'small (BENCH_SIZE=full takes the published ones)'}")
    print(f"{'':<54} {'median':>8} {'(min-max)':<18} {'gate / target / ambitious':<26} verdict")
    results = [Result(name, measure(name)) for name in wanted if name in ARITHMETIC]
    if names := [name for name in wanted if name in ON_DATABASE]:
        results += on_database(names)
    return _told(results)


def _told(results: list[Result]) -> int:
    """Say what was missed; the exit code."""
    are_all = os.environ.get("BENCH_GATES") == "all"
    void = [result.name for result in results if result.is_void]
    missed = [name for result in results for name in result.missed]
    print(f"\n{len(results)} benchmarks, {len(missed)} gates missed, {len(void)} void")
    for name in [*missed, *(f"{name}: void" for name in void)]:
        print(f"  {name}")
    demanded = [name for result in results if result.name in DEMANDED for name in result.missed]
    return 1 if demanded or (are_all and (missed or void)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

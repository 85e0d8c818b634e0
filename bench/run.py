"""Run the benchmarks and end with a table: `python -m bench.run [NAME ...]`. Exits 1 when a gate is missed.

Those that need a database get a private PostgreSQL cluster without durability, and are void when the control ratio of
two bare views says that the machine was too noisy to compare anything.
"""

import os
import sys
from importlib import import_module

import django

from bench import control
from bench.control import Laboratory
from bench.frame import Ratio

ARITHMETIC = ("deadline_math",)
"""Need no database and no control."""
ON_DATABASE = ("sla_sweep",)
NAMES = (*ARITHMETIC, *ON_DATABASE)
TRIES = 3


def measure(name: str, *here: Laboratory) -> list[Ratio]:
    """The ratios of one benchmark, printed as they come."""
    print(f"\n{name}", flush=True)
    ratios = import_module(f"bench.{name}").measure(*here)
    for line in ratios:
        print("  " + line.line(), flush=True)
    return ratios


def on_database(names: list[str]) -> list[Ratio]:
    """Measure on a cluster of our own; a void run is repeated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()  # their modules know the models; the work itself is done by other processes
    with control.laboratory() as here:
        for _ in range(TRIES):
            before = _control(here)
            ratios = [line for name in names for line in measure(name, here)]
            if before and _control(here):
                return ratios
            print("void: the control ratio is off, the machine is too noisy; again", flush=True)
    raise SystemExit("no quiet run in three: nothing can be said")


def _control(here: Laboratory) -> bool:
    line = control.measure(here)
    print("\n  " + line.line(), flush=True)
    return control.is_quiet(line)


def main(arguments: list[str]) -> int:
    if unknown := [name for name in arguments if name not in NAMES]:
        print(f"no benchmark called {', '.join(unknown)}; there are {', '.join(NAMES)}")
        return 2
    wanted = arguments or list(NAMES)
    print(f"{'':<54} {'median':>8} {'(min-max)':<18} {'gate / target / ambitious':<26}")
    ratios = [line for name in wanted if name in ARITHMETIC for line in measure(name)]
    if names := [name for name in wanted if name in ON_DATABASE]:
        ratios += on_database(names)
    missed = [line.name for line in ratios if line.verdict == "missed"]
    print(f"\n{len(ratios)} ratios, {len(missed)} below their gate" + "".join(f"\n  {name}" for name in missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The random proofs at full size: `python -m tests.prove [NAME ...]`. The tests of `make test`, tried harder."""

import os
import sys
from dataclasses import dataclass, replace

from tests import run
from tests.run import SUITES, Result, Suite

SUITE = {suite.name: suite for suite in SUITES}


@dataclass(frozen=True, slots=True)
class Proof:
    """Which tests, on what, and how much more than in `make check`."""

    name: str
    suite: Suite
    selection: tuple[str, ...]
    proof: int


PROOFS = (
    Proof("businesstime", SUITE["sqlite"], ("tests/duty/test_businesstime.py",), 20),
    Proof("rotation", SUITE["sqlite"], ("tests/duty/test_rotation.py",), 20),
    Proof("clock", SUITE["sqlite"], ("tests/promises/test_clock.py",), 20),
    Proof("routing", SUITE["sqlite"], ("tests/desk/test_routing.py",), 20),
    Proof("money", SUITE["sqlite"], ("tests/billing/test_money.py", "tests/billing/test_postings.py"), 20),
    Proof("worlds", SUITE["sqlite"], ("tests/wall",), 20),
    Proof("races", SUITE["postgres"], ("tests/desk/test_races.py",), 10),
    Proof("tour", SUITE["browser"], ("tests/browser",), 2),
    Proof("chaos", SUITE["postgres"], ("tests/chaos",), 10),
)


def prove(proof: Proof) -> Result:
    """Run one proof, in one process and with nothing beside it."""
    os.environ["PROOF"] = str(proof.proof)
    result = run.run(replace(proof.suite, arguments=()), list(proof.selection))
    return replace(result, suite=proof.name, told=f"PROOF={proof.proof}: {result.told}")


def main(names: list[str]) -> int:
    known = {proof.name: proof for proof in PROOFS}
    if unknown := [name for name in names if name not in known]:
        print(f"no proof called {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    results = [prove(known[name]) for name in names or known]
    print("\n" + run.table(results), flush=True)
    return 1 if any(result.outcome != "passed" for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One setting for how hard the random tests try."""

import os

PROOF = int(os.environ.get("PROOF", "1"))


def examples(n: int) -> int:
    """How many random cases to run where `n` are enough for an ordinary day; PROOF=100 is for a night."""
    return n * PROOF

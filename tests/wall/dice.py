"""The chance of a world: everything random is drawn from seeded streams, one for each level, as it is in life.

References, message ids, sessions, tokens: all of them come from the system's random bytes, so those are replaced. What
one level draws never shifts what another gets, and nothing has to be normalised away before bytes are compared.
"""

import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from notifications.actions import notices


class Dice:
    """Replaces the system's random bytes while a world runs. `level` names the stream that is drawn from."""

    def __init__(self) -> None:
        self._streams: dict[str, random.Random] = {}
        self._level = "nobody"
        self._thread, self._system = threading.get_ident(), os.urandom

    def bytes(self, count: int) -> bytes:
        """From the stream of the level; other threads, which an earlier test may have left, draw from the system."""
        if threading.get_ident() != self._thread:
            return self._system(count)
        return self._streams.setdefault(self._level, random.Random(self._level)).randbytes(count)

    @contextmanager
    def of(self, level: str, *, fresh: bool = False) -> Iterator[None]:
        """Draw from the stream of `level`; `fresh` begins it anew: no channel shifts another."""
        before, self._level = self._level, level
        if fresh:
            self._streams.pop(level, None)
        try:
            yield
        finally:
            self._level = before

    def rows(self, model: type, user: Any, *rest: Any) -> list[Any]:
        """Notices as they are written, with ids from the recipient's own stream: what others are told shifts none."""
        with self.of(f"{self._level}, {model.__name__} to {user.email}"):
            return _rows(model, user, *rest)


_rows = notices._rows


@contextmanager
def rolling() -> Iterator[Dice]:
    """A world's dice in place of the system's."""
    dice, ours = Dice(), (os.urandom, random._urandom)
    os.urandom = random._urandom = dice.bytes
    notices._rows = dice.rows
    try:
        yield dice
    finally:
        os.urandom, random._urandom = ours
        notices._rows = _rows

"""The wall (DESIGN 9): two histories that differ only in what R&D did look the same, byte for byte, from outside."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo import cast
from tests.proof import PROOF, examples
from tests.wall import worlds
from tests.wall.acts import BUSY, CANARY, HISTORIES, Act
from tests.wall.story import PLOTS, Plot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


ORDINARY: dict[str, Any] = {} if PROOF > 1 else {"roles": ("nina",), "sends": False}
"""On an ordinary day everybody looks at one world in which R&D does everything, and Nina, who sends nothing, at those
of other histories; with PROOF everybody looks at all of them."""


@worlds.remembered
def quiet(plot: Plot) -> worlds.Seen:
    """The world in which R&D does nothing at all, as it is seen on an ordinary day."""
    return worlds.play(plot, **ORDINARY)


def test_the_same_world_twice_is_the_same():
    assert worlds.differences(quiet(PLOTS[0]), worlds.play(PLOTS[0], **ORDINARY)) == []


@pytest.mark.parametrize("plot", PLOTS[: examples(1)], ids=str)
def test_a_busy_rnd_cannot_be_told_from_a_quiet_one_and_nothing_names_it(plot):
    """One test, since each of these worlds takes seconds to tell and to look at."""
    busy = worlds.play(plot, BUSY)
    assert worlds.differences(worlds.play(plot), busy) == []
    assert _named_on_pages(busy) == []
    assert _columns_that_name(busy[f"step {worlds.END}: public rows"].decode()) <= {"name", "email"}


def _named_on_pages(seen: worlds.Seen) -> list[tuple[str, str]]:
    """Where something outside names somebody of the house, or holds a word of R&D."""
    people = [one for one in cast.PEOPLE if one.teams]
    words = [CANARY, "KSE-4711", *(one.name for one in people), *(one.email for one in people)]
    told = [(word, name) for name, content in seen.items() for word in words if word.encode() in content]
    return [one for one in told if not one[1].endswith("public rows") and " post " not in one[1]]


def _columns_that_name(rows: str) -> set[str]:
    """The columns of public rows that name somebody of the house: those of the account of a person, and no other."""
    assert CANARY not in rows
    house = [word for one in cast.PEOPLE if one.teams for word in (one.name, one.email)]
    return {line.split('"')[1] for line in rows.splitlines() if any(word in line for word in house)}


@settings(max_examples=examples(3), deadline=None, suppress_health_check=list(HealthCheck))
@given(plot=st.sampled_from(PLOTS[: examples(1)]), history=HISTORIES)
def test_no_history_of_rnd_can_be_told_from_another(plot: Plot, history: list[list[Act]]):
    assert worlds.differences(quiet(plot), worlds.play(plot, history, **ORDINARY)) == []

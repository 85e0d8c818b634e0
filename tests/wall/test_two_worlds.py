"""The wall (DESIGN 9): two histories that differ only in what R&D did look the same, byte for byte, from outside."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo import cast
from tests.proof import examples
from tests.wall import worlds
from tests.wall.acts import BUSY, CANARY, HISTORIES, Act
from tests.wall.story import PLOTS, Plot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


@worlds.remembered
def quiet(plot: Plot) -> worlds.Seen:
    """The world in which R&D does nothing at all."""
    return worlds.play(plot)


@worlds.remembered
def busy(plot: Plot) -> worlds.Seen:
    """The world in which it does everything that it can."""
    return worlds.play(plot, BUSY)


def test_the_same_world_twice_is_the_same():
    assert worlds.differences(quiet(PLOTS[0]), worlds.play(PLOTS[0])) == []


@pytest.mark.parametrize("plot", PLOTS[: examples(1)], ids=str)
def test_a_busy_rnd_cannot_be_told_from_a_quiet_one(plot):
    assert worlds.differences(quiet(plot), busy(plot)) == []


@settings(max_examples=examples(3), deadline=None, suppress_health_check=list(HealthCheck))
@given(plot=st.sampled_from(PLOTS[: examples(1)]), history=HISTORIES)
def test_no_history_of_rnd_can_be_told_from_another(plot: Plot, history: list[list[Act]]):
    assert worlds.differences(quiet(plot), worlds.play(plot, history)) == []


def test_nothing_outside_names_anybody_of_the_house_or_holds_a_word_of_rnd():
    people = [one for one in cast.PEOPLE if one.teams]
    words = [CANARY, "KSE-4711", *(one.name for one in people), *(one.email for one in people)]
    told = [(word, name) for name, content in busy(PLOTS[0]).items() for word in words if word.encode() in content]
    assert [one for one in told if not one[1].endswith("public rows") and " post " not in one[1]] == []


def test_no_public_row_but_the_account_of_a_person_names_anybody_of_the_house():
    rows = busy(PLOTS[0])[f"step {worlds.END}: public rows"].decode()
    assert CANARY not in rows
    lines = [
        line
        for line in rows.splitlines()
        if any(one.name in line or one.email in line for one in cast.PEOPLE if one.teams)
    ]
    assert {line.split('"')[1] for line in lines} <= {"name", "email"}

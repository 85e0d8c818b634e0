"""The wall (DESIGN 9): two histories that differ only in what R&D did look the same, byte for byte, from outside."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.proof import examples
from tests.wall import worlds
from tests.wall.acts import BUSY, HISTORIES, Act
from tests.wall.story import PLOTS, Plot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


@cache
def quiet(plot: Plot) -> worlds.Seen:
    """The world in which R&D does nothing at all."""
    return worlds.play(plot)


def test_the_same_world_twice_is_the_same(stage):
    assert worlds.differences(quiet(PLOTS[0]), worlds.play(PLOTS[0])) == []


@pytest.mark.parametrize("plot", PLOTS, ids=str)
def test_a_busy_rnd_cannot_be_told_from_a_quiet_one(stage, plot):
    assert worlds.differences(quiet(plot), worlds.play(plot, BUSY)) == []


@settings(
    max_examples=examples(3), deadline=None, suppress_health_check=list(HealthCheck), derandomize=examples(1) == 1
)
@given(plot=st.sampled_from(PLOTS), history=HISTORIES)
def test_no_history_of_rnd_can_be_told_from_another(stage, plot: Plot, history: list[list[Act]]):
    assert worlds.differences(quiet(plot), worlds.play(plot, history)) == []

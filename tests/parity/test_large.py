"""Clusters of a thousand firms agree bit for bit over a year, whatever the driver."""

from __future__ import annotations

import pytest

from klastersim import Scenario, simulate
from klastersim.scenario.presets import PRESETS

pytestmark = pytest.mark.slow

FIRMS, MONTHS, SEED = 1_000, 12, 9

ACTIVE = {"ties.trust": 0.85, "start.kind": "cooperating", "market.potential": 80.0}

#: From the second month, with money for every instrument in both channels.
PROGRAMME = {
    "market.potential": 80.0,
    "programme.start": 2,
    "programme.end": 60,
    "programme.channel": "mixed",
    "programme.budget": 6_000.0,
}

ALONE = {"programme.enabled": False}


def run_by_both(preset, changes):
    """The run of the array driver, once the agents driver is seen to end with the same digest."""
    scenario = Scenario.preset(preset).replace({"cluster.firms": FIRMS} | changes)
    arrays = simulate(scenario, MONTHS, SEED)
    assert simulate(scenario, MONTHS, SEED, driver="agents").digest == arrays.digest
    return arrays


def test_a_large_passive_cluster_has_one_digest():
    assert not run_by_both("sentra", ALONE).state.active


def test_a_large_active_cluster_has_one_digest():
    assert run_by_both("sentra", ALONE | ACTIVE).state.active


@pytest.mark.parametrize("start", [{"ties.trust": 0.7}, ACTIVE], ids=["passive", "active"])
def test_a_large_cluster_under_a_programme_of_both_channels_has_one_digest(start):
    run = run_by_both("sentra", PROGRAMME | start)
    came_in = PROGRAMME["programme.budget"] / 12.0 * (MONTHS - 1) / run.world.purses.size
    assert (run.world.purses < came_in).all(), "an instrument in a channel spent nothing"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_made_large_has_one_digest(preset):
    run_by_both(preset, PROGRAMME)

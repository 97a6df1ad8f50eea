"""V3: the spread of cooperation on a random network (Watts 2002)."""

from __future__ import annotations

import numpy as np
import pytest

from tests.verification.runs import agrees, by_cluster, load, many, shares_in

RUNS = 100
MONTHS = 150

#: False alarm of each comparison; there are fewer than 40.
CHANCE = 1e-5

#: Mean degree: share of 100 runs of 2,000 firms with a cascade above 10 % of firms, and its mean size.
CASCADES = {
    0.8: (0.00, None),
    1.2: (0.23, 0.29),
    2.0: (0.80, 0.80),
    3.0: (0.83, 0.94),
    4.0: (0.83, 0.98),
    5.0: (0.74, 0.99),
    5.5: (0.59, None),
    6.0: (0.23, None),
    6.5: (0.06, None),
    8.0: (0.00, None),
}

#: Threshold: window of mean degrees in which cascades are global.
WINDOWS = {
    0.10: (1.00, 13.66),
    0.12: (1.00, 10.66),
    0.15: (1.00, 7.48),
    0.18: (1.02, 5.76),
    0.24: (1.11, 3.86),
    0.25: (1.11, 3.86),
}


def reached(scenario, runs=RUNS):
    """Share of firms that came in, by run; firms without a tie cannot be reached and are not counted."""
    world = many(scenario, runs, MONTHS)
    inside = by_cluster(world, (world.firms["cooperates"] == 1) & (world.firms["links"] > 0))
    return inside.mean(axis=1)


@pytest.mark.parametrize("degree", [0.8, 1.2, 3.0, 6.0])
def test_cascades_are_as_frequent_and_as_large_as_computed(degree):
    frequency, size = CASCADES[degree]
    sizes = reached(load("watts", ties__degree=degree))
    large = sizes[sizes > 0.1]
    assert agrees(len(large), RUNS, frequency, 100, CHANCE)
    if size is not None:
        # 4.5 standard errors, and the rounding of the published mean.
        spread = 4.5 * np.std(large, ddof=1) * np.sqrt(1.0 / len(large) + 1.0 / (100 * frequency)) + 0.005
        assert large.mean() == pytest.approx(size, abs=spread)


@pytest.mark.slow
@pytest.mark.parametrize("degree", [2.0, 4.0, 5.0, 5.5, 6.5, 8.0])
def test_cascades_at_further_degrees_are_as_frequent_as_computed(degree):
    assert agrees(
        int((reached(load("watts", ties__degree=degree)) > 0.1).sum()), RUNS, CASCADES[degree][0], 100, CHANCE
    )


@pytest.mark.parametrize(
    "threshold", [pytest.param(phi, marks=[] if phi > 0.2 else pytest.mark.slow) for phi in WINDOWS]
)
def test_the_window_of_global_cascades_has_the_edges_of_the_theory(threshold):
    # Half-way through the window cascades come in at least 0.5 of runs, so that none in 40 has a chance below 1e-12;
    # far outside, the chance of one in 40 is far below 1e-3 at 2,000 firms.
    low, high = WINDOWS[threshold]
    scenario = load("watts", decision__threshold_mean=threshold)
    inside = reached(scenario.replace({"ties.degree": 0.5 * (low + high)}), 40)
    above = reached(scenario.replace({"ties.degree": 1.6 * high}), 40)
    below = reached(scenario.replace({"ties.degree": 0.6 * low}), 40)
    assert (inside > 0.1).sum() >= 5
    assert (above > 0.1).sum() == 0
    assert (below > 0.1).sum() == 0


def test_firms_that_ask_for_three_tenths_of_their_partners_are_never_brought_in_by_one():
    for degree in (1.5, 2.0, 3.0, 4.0):
        scenario = load("watts", ties__degree=degree, decision__threshold_mean=0.34)
        assert (reached(scenario, 30) > 0.1).sum() == 0


def test_a_firm_without_partners_does_not_follow_anybody():
    world = many(load("watts", ties__degree=1.0, start__held=0), 5, 3)
    assert (world.firms["links"] == 0).any()
    assert shares_in(world).max() == 0.0


def test_partners_who_stay_out_bring_nobody_in():
    world = many(load("watts", start__held=0), 3, 12)
    assert not (np.array(world.firms["cooperates"])[np.array(world.firms["links"]) > 0]).any()

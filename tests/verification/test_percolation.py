"""V4: percolation of the trust network."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

from tests.verification.runs import load, many

#: Mean degree: share of the giant component, S = 1 - exp(-z S).
GIANT = {1.2: 0.3137, 1.5: 0.5828, 2.0: 0.7968, 3.0: 0.9405, 4.0: 0.9802}


def giant_share(degree):
    if degree <= 1.0:
        return 0.0
    return optimize.brentq(lambda s: s - 1.0 + np.exp(-degree * s), 1e-6, 1.0)


def largest_groups(scenario, runs):
    world = many(scenario, runs, 1)
    return np.array(world.series["largest_group"][:, 0]) / scenario["cluster.firms"]


@pytest.mark.parametrize(("degree", "share"), GIANT.items())
def test_the_largest_group_is_the_giant_component(degree, share):
    # Standard error of 20 runs at z = 1.2: 0.006, at z >= 1.5: at most 0.003; false alarm below 1e-4 each.
    runs = 20
    mean = largest_groups(load("percolation", ties__degree=degree), runs).mean()
    assert giant_share(degree) == pytest.approx(share, abs=5e-5)
    assert mean == pytest.approx(share, abs=0.025 if degree == 1.2 else 0.012 if degree == 1.5 else 0.01)


@pytest.mark.parametrize("degree", [0.5, 0.8])
def test_below_one_tie_per_firm_no_group_is_large(degree):
    # Largest of 10,000 firms: about ln(N) / (z - 1 - ln z), 220 at most for z = 0.8.
    assert largest_groups(load("percolation", ties__degree=degree), 10).max() < 0.03


@pytest.mark.parametrize(("degree", "threshold"), [(8.0, 0.6), (6.0, 0.5), (10.0, 0.65), (4.0, 0.65)])
def test_trust_thins_the_network_to_the_ties_that_reach_the_threshold(degree, threshold):
    # Trust is Beta(5, 5): mean 0.5, concentration 10.
    effective = degree * stats.beta.sf(threshold, 5.0, 5.0)
    scenario = load("percolation", ties__degree=degree, groups__trust=threshold)
    mean = largest_groups(scenario, 15).mean()
    assert abs(effective - 1.0) > 0.3
    assert mean == pytest.approx(giant_share(effective), abs=0.012 if effective > 1.0 else 0.03)


def test_a_tie_whose_trust_is_just_the_threshold_qualifies():
    scenario = load("percolation", cluster__firms=500, groups__maximum=500, ties__degree=20.0, ties__trust=1.0)
    assert largest_groups(scenario.replace({"groups.trust": 1.0}), 3).min() == 1.0

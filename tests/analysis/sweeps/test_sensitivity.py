"""Elementary effects and Sobol indices of functions for which they are known."""

import math

import numpy as np
import pytest

from klastersim.analysis.sweeps.elementary import elementary_effects
from klastersim.analysis.sweeps.response import growing
from klastersim.analysis.sweeps.variance import variance_indices
from klastersim.lab.design import Axis
from tests.analysis.sweeps.made import at_places, outcomes, sampled

TRUST = Axis("ties.trust", (0.0, 1.0), "linear", "")
POTENTIAL = Axis("market.potential", (1.0, 16.0), "log", "")
FIRMS = Axis("cluster.quality", (0.0, 1.0), "linear", "")


def test_the_elementary_effects_of_a_line_are_its_slopes_over_the_whole_range() -> None:
    each = sampled("morris", (TRUST, POTENTIAL, FIRMS), trajectories=16, levels=4, seed=3)
    values = at_places(each, lambda row: 0.5 * row["ties.trust"] + 0.1 * math.log(row["market.potential"], 2))
    found = elementary_effects(outcomes(each, active=values), "active", 0)
    assert found.estimates["ties.trust"].value == pytest.approx(0.5)
    assert found.estimates["market.potential"].value == pytest.approx(0.4)
    assert found.estimates["cluster.quality"].value == pytest.approx(0.0, abs=1e-12)
    assert found.data.keys[0] == "ties.trust"
    assert found.data.second["ties.trust"].value == pytest.approx(0.0, abs=1e-9), "a line has one slope"
    assert "1 of 3 cannot be told from none: cluster.quality." in found.sentences


def test_an_interaction_spreads_elementary_effects() -> None:
    each = sampled("morris", (TRUST, FIRMS), trajectories=32, levels=4, seed=3)
    values = at_places(each, lambda row: row["ties.trust"] * row["cluster.quality"])
    found = elementary_effects(outcomes(each, active=values), "active", 0)
    assert found.data.second["ties.trust"].value > 0.2


def test_trajectories_in_which_a_point_failed_are_left_out_whole() -> None:
    each = sampled("morris", (TRUST, FIRMS), trajectories=16, levels=4, seed=3)
    values = at_places(each, lambda row: 0.5 * row["ties.trust"])
    values[0, 4] = np.nan
    found = elementary_effects(outcomes(each, active=values), "active", 0)
    assert found.data.sizes[-1] == 15
    assert found.estimates["ties.trust"].value == pytest.approx(0.5)


def test_sobol_indices_of_a_sum_are_its_shares_of_the_variance_and_converge() -> None:
    each = sampled("sobol_indices", (TRUST, FIRMS, POTENTIAL), samples=512, seed=1, second_order=False)
    values = at_places(each, lambda row: 2.0 * row["ties.trust"] + row["cluster.quality"])
    found = variance_indices(outcomes(each, active=values), "active", 0)
    assert found.estimates["ties.trust"].value == pytest.approx(0.8, abs=0.05)
    assert found.data.second["cluster.quality"].value == pytest.approx(0.2, abs=0.05)
    assert found.estimates["market.potential"].value == pytest.approx(0.0, abs=1e-9)
    assert found.data.sizes == [16, 32, 64, 128, 256, 512]
    assert len(found.data.path["ties.trust"]) == 6


def test_a_product_is_told_by_the_pair() -> None:
    each = sampled("sobol_indices", (TRUST, FIRMS), samples=256, seed=1, second_order=True)
    values = at_places(each, lambda row: (row["ties.trust"] - 0.5) * (row["cluster.quality"] - 0.5))
    found = variance_indices(outcomes(each, active=values), "active", 0)
    assert found.data.second["ties.trust"].value == pytest.approx(0.0, abs=0.1)
    assert any(
        line.startswith("Together beyond themselves: ties.trust with cluster.quality") for line in found.sentences
    )


def test_without_variance_nothing_is_identified() -> None:
    each = sampled("sobol_indices", (TRUST, FIRMS), samples=16, seed=1, second_order=False)
    found = variance_indices(outcomes(each, active=at_places(each, lambda row: 0.0)), "active", 0)
    assert found.estimates == {}
    assert found.sentences[0].startswith("Not identified: P(active) is 0.000 at all points")


def test_chance_in_the_means_is_told() -> None:
    """Half of the variance between points is chance where their means have the variance of what is drawn."""
    each = sampled("sobol_indices", (TRUST,), samples=512, seed=1, second_order=False)
    values = at_places(each, lambda row: row["ties.trust"], 4)
    values += np.random.default_rng(1).normal(scale=(4 / 12) ** 0.5, size=values.shape)
    found = variance_indices(outcomes(each, active=values), "active", 0)
    line = next(line for line in found.sentences if "is chance left in their means" in line)
    assert 43 <= int(line.split("%")[0]) <= 57


@pytest.mark.parametrize(("most", "sizes"), [(1, [1]), (8, [4, 8]), (100, [6, 12, 25, 50, 100])])
def test_convergence_is_shown_over_sizes_that_double(most: int, sizes: list[int]) -> None:
    assert growing(most) == sizes

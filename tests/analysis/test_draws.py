"""Draws from what the evidence leaves open."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.analysis.patterns import draws
from klastersim.scenario import PARAMETERS
from klastersim.scenario.ranges import value_at


def test_each_column_of_a_latin_hypercube_has_one_point_in_each_part():
    names = [f"parameter {k}" for k in range(7)]
    points = draws.latin_hypercube(50, names, seed=1)
    assert (np.sort((points * 50).astype(int), axis=0) == np.arange(50)[:, None]).all()
    assert not np.array_equal(points, draws.latin_hypercube(50, names, seed=2))


def test_one_more_parameter_leaves_the_draws_of_the_others_as_they_are():
    before, after = (draws.latin_hypercube(9, names, seed=1) for names in (["a", "c"], ["a", "b", "c"]))
    assert np.array_equal(before, after[:, [0, 2]])
    assert not np.array_equal(after[:, 0], after[:, 1])


def test_what_a_policy_chooses_is_not_drawn_and_what_has_a_range_is():
    keys = {each.key for each in draws.varied()}
    assert {"decision.trust", "market.potential", "cluster.firms", "prices.search"} <= keys
    assert not keys & {"programme.budget", "programme.group_size", "ties.kind"}


@pytest.mark.parametrize("parameter", draws.varied(), ids=lambda each: each.key)
def test_a_drawn_value_lies_in_its_range_and_has_its_type(parameter):
    values = [value_at(parameter, share) for share in (0.0, 0.3, 0.5, 0.999999)]
    low, high = parameter.range
    assert all(low <= value <= high for value in values)
    assert values == sorted(values)
    assert all(parameter.check(value, "draw") == value for value in values)


def test_a_range_over_decades_is_drawn_by_its_logarithm():
    linkage = next(each for each in PARAMETERS if each.key == "market.linkage")
    low, high = linkage.range
    assert value_at(linkage, 0.5) == pytest.approx((low * high) ** 0.5)


def test_every_draw_is_a_scenario():
    sentra = Scenario.preset("sentra")
    found = draws.drawn()
    assert len(found) == draws.DRAWS
    for changes in found:
        assert sentra.replace(changes)["cluster.micro_share"] == changes["cluster.micro_share"]
    assert found == draws.drawn()


def test_draws_that_contradict_themselves_are_mended():
    changes = {
        "cluster.micro_share": 0.9,
        "cluster.small_share": 0.3,
        "orders.low_weeks": 12.0,
        "cluster.workers": 16.5,
        "local.price": 5.4,
        "orders.high_value": 250.0,
    }
    mended = draws.consistent(changes)
    assert mended["cluster.small_share"] == pytest.approx(0.1)
    assert Scenario.preset("sentra").replace(mended)["orders.high_value"] > 250.0

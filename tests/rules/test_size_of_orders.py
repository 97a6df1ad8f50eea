"""R7: one factor makes all orders larger or smaller and leaves their spread, number and price."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.world.build import build

SENTRA = Scenario.preset("sentra")


def opening(**changes):
    return build([SENTRA.replace({key.replace("__", "."): value for key, value in changes.items()})], [1]).clusters[0]


@pytest.mark.parametrize("size", [0.25, 0.5, 3.0])
@pytest.mark.parametrize("basis", ["output", "whole"])
def test_all_volumes_are_multiplied_and_prices_stay(size, basis):
    usual, sized = opening(orders__premium_on=basis), opening(orders__premium_on=basis, orders__size=size)
    assert sized.order_log_mean - usual.order_log_mean == pytest.approx(math.log(size))
    assert sized.order_log_spread == pytest.approx(usual.order_log_spread)
    assert sized.order_price == usual.order_price


def test_it_is_the_two_quantiles_multiplied_alike():
    twice = opening(orders__size=2.0)
    by_hand = opening(orders__low_weeks=22.0, orders__high_value=1000.0)
    assert (twice.order_log_mean, twice.order_log_spread) == (by_hand.order_log_mean, by_hand.order_log_spread)


def test_small_orders_are_filled_more_often_and_as_many_arrive():
    runs = [[simulate(SENTRA.replace({"orders.size": size, "programme.enabled": False}), 60, seed).measures
             for seed in range(1, 9)] for size in (0.1, 1.0)]  # fmt: skip
    potential, taken = (
        [float(np.mean([run[name].sum() for run in of_size])) for of_size in runs] for name in ("potential", "taken")
    )
    assert potential[0] == pytest.approx(potential[1])
    assert taken[0] > 1.5 * taken[1]

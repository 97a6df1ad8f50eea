"""R1: one ratio in place of the price list says what serving a firm in a group costs, over serving it alone."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.measuring import open_month
from klastersim.engine.purses import EQUIPMENT, FINANCE, INDIVIDUAL, TOGETHER, TRAINING, TRUST
from klastersim.engine.run import scratch_for
from klastersim.engine.visiting import cheapest_visit, cost_of_visit
from klastersim.rules.programme import visit_cost, visit_cost_at_ratio
from klastersim.world.build import build

SENTRA = Scenario.preset("sentra")

#: Nothing but prices tells the channels apart, and money reaches a part of the firms each month.
ALIKE = {
    "programme.meetings_build_trust": False,
    "programme.spread_loss": False,
    "programme.self_organisation": False,
    "groups.enabled": False,
    "programme.group_size": 5,
    "programme.arrears": 0.0,
    "programme.budget": 60.0,
}


def opened(**changes):
    """Return (world whose first month is open, scratch with firms 0 to 9 as candidates)."""
    world = build([SENTRA.replace({key.replace("__", "."): value for key, value in changes.items()})], [1])
    open_month(world, 0, 1)
    scratch = scratch_for(world)
    for k in range(10):
        scratch.candidates[k].firm = k
    return world, scratch


def test_at_a_ratio_of_one_a_group_costs_what_its_members_cost_one_by_one():
    alone = [visit_cost(1, new, 0.2, 0.5, 0.1, 0.1, 0.3, False) for new in (1, 1, 0, 0, 0)]
    assert visit_cost_at_ratio(5, 1, 2, 0.2, 0.1, 0.1, 0.3, 1.0) == pytest.approx(sum(alone))
    pairs = [visit_cost(2, 1, 0.2, 0.5, 0.1, 0.1, 0.2, False) for _ in range(3)]
    assert visit_cost_at_ratio(6, 2, 3, 0.2, 0.1, 0.1, 0.2, 1.0) == pytest.approx(sum(pairs))
    assert visit_cost_at_ratio(6, 2, 3, 0.2, 0.1, 0.1, 0.2, 0.25) == pytest.approx(0.25 * sum(pairs))


@pytest.mark.parametrize("own_word", [True, False])
@pytest.mark.parametrize("instrument", [TRAINING, FINANCE, TRUST, EQUIPMENT])
def test_a_group_costs_the_ratio_of_what_its_members_cost_alone(instrument, own_word):
    world, scratch = opened(prices__group_ratio=0.4, programme__self_organisation=own_word)
    at_once = 2 if instrument == TRUST else 1
    alone = 0.0
    for k in range(0, 10, at_once):
        for j in range(at_once):
            scratch.candidates[j].firm = k + j
        alone += cost_of_visit(world, scratch, 0, instrument, INDIVIDUAL, at_once)
    for k in range(10):
        scratch.candidates[k].firm = k
    assert cost_of_visit(world, scratch, 0, instrument, TOGETHER, 10) == pytest.approx(0.4 * alone)


def test_who_comes_alone_in_the_group_channel_is_served_alone():
    world, scratch = opened(prices__group_ratio=0.4)
    alone = cost_of_visit(world, scratch, 0, TRAINING, INDIVIDUAL, 1)
    assert cost_of_visit(world, scratch, 0, TRAINING, TOGETHER, 1) == alone


@pytest.mark.parametrize("ratio", [0.0, 0.1, 0.4, 1.0, 3.0])
@pytest.mark.parametrize("instrument", [TRAINING, FINANCE, TRUST])
def test_no_visit_costs_less_than_the_cheapest(instrument, ratio):
    world, scratch = opened(prices__group_ratio=ratio)
    world.firms["supported"] = 1
    for channel in (INDIVIDUAL, TOGETHER):
        least = cheapest_visit(world.params[0], instrument, channel)
        costs = [cost_of_visit(world, scratch, 0, instrument, channel, count) for count in range(1, 11)]
        assert least <= min(costs) + 1e-12


def test_single_firms_do_not_notice_the_ratio():
    changed = SENTRA.replace({"programme.channel": "individual", "programme.budget": 300.0})
    assert simulate(changed, 60).digest == simulate(changed.replace({"prices.group_ratio": 0.3}), 60).digest


def days_given(channel, ratio, instrument, search=0.2):
    """Owners' days worth, mean over seeds: how many firms were served."""
    parts = {f"mix.{name}": float(name == instrument) for name in ("training", "finance", "market", "trust")}
    changes = {**ALIKE, **parts, "programme.channel": channel, "prices.group_ratio": ratio,
               "prices.search": search}  # fmt: skip
    runs = [simulate(SENTRA.replace(changes), 84, seed).measures for seed in range(1, 13)]
    return float(np.mean([(run["social_cost"] - run["public_cost"]).sum() for run in runs]))


@pytest.mark.parametrize("instrument", ["training", "trust"])
def test_the_same_money_serves_as_many_firms_at_equal_unit_cost_by_the_listed_prices(instrument):
    """Search, trainer and facilitator included; none of them has to be set to 0."""
    assert days_given("group", 1.0, instrument) == pytest.approx(days_given("individual", 0.0, instrument), rel=0.02)


@pytest.mark.parametrize("ratio", [0.5, 2.0])
@pytest.mark.parametrize("instrument", ["training", "trust"])
def test_once_all_are_found_the_same_money_serves_so_many_times_as_many(instrument, ratio):
    single = days_given("individual", 0.0, instrument, search=0.0)
    assert days_given("group", ratio, instrument, search=0.0) * ratio == pytest.approx(single, rel=0.03)

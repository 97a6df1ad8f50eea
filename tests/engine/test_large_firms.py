"""Unequal buyers and principals: draws, switches, money, what they change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.compiled import purposes, two
from klastersim.engine.run import advance
from klastersim.rules.buyers import deducted, drawn_factor, drawn_schedule
from klastersim.world.build import build
from klastersim.world.layout import DEFAULT
from tests.engine.test_bargaining import busy, orders_of

#: Two of three large firms are principals, and nobody else buys.
FOSTERED = {
    "principals.enabled": True,
    "principals.number": 2,
    "market.large_firms": 3,
    "market.traders": 0,
    "market.trader_share": 0.0,
}


def fostered(**changes):
    return busy(**changes).replace(FOSTERED)


def parts_of(world, order):
    room = int(world.clusters["part_room"][0])
    return world.parts[np.arange(int(order.first_part), int(order.first_part) + int(order.parts)) % room]


@given(st.floats(1e-9, 1.0 - 1e-9), st.floats(0.0, 2.0))
def test_a_factor_is_lognormal_with_median_one(chance, spread):
    assert drawn_factor(chance, spread) == pytest.approx(stats.lognorm(max(spread, 1e-12)).ppf(chance), rel=1e-6)
    assert drawn_factor(chance, 0.0) == 1.0


@given(st.floats(1e-9, 1.0 - 1e-9), st.integers(1, 12), st.floats(0.0, 2.0))
def test_a_schedule_is_of_whole_months_and_the_usual_one_without_spread(chance, months, spread):
    found = drawn_schedule(chance, months, spread)
    assert 1 <= found <= 10 * months
    assert abs(found - months * drawn_factor(chance, spread)) <= 0.5 + 1e-9 or found in (1, 10 * months)
    assert drawn_schedule(chance, months, 0.0) == months


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_principal_keeps_back_what_it_is_owed_as_far_as_the_income_goes(income, owed):
    assert deducted(income, owed) == min(income, owed)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**40), large=st.integers(1, 6), traders=st.integers(1, 4))
def test_what_unequal_buyers_place_adds_up_to_what_their_kind_does(seed, large, traders):
    scenario = busy(buyers__unequal=True, market__large_firms=large, market__traders=traders, market__trader_share=0.3)
    share = np.asarray(build([scenario], [seed]).buyers["share"][0])
    assert share[:large].sum() == pytest.approx(0.7)
    assert share[large:].sum() == pytest.approx(0.3)
    rates = [two(seed, 0, purposes.OPEN_BUYER, 0, number, 0)[0] for number in range(large)]
    assert np.argsort(share[:large]).tolist() == np.argsort(rates).tolist()


def test_buyers_without_spread_are_equal_buyers_bit_for_bit():
    names = ("rate", "volume", "quality", "schedule", "ceiling")
    equal = busy(bargaining__enabled=True)
    spread = equal.replace({"buyers.unequal": True} | {f"buyers.{name}_spread": 0.0 for name in names})
    assert simulate(spread, 40, 4).digest == simulate(equal, 40, 4).digest


@pytest.mark.parametrize("name", ["rate", "volume", "quality", "schedule", "ceiling"])
def test_each_spread_spreads_its_own_and_no_other(name):
    names = ("rate", "volume", "quality", "schedule", "ceiling")
    none = {"buyers.unequal": True} | {f"buyers.{other}_spread": 0.0 for other in names}
    fields = dict(zip(names, ("share", "volume", "quality", "schedule", "ceiling"), strict=True))
    kinds = {"market.large_firms": 30, "market.traders": 0, "market.trader_share": 0.0}
    found = {}
    for spread in (0.2, 0.8):
        scenario = busy().replace({**none, **kinds, f"buyers.{name}_spread": spread})
        buyers = build([scenario], [1]).buyers[0]
        for other, field in fields.items():
            found[other, spread] = float(np.std(buyers[field]))
    assert all((found[other, spread] > 1e-9) == (other == name) for other, spread in found)
    assert found[name, 0.8] > found[name, 0.2]


def test_each_order_follows_its_buyers_schedule():
    world = advance(build([busy(buyers__unequal=True, buyers__schedule_spread=0.8)], [3]), 12)
    orders = orders_of(world)
    months = np.asarray(orders["due"]) - np.asarray(orders["accepted"])
    assert months.tolist() == np.asarray(world.buyers["schedule"])[0][np.asarray(orders["buyer"])].tolist()
    assert len(set(months.tolist())) > 1


def test_principals_that_give_nothing_and_want_nobody_are_buyers_like_others():
    nothing = {"principals.prefinance": 0.0, "principals.dose": 0.0, "principals.technician": 0.0}
    scenario = fostered().replace({**nothing, "principals.exclusive": False, "contracts.enabled": True})
    off = scenario.replace({"principals.enabled": False})
    assert simulate(scenario, 40, 4).digest == simulate(off, 40, 4).digest
    nobody = fostered().replace({"principals.number": 0})
    assert simulate(nobody, 40, 4).digest == simulate(off, 40, 4).digest


def test_advances_outstanding_are_those_of_the_orders_under_way_and_only_of_principals():
    world, seen = build([fostered()], [4]), 0
    for month in range(1, 19):
        world = advance(world, month)
        owed = np.zeros(3)
        for order in orders_of(world):
            parts = parts_of(world, order)
            advanced = np.asarray(parts["advance"])
            expected = 0.5 * np.asarray(parts["volume"]) * float(world.clusters["input_price"][0])
            assert advanced == pytest.approx(expected * (order.buyer < 2))
            # Who failed or was on time is settled on the first day of payment, who was late a month later.
            settled = month >= order.due + 2
            late = month < order.due + 3
            owed[order.buyer] += sum(
                float(part.advance) for part in parts if not settled or (part.outcome == 2 and late)
            )
            seen += len(parts)
        assert np.asarray(world.buyers["advanced"])[0] == pytest.approx(owed, abs=1e-9)
    assert seen > 20


def test_a_principal_loses_what_it_advanced_to_those_who_never_deliver():
    scenario = fostered(orders__default_rate=0.25, orders__late_rate=0.0, orders__failed_discount=0.0)
    world, lost, months = build([scenario], [5]), 0.0, 18
    for month in range(1, months + 1):
        for order in orders_of(world):
            # Orders are settled two months after the schedule of three.
            if month == order.due + 2:
                parts = parts_of(world, order)
                never = np.asarray(parts["outcome"]) == DEFAULT
                lost += float(np.asarray(parts["advance"])[never].sum()) * (1.0 + 0.145 * 5.0 / 12.0)
        world = advance(world, month)
    assert lost > 0.0
    assert float(np.asarray(world.buyers["lost"])[0].sum()) == pytest.approx(lost)


def test_more_prefinance_never_lets_fewer_first_orders_be_paid_for():
    poor = {"finance.working_capital": 0.15, "finance.credit": False}
    worlds = [
        advance(build([fostered().replace({**poor, "principals.prefinance": much})] * 12, range(12)), 2)
        for much in (0.0, 0.5, 0.9)
    ]
    financed = [np.asarray(world.series["financed"])[:, 0] for world in worlds]
    assert (financed[0] <= financed[1]).all()
    assert (financed[1] <= financed[2]).all()
    assert financed[2].sum() > financed[0].sum()


def test_the_prefinanced_share_is_that_of_the_orders_of_principals():
    run = simulate(fostered(), 30, 4)
    assert 0.0 < run.series["prefinanced"].iloc[-1] < 0.5
    assert simulate(busy(), 12, 4).series["prefinanced"].max() == 0.0


def test_technicians_raise_quality_only_of_those_who_can_follow():
    still = {"learning.quality_spill": 0.0, "learning.quality_drift": 0.0}
    band = fostered(learning__absorptive_band=1e-6, orders__subcontracting=False, groups__enabled=False)
    alone = band.replace({**still, "learning.absorptive_band": 1e-6})
    group = fostered(orders__single=False, orders__subcontracting=False).replace(
        {**still, "learning.absorptive_band": 1e-6}
    )
    for scenario, learns in ((alone, True), (group, False), (group.replace({"learning.absorptive_band": 0.4}), True)):
        opening = build([scenario], [4])
        world = advance(build([scenario], [4]), 18)
        rise = np.asarray(world.firms["quality"]) - np.asarray(opening.firms["quality"])
        assert float(world.series["taken"].sum()) > 3.0
        assert (rise >= 0.0).all()
        # A pupil alone is its own mean; members of a group differ.
        assert (rise.max() > 1e-6) == learns


def test_work_that_one_firm_does_for_a_principal_is_no_collective_act():
    run = simulate(fostered(orders__subcontracting=False, groups__enabled=False), 30, 4)
    assert run.series["delivered"].sum() > 5.0
    assert run.series["acting"].max() == 0.0


def test_a_principal_wants_the_best_firm_whatever_its_share_of_the_orders():
    scenario = fostered(contracts__enabled=True, contracts__rate=1.0, contracts__dominance=1.0, decision__enabled=False)
    world = advance(build([scenario], [4]), 8)
    bound = np.asarray(world.firms["contract_end"]) > 0
    assert bound.any()
    assert set(np.asarray(world.firms["contract_buyer"])[bound].tolist()) <= {0, 1}
    other = advance(build([scenario.replace({"principals.exclusive": False})], [4]), 8)
    assert not (np.asarray(other.firms["contract_end"]) > 0).any()


def test_the_presets_have_neither_bargaining_nor_unequal_buyers_nor_principals():
    scenario = Scenario.preset("sentra")
    keys = ("bargaining.enabled", "contracts.enabled", "buyers.unequal", "principals.enabled", "traders.enabled")
    assert not any(scenario[key] for key in keys)

"""Traders who carry orders to single firms: reach, margin, memory, switches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klastersim import simulate
from klastersim.analysis.patterns.balance import money
from klastersim.engine.run import advance, scratch_for
from klastersim.engine.takers import list_takers
from klastersim.rules.buyers import reach_through
from klastersim.world.build import build
from klastersim.world.layout import SINGLE
from tests.engine.test_bargaining import busy, orders_of

#: Firms alone, known to traders who know large firms well.
CARRIED = {
    "traders.enabled": True,
    "decision.enabled": False,
    "market.trader_linkage": 0.9,
    "market.linkage": 0.0,
    "market.trader_share": 0.2,
    "orders.low_weeks": 2.0,
}


def carried(**changes):
    return busy(**changes).replace(CARRIED)


def known_to_traders(scenario, seed, months=0, relation=0.5):
    """A world in which every firm has a relation with every trader, and with no large firm."""
    world = build([scenario], [seed])
    world.relations[:, int(scenario["market.large_firms"]) :] = relation
    return advance(world, months) if months else world


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_firm_has_a_share_of_its_traders_reach(relation, reach):
    assert reach_through(relation, reach) == pytest.approx(relation * reach)
    assert reach_through(relation, reach) <= reach


def test_orders_of_large_firms_reach_firms_through_traders_by_the_product_of_relations():
    world = known_to_traders(carried(), 1, relation=0.5)
    scratch = scratch_for(world)
    list_takers(world, scratch, 0)
    # Twenty firms, each by the larger of nothing and 0.5 times 0.9.
    assert np.asarray(scratch.buyers["reach"])[:4] == pytest.approx(1.0 - (1.0 - 0.45) ** 20)
    assert np.asarray(scratch.buyers["reach"])[4:6] == pytest.approx(1.0 - 0.5**20)


def test_without_traders_who_carry_large_firms_find_nobody_they_do_not_know():
    world = known_to_traders(carried().replace({"traders.enabled": False, "relations.rise": 0.0}), 1, 12)
    assert (np.asarray(orders_of(world)["buyer"]) >= 4).all()
    assert len(orders_of(world)) > 0


def test_a_carried_order_pays_the_firm_the_floor_and_the_trader_its_markup():
    world = known_to_traders(carried(), 1, 6)
    orders = orders_of(world)
    through = np.asarray(orders["carried"]) == 1
    floor = float(world.clusters["order_price"][0])
    assert through.sum() > 3
    assert (np.asarray(orders["taker"])[through] == SINGLE).all()
    assert (np.asarray(orders["buyer"])[through] < 4).all()
    assert np.asarray(orders["price"]) == pytest.approx(floor)
    assert np.asarray(orders["margin"])[through] == pytest.approx(0.15 * floor)
    assert (np.asarray(orders["margin"])[~through] == 0.0).all()


def test_a_bargaining_trader_keeps_what_it_bargains_above_the_floor():
    still = {"relations.enabled": False, "bargaining.enabled": True}
    world = known_to_traders(carried().replace(still), 1, 6)
    orders = orders_of(world)
    through = orders[np.asarray(orders["carried"]) == 1]
    floor, ceiling = float(world.clusters["order_price"][0]), float(world.buyers["ceiling"][0, 0])
    # It reaches three other large firms like this one by 0.9, and half the workers of a quarter of the suppliers.
    others, supply = 3.0 * 0.9, 0.5 / 4.0
    weight = others / (others + (1.0 - supply) / supply)
    assert len(through) > 3
    assert np.asarray(through["price"]) == pytest.approx(floor)
    assert np.asarray(through["margin"]) == pytest.approx(weight * (ceiling - floor))


def test_what_traders_earn_is_the_margin_on_what_arrived_and_balances():
    scenario = carried(orders__late_rate=0.4)
    world = known_to_traders(scenario, 2)
    opening, expected = float(money(world)[0]), 0.0
    room = int(world.clusters["part_room"][0])
    for month in range(1, 16):
        for order in orders_of(world):
            for k in range(int(order.first_part), int(order.first_part) + int(order.parts)):
                part = world.parts[k % int(world.clusters["part_room"][0])]
                if month == order.due + 2 + (part.outcome == 2) and part.outcome in (1, 2):
                    expected += float(order.margin) * float(part.income) / float(order.price)
        world = advance(world, month)
        assert float(money(world)[0]) == pytest.approx(opening, rel=1e-9)
    assert room > 0
    assert expected > 0.0
    assert float(world.clusters["traders_account"][0]) == pytest.approx(expected)
    assert np.asarray(world.buyers["earned"])[0].sum() == pytest.approx(expected)


def test_a_large_firm_remembers_the_trader_and_not_the_firm():
    scenario = carried(market__trader_share=0.0, relations__decay=0.0)
    world = known_to_traders(scenario, 3, 14)
    assert float(world.series["delivered"].sum()) > 2.0
    relations = np.asarray(world.relations)
    assert (relations[:, :4] == 0.0).all()
    assert (relations[:, 4:] != 0.5).any()
    assert (np.asarray(world.trader_relations) != 0.9).any()


def test_who_has_a_better_relation_of_its_own_is_carried_by_nobody():
    world = build([carried()], [1])
    world.relations[:] = 0.95
    world = advance(world, 4)
    assert len(orders_of(world)) > 3
    assert not np.asarray(orders_of(world)["carried"]).any()


def test_traders_without_relations_to_large_firms_carry_nothing():
    scenario = busy(market__trader_linkage=0.0, decision__enabled=False)
    on = scenario.replace({"traders.enabled": True})
    assert simulate(on, 30, 2).digest == simulate(scenario, 30, 2).digest


def test_joint_takers_are_never_carried():
    scenario = busy(orders__single=False, market__trader_linkage=1.0)
    on = scenario.replace({"traders.enabled": True})
    assert simulate(on, 30, 2).digest == simulate(scenario, 30, 2).digest


def test_the_traders_margin_is_a_share_of_what_buyers_pay():
    run = simulate(carried(market__linkage=0.2).replace({"market.linkage": 0.2, "relations.rise": 0.5}), 40, 2)
    margin = run.series["trader_margin"]
    assert margin.max() > 0.0
    assert margin.max() <= 0.15 / 1.15 + 1e-12
    assert simulate(busy(), 12, 2).series["trader_margin"].max() == 0.0


def test_a_trader_who_has_left_carries_nothing():
    leaving = [{"kind": "buyer_leaves", "month": 1, "buyer": buyer} for buyer in (4, 5)]
    stays, left = (
        orders_of(known_to_traders(each, 1, 6)) for each in (carried(), carried().replace({"events": leaving}))
    )
    assert (np.asarray(stays["carried"]) == 1).any()
    assert len(left) == 0, "nobody else knows the firms"

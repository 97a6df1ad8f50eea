"""Bargaining and bilateral contracts in whole months: limits, directions, switches."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.agents import ClusterModel
from klastersim.engine.offering import take_orders
from klastersim.engine.run import advance
from klastersim.world.build import build
from klastersim.world.layout import GROUP, SINGLE
from tests.engine.plain import midmonth

BUSY = {
    "cluster.firms": 20,
    "ties.trust": 0.8,
    "start.kind": "cooperating",
    "market.potential": 12.0,
    "market.linkage": 0.2,
    "orders.low_weeks": 3.0,
    "orders.high_value": 150.0,
    "programme.enabled": False,
}

#: One large firm is the only buyer, and takes the best firm it knows whenever it can.
DOMINANT = {
    "market.large_firms": 1,
    "market.traders": 0,
    "market.trader_share": 0.0,
    "contracts.enabled": True,
    "contracts.rate": 1.0,
}


def busy(**changes):
    changed = {key.replace("__", "."): value for key, value in changes.items()}
    return Scenario.preset("sentra").replace({**BUSY, **changed})


def bargain(**changes):
    return busy(bargaining__enabled=True, **changes)


def orders_of(world):
    cluster = world.clusters[0]
    held = np.arange(int(cluster.oldest_order), int(cluster.next_order)) % int(cluster.order_room)
    return world.orders[held]


def after(scenario, months=8, seed=2):
    return advance(build([scenario], [seed]), months)


def test_with_one_buyer_every_order_is_paid_the_floor():
    run = simulate(bargain(market__large_firms=1, market__traders=0, market__trader_share=0.0), 24, 2)
    assert run.series["delivered"].sum() > 5
    assert set(run.series["bargaining"]) == {1.0}


def test_a_group_of_all_firms_without_rivals_gets_the_ceiling():
    everybody = {"ties.kind": "all", "groups.maximum": 20, "decision.intercept": 50.0, "bargaining.outside_supply": 0.0}
    world = after(bargain().replace(everybody))
    orders = orders_of(world)
    of_group = np.asarray(orders["taker"]) == GROUP
    assert of_group.sum() > 3
    assert np.asarray(orders["price"])[of_group] == pytest.approx(float(world.buyers["ceiling"][0, 0]))


def test_prices_lie_between_floor_and_ceiling_and_groups_get_more_than_single_firms():
    # Firms of one size, since a large one is worth a small group.
    scenario = bargain(cluster__sizes="equal", cluster__workers=9.0, groups__maximum=9)
    worlds = [after(scenario, seed=seed) for seed in range(4)]
    prices = np.concatenate([orders_of(world)["price"] for world in worlds])
    kinds = np.concatenate([orders_of(world)["taker"] for world in worlds])
    floor, ceiling = float(worlds[0].clusters["order_price"][0]), float(worlds[0].buyers["ceiling"][0, 0])
    assert ((prices > floor) & (prices < ceiling)).all()
    assert min((kinds == kind).sum() for kind in (GROUP, SINGLE)) > 3
    assert prices[kinds == GROUP].min() > prices[kinds == SINGLE].max()


def test_a_price_is_that_of_the_relations_when_it_was_agreed():
    world = after(bargain(relations__enabled=False, ties__kind="all", groups__maximum=20, decision__intercept=50.0))
    orders, weight = orders_of(world), world.buyers["share"][0]
    floor, ceiling = float(world.clusters["order_price"][0]), float(world.buyers["ceiling"][0, 0])
    supply = 1.0 / 4.0
    for order in orders[np.asarray(orders["taker"]) == GROUP]:
        others = 0.2 * (weight.sum() - weight[order.buyer]) / weight[order.buyer]
        theta = others / (others + (1.0 - supply) / supply)
        assert float(order["price"]) == pytest.approx(floor + theta * (ceiling - floor))
    assert len(orders) > 3


def test_more_rivals_never_raise_and_a_higher_margin_never_lowers_what_the_same_orders_are_paid():
    # Without relations that move, and with capacity to spare, the same takers take the same orders.
    still = {"relations__enabled": False, "finance__enabled": False, "local__cluster_share": 0.0}
    usual = orders_of(after(bargain(**still), 1, 3))
    rivals = orders_of(after(bargain(**still, bargaining__outside_supply=9.0), 1, 3))
    rich = orders_of(after(bargain(**still, bargaining__margin=0.6), 1, 3))
    assert len(usual) > 2
    for other in (rivals, rich):
        assert np.asarray(other["number"]).tolist() == np.asarray(usual["number"]).tolist()
    assert (np.asarray(rivals["price"]) < np.asarray(usual["price"])).all()
    assert (np.asarray(rich["price"]) > np.asarray(usual["price"])).all()


def test_a_room_of_nothing_is_one_order_price_for_all():
    # Floor, ceiling and local price coincide: bargaining has nothing to divide.
    nothing = {"orders.premium": 0.0, "orders.allowance": 0.0, "bargaining.exporter_share": 0.0}
    off, on = (busy(bargaining__enabled=flag).replace(nothing) for flag in (False, True))
    assert simulate(on, 40, 3).digest == simulate(off, 40, 3).digest


def test_the_measures_are_those_of_the_orders_delivered_over_a_year():
    scenario = bargain(orders__default_rate=0.0, orders__late_rate=0.0)
    world, delivered = build([scenario], [4], months_kept=24), {}
    for month in range(1, 19):
        for order in orders_of(world):
            if order.due == month:
                delivered[int(order.accepted), int(order.number)] = (
                    month,
                    float(order["price"]),
                    float(order["volume"]),
                )
        world = advance(world, month)
    cluster, p = world.clusters[0], world.params[0]
    year = [(price, volume) for month, price, volume in delivered.values() if month > 6]
    value, volume = sum(price * much for price, much in year), sum(much for _, much in year)
    row = world.series[0, 17]
    assert float(row["bargaining"]) == pytest.approx(value / volume / float(cluster.order_price))
    chain = (float(p.local_price) - float(cluster.input_price)) / 0.036
    assert float(row["producer_share"]) == pytest.approx((value / volume - float(cluster.input_price)) / chain)


def test_at_the_local_price_producers_have_the_share_of_the_evidence():
    run = simulate(busy(market__potential=0.0), 2)
    assert set(run.series["producer_share"]) == {0.036}
    assert set(run.series["bargaining"]) == {1.0}


@pytest.mark.parametrize("changes", [{"contracts.rate": 0.0}, {"contracts.share": 0.0, "relations.enabled": False}])
def test_contracts_that_are_never_offered_or_bind_nothing_change_nothing(changes):
    scenario = busy().replace({**DOMINANT, **changes})
    on, off = simulate(scenario, 30, 5), simulate(scenario.replace({"contracts.enabled": False}), 30, 5)
    leave_out = ["contracted", "month"]
    assert on.series.drop(columns=leave_out, errors="ignore").equals(
        off.series.drop(columns=leave_out, errors="ignore")
    )


def test_no_buyer_is_dominant_among_equals():
    assert simulate(busy(contracts__enabled=True, contracts__rate=1.0), 24).series["contracted"].max() == 0.0


def test_a_dominant_buyer_takes_the_best_firms_out_of_joint_work_for_as_long_as_the_contract_lasts():
    # Nothing moves quality and relations, so that what a firm promises can be read before the month.
    still = {"learning.quality_drift": 0.0, "learning.quality_spill": 0.0, "relations.enabled": False}
    scenario = busy().replace({**DOMINANT, **still, "contracts.months": 3, "local.cluster_share": 0.0})
    world = build([scenario], [6])
    quality, ends = np.asarray(world.firms["quality"]).copy(), {}
    for month in range(1, 13):
        free = np.asarray(world.firms["contract_end"]) < month
        before = np.asarray(world.firms["contract_end"]).copy()
        world = advance(world, month)
        for i in np.flatnonzero(world.firms["contract_end"] != before):
            assert quality[i] == quality[free].max()
            assert world.firms["contract_end"][i] == month + 2
            ends[i] = month + 2
        bound = sum(end >= month for end in ends.values()) / 20.0
        assert float(world.series["contracted"][0, (month - 1) % 12]) == pytest.approx(bound)
    assert len(ends) > 2


def test_a_firm_under_contract_keeps_a_share_of_its_output_for_others():
    scenario = busy().replace({**DOMINANT, "contracts.share": 1.0})
    world = after(scenario, 6, 6)
    bound = np.asarray(world.firms["contract_end"]) >= 6
    assert bound.any()
    assert float(world.buyers["contracted"][0, 0]) > 0.0
    orders = after(scenario.replace({"contracts.share": 1.0, "contracts.months": 60}), 18, 6)
    taken = orders_of(orders)
    recent = [int(order.first_part) + k for order in taken[taken["accepted"] == 18] for k in range(int(order.parts))]
    parties = {int(orders.parts[k % int(orders.clusters["part_room"][0])].firm) for k in recent}
    free = set(np.flatnonzero(np.asarray(orders.firms["contract_end"]) < 18).tolist())
    assert parties <= free


def test_an_owner_may_refuse_every_contract():
    class Independent(ClusterModel):
        pass

    from klastersim.agents import SME

    class Proud(SME):
        def accepts(self, buyer):
            return False

    model = Independent(busy().replace(DOMINANT), 6, sme=Proud, months=6)
    for _ in range(6):
        model.step()
    assert model.measure("contracted") == 0.0
    model.close()


def test_a_buyer_that_has_left_offers_no_contract():
    scenario = busy().replace({**DOMINANT, "contracts.months": 3})
    left = scenario.replace({"events": [{"kind": "buyer_leaves", "month": 4, "buyer": 0}]})
    assert simulate(scenario, 9, 2).series["contracted"][6:].max() > 0.0
    contracted = simulate(left, 9, 2).series["contracted"]
    assert contracted[3] > 0.0
    assert contracted[6:].tolist() == [0.0] * 3, "what was signed before runs to its end, and nothing after"


@pytest.mark.parametrize("driver", ["arrays", "agents"])
def test_a_buyer_that_has_left_is_no_alternative(driver):
    # Of two buyers one has left: with one buyer every order is paid the floor.
    two = {"market.large_firms": 2, "market.traders": 0, "market.trader_share": 0.0}
    leaving = [{"kind": "buyer_leaves", "month": 1, "buyer": 1}]
    stays = simulate(bargain().replace(two), 8, 2, driver=driver)
    left = simulate(bargain().replace({**two, "events": leaving}), 8, 2, driver=driver)
    assert stays.series["bargaining"].max() > 1.0
    assert left.series["delivered"].sum() > 0
    assert set(left.series["bargaining"]) == {1.0}


@pytest.mark.parametrize("driver", ["arrays", "agents"])
def test_a_workshop_that_stands_still_is_offered_no_contract(driver):
    stopped = {"growth.enabled": True, "growth.suspension": 1.0, "local.cluster_share": 0.0, "market.potential": 0.0}
    dear = [{"kind": "input_price", "month": 3, "factor": 1.31}]
    series = simulate(busy().replace({**DOMINANT, **stopped, "events": dear}), 8, 6, driver=driver).series
    assert series["suspended"][3:].min() == 1.0
    assert series["contracted"][2] > 0.0
    assert series["contracted"][3:].nunique() == 1


def test_what_a_contract_brings_is_set_against_the_demand_of_the_month():
    missing = []
    for demand in (1.0, 4.0):
        world, scratch, month = midmonth(busy().replace(DOMINANT), 6, 3)
        world.clusters[0].order_demand = demand
        take_orders(world, scratch, 0, month)
        missing.append(1.0 - float(scratch.buyers["wanting"][0]))
    assert 0.0 < missing[0] < 1.0
    assert missing[1] == pytest.approx(missing[0] / 4.0)


def test_both_drivers_see_the_same_buyers_come_and_go():
    coming = [{"kind": "buyer_enters", "month": 4, "buyer": 0}, {"kind": "buyer_leaves", "month": 5, "buyer": 1}]
    eager = {"contracts.enabled": True, "contracts.rate": 1.0, "contracts.dominance": 0.1, "contracts.months": 2}
    eager |= {"traders.enabled": True, "events": [*coming, {"kind": "buyer_leaves", "month": 6, "buyer": 4}]}
    arrays, agents = (simulate(bargain().replace(eager), 9, 2, driver=driver) for driver in ("arrays", "agents"))
    assert arrays.series["contracted"].max() > 0.0
    assert arrays.digest == agents.digest

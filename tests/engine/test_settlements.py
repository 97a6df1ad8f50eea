"""Settlements against the plain Python version of `plain.py`, in corners of the model and over random ties."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klastersim import Scenario
from klastersim.engine.delivering import deliver_orders, pay_orders
from klastersim.engine.grouping import form_groups
from klastersim.engine.offering import take_orders
from klastersim.engine.purchasing import buy_together
from klastersim.engine.run import scratch_for
from klastersim.engine.takers import linkage_of, list_takers
from klastersim.engine.trading import clear_market
from klastersim.world.build import build
from tests.engine.plain import CORNERS, GROUP, PRIME, SINGLE, Plain, corner, differences, midmonth

cases = pytest.mark.parametrize("name", CORNERS)
MONTHS = (0, 1, 7, 19, 30)


def groups_of(world, scratch):
    first, count = scratch.groups["first"], int(world.clusters["groups"][0])
    return [scratch.members[first[g] : first[g + 1]].tolist() for g in range(count)]


@cases
@pytest.mark.parametrize("month", MONTHS)
def test_groups_are_those_of_the_plain_version(name, month):
    for seed in range(4):
        scenario = corner(name)
        world, scratch, _ = midmonth(scenario, seed, month)
        plain = Plain(world, scratch, scenario)
        plain.form_groups()
        assert groups_of(world, scratch) == plain.groups
        for i, firm in enumerate(world.firms):
            group = plain.group_of(i)
            assert firm.group == (-1 if group is None else group)
            assert firm.group_size == (0 if group is None else len(plain.groups[group]))
        for group, members in enumerate(plain.groups):
            quality = np.mean([float(world.firms["quality"][i]) for i in members])
            assert scratch.groups["quality"][group] == pytest.approx(quality)


@settings(max_examples=80)
@given(
    firms=st.integers(1, 60),
    degree=st.floats(0.0, 6.0),
    trust=st.floats(0.1, 0.9),
    willing=st.floats(0.0, 1.0),
    seed=st.integers(0, 10**6),
)
def test_without_a_largest_size_groups_are_the_connected_components(firms, degree, trust, willing, seed):
    changes = {"cluster.firms": firms, "ties.kind": "random", "ties.degree": degree, "groups.trust": trust}
    scenario = Scenario.preset("sentra").replace({**changes, "groups.minimum": 3, "groups.maximum": 60})
    world = build([scenario], [seed])
    world.firms["cooperates"] = np.random.default_rng(seed).random(firms) < willing
    scratch = scratch_for(world)
    form_groups(world, scratch, 0)
    components = [sorted(each) for each in nx.connected_components(Plain(world, scratch, scenario).qualifying())]
    found = [sorted(members) for members in groups_of(world, scratch)]
    assert found == sorted(each for each in components if len(each) >= 3)


@settings(max_examples=60)
@given(most=st.integers(2, 12), least=st.integers(1, 12), seed=st.integers(0, 10**6))
def test_a_split_component_gives_connected_groups_within_the_bounds_and_no_firm_twice(most, least, seed):
    least = min(least, most)
    changes = {"cluster.firms": 80, "groups.minimum": least, "groups.maximum": most, "ties.trust": 0.7}
    scenario = Scenario.preset("sentra").replace({**changes, "start.kind": "cooperating"})
    world = build([scenario], [seed])
    scratch = scratch_for(world)
    form_groups(world, scratch, 0)
    graph = Plain(world, scratch, scenario).qualifying()
    groups = groups_of(world, scratch)
    members = [i for group in groups for i in group]
    assert len(members) == len(set(members))
    assert all(least <= len(group) <= most and nx.is_connected(graph.subgraph(group)) for group in groups)


@cases
@pytest.mark.parametrize("month", MONTHS)
def test_takers_and_linkage_are_those_of_the_plain_version(name, month):
    scenario = corner(name)
    world, scratch, _ = midmonth(scenario, 5, month)
    plain = Plain(world, scratch, scenario)
    plain.form_groups()
    count = list_takers(world, scratch, 0)
    takers = [plain.groups[-1 - k] if k < 0 else [k] for k in scratch.takers["code"][:count].tolist()]
    assert takers == plain.takers()
    for buyer, share in enumerate(shares := plain.buyer_shares()):
        assert scratch.buyers["reach"][buyer] == pytest.approx(plain.reach(buyer))
        assert share >= 0.0
    assert sum(shares) == pytest.approx(1.0)
    assert linkage_of(world, scratch, 0) == pytest.approx(
        sum(share * plain.reach(buyer) for buyer, share in enumerate(shares))
    )


def settle(name, seed, month, steps):
    """Apply settlements to a world and to its plain version; return both."""
    scenario = corner(name)
    world, scratch, month = midmonth(scenario, seed, month)
    plain = Plain(world, scratch, scenario)
    plain.form_groups()
    for step in steps:
        arguments = {
            "deliver_orders": (deliver_orders, world, scratch, 0, month),
            "pay_orders": (pay_orders, world, scratch, 0, month),
            "take_orders": (take_orders, world, scratch, 0, month),
            "buy_together": (buy_together, world, scratch, 0, month),
            "clear_market": (clear_market, world, 0),
        }[step]
        arguments[0](*arguments[1:])
        getattr(plain, step)(month)
        assert not differences(world, scratch, plain), step
    return world, plain


@cases
@pytest.mark.parametrize("month", MONTHS)
def test_orders_are_offered_tested_and_shared_as_in_the_plain_version(name, month):
    for seed in range(4):
        settle(name, seed, month, ["take_orders"])


@cases
@pytest.mark.parametrize("month", [3, 9, 15, 22, 29])
def test_a_whole_month_of_settlements_is_that_of_the_plain_version(name, month):
    for seed in range(4):
        settle(name, seed, month, ["deliver_orders", "pay_orders", "take_orders", "buy_together", "clear_market"])


def test_the_corners_hold_every_kind_of_order_outcome_and_test():
    kinds, outcomes, loans, stages = set(), set(), 0, dict.fromkeys(("organised", "skilled", "financed", "taken"), 0.0)
    failed = bought = carried = advanced = lost = prices = bound = schedules = 0
    for name in CORNERS:
        for seed in range(2):
            for month in (9, 22):
                _, plain = settle(name, seed, month, ["deliver_orders", "take_orders", "buy_together"])
                kinds |= {order["taker"] for order in plain.orders}
                outcomes |= {part["outcome"] for order in plain.orders for part in order["parts"]}
                loans += sum(part["loan"] > 0.0 for order in plain.orders for part in order["parts"])
                bought += sum(firm["saving"] > 0.0 for firm in plain.firms)
                failed += sum(firm["purchase_gain"] < 0.0 for firm in plain.firms)
                carried += sum(order["carried"] for order in plain.orders)
                advanced += sum(part["advance"] > 0.0 for order in plain.orders for part in order["parts"])
                lost += sum(buyer["lost"] > 0.0 for buyer in plain.buyers)
                bound += sum(firm["contract_end"] >= plain.c["month"] for firm in plain.firms)
                prices = max(prices, len({order["price"] for order in plain.orders}))
                schedules = max(schedules, len({order["due"] - order["accepted"] for order in plain.orders}))
                put = plain.row["reached"]
                for stage in stages:
                    stages[stage] += put - plain.row[stage]
                    put = plain.row[stage]
    assert kinds == {SINGLE, GROUP, PRIME}
    assert outcomes == {0, 1, 2, 3}
    assert min(loans, bought, failed, carried, advanced, lost, bound) > 0
    assert min(prices, schedules) > 1
    assert min(stages.values()) > 0.0, stages

"""Dated events do what they say, at their month, and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim import Scenario, simulate, twin
from klastersim.compiled import one, purposes, two
from klastersim.engine.run import advance
from klastersim.rules.events import felt_factor, shifted_price
from klastersim.rules.local_market import local_price
from klastersim.world.build import build
from klastersim.world.ends import ties_of

MONTHS = 18

BASE = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 20,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.potential": 6.0,
        "orders.low_weeks": 4.0,
        "orders.high_value": 200.0,
        "programme.start": 4,
        "programme.end": 15,
        "programme.budget": 300.0,
    }
)


def with_events(*events, **changes):
    return BASE.replace({"events": list(events), **changes})


def world_after(scenario, months, seed=1):
    return advance(build([scenario], [seed], months_kept=MONTHS), months)


def digest(scenario):
    return simulate(scenario, MONTHS).digest


NULLS = {
    "input_price": {"kind": "input_price", "month": 3, "factor": 1.0},
    "fading": {"kind": "input_price", "month": 3, "factor": 1.0, "half_life": 2.5},
    "demand": {"kind": "demand", "month": 2, "factor": 1.0, "until": 9},
    "rival": {"kind": "rival_price", "month": 2, "factor": 1.0, "market": "local"},
    "forum": {"kind": "forum", "month": 5, "share": 0.0},
    "programme": {"kind": "programme", "month": 6, "until": 10, "budget": 300.0},
    "later": {"kind": "demand", "month": MONTHS + 1, "factor": 9.0},
}


@pytest.mark.parametrize("name", NULLS)
def test_an_event_that_changes_nothing_leaves_every_bit(name):
    assert digest(with_events(NULLS[name])) == digest(BASE)


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "input_price", "month": 7, "factor": 1.5},
        {"kind": "demand", "month": 7, "factor": 0.5},
        {"kind": "rival_price", "month": 7, "factor": 0.7},
        {"kind": "buyer_leaves", "month": 7, "buyer": 0},
        {"kind": "forum", "month": 7},
        {"kind": "programme", "month": 7, "until": 9, "budget": 900.0},
    ],
    ids=lambda event: event["kind"],
)
def test_an_event_is_felt_from_its_month_on_and_not_before(event):
    changed, base = simulate(with_events(event), MONTHS).measures, simulate(BASE, MONTHS).measures
    same = [bool(changed[month].tobytes() == base[month].tobytes()) for month in range(MONTHS)]
    assert all(same[:6])
    assert not all(same[6:])


def test_potential_orders_are_those_of_a_market_that_was_larger_all_along():
    event = {"kind": "demand", "month": 1, "factor": 2.0, "market": "orders"}
    assert digest(with_events(event)) == digest(BASE.replace({"market.potential": 12.0}))


def test_a_shock_that_ends_leaves_prices_as_they_were():
    event = {"kind": "input_price", "month": 3, "factor": 3.0, "until": 4}
    paid = [float(world_after(with_events(event), month).clusters[0].input_price) for month in (2, 3, 4, 5)]
    assert paid == [paid[0], 3.0 * paid[0], 3.0 * paid[0], paid[0]]


def test_shocks_of_the_same_month_multiply():
    events = [{"kind": "rival_price", "month": 2, "factor": factor, "market": "orders"} for factor in (0.5, 0.75)]
    cluster = world_after(with_events(*events), 2).clusters[0]
    assert cluster.order_price == cluster.opening_order_price * 0.5 * 0.75


@pytest.mark.parametrize("factor", [0.2, 1.0, 4.0])
def test_half_of_a_change_is_gone_after_its_half_life(factor):
    assert felt_factor(factor, 0.0, 8.0) == pytest.approx(factor, rel=1e-15)
    assert felt_factor(factor, 8.0, 8.0) == pytest.approx(1.0 + (factor - 1.0) / 2.0, rel=1e-14)
    assert felt_factor(factor, 24.0, 8.0) == pytest.approx(1.0 + (factor - 1.0) / 8.0, rel=1e-14)


@pytest.mark.parametrize("demand", [0.3, 1.0, 2.5])
def test_a_shifted_price_is_the_one_at_which_the_shifted_demand_takes_the_supply(demand):
    elasticity, supply, opening = 1.5, 130.0, 100.0
    price = shifted_price(local_price(2.0, supply, opening, 1.0, elasticity), demand, 1.0, elasticity)
    taken = demand * opening * math.pow(price / 2.0, -elasticity)
    assert taken == pytest.approx(supply, rel=1e-12)


@pytest.mark.parametrize(("kind", "factor", "ratio"), [("demand", 0.5, 0.5 ** (1 / 1.5)), ("rival_price", 0.6, 0.6)])
def test_local_sales_of_the_month_fall_as_the_price_does(kind, factor, ratio):
    alone = {"market.potential": 0.0, "programme.enabled": False, "local.elasticity": 1.5}
    shocked = simulate(with_events({"kind": kind, "month": 2, "factor": factor}, **alone), 2).measures
    calm = simulate(BASE.replace(alone), 2).measures
    assert shocked["sales"][0] == calm["sales"][0]
    assert shocked["sales"][1] == pytest.approx(ratio * calm["sales"][1], rel=1e-12)


def buyers_of(world, since):
    """Buyers of orders accepted from a month on; rings are deep enough that none is gone after a few months."""
    cluster = world.clusters[0]
    numbers = range(int(cluster.oldest_order), int(cluster.next_order))
    orders = [world.orders[n % int(cluster.order_room)] for n in numbers]
    return {int(order.buyer) for order in orders if order.accepted >= since}


@pytest.mark.parametrize("networks", [True, False])
def test_a_buyer_that_has_left_places_no_order_and_none_is_introduced_from_it(networks):
    rich = {"market.linkage": 0.3, "cluster.quality": 0.8, "mix.market": 5.0, "programme.market_networks": networks}
    leaving = [{"kind": "buyer_leaves", "month": 9, "buyer": buyer} for buyer in (0, 1, 4)]
    assert buyers_of(world_after(BASE.replace(rich), 10), 9) & {0, 1, 4}, "nothing to lose"
    assert buyers_of(world_after(with_events(*leaving, **rich), 10), 9) <= {2, 3, 5}


def test_a_buyer_is_absent_until_it_enters():
    entering = [{"kind": "buyer_enters", "month": 8, "buyer": buyer} for buyer in range(6)]
    series = simulate(with_events(*entering), MONTHS).measures
    assert not series["linkage"][:7].any()
    assert not series["taken"][:7].any()
    assert series["linkage"][7] > 0.0


def test_a_new_buyer_knows_the_firms_with_the_lowest_draws_and_no_others():
    scenario = with_events({"kind": "buyer_enters", "month": 5, "buyer": 2, "firms": 3, "relation": 0.6})
    relations = world_after(scenario.replace({"market.potential": 0.0, "programme.enabled": False}), 5).relations[:, 2]
    draws = [one(1, 5, purposes.EVENT_BUYER, 0, firm, 0) for firm in range(20)]
    known = set(np.argsort(draws)[:3].tolist())
    assert set(np.flatnonzero(relations > 0.5).tolist()) == known
    assert relations[sorted(set(range(20)) - known)] == pytest.approx(BASE["market.linkage"])


def plain_forum(world, share, month):
    """Ties by a plain hand: who meets whom, in rounds of a ring, as far as each has room."""
    draws = {i: two(1, month, purposes.EVENT_FORUM, 0, i, 0) for i in range(20)}
    ring = sorted((i for i in draws if draws[i][0] < share), key=lambda i: draws[i][1])
    ties = {(int(tie.lower), int(tie.upper)) for tie in ties_of(world)}
    met = set()
    for step in range(1, len(ring) // 2 + 1):
        for k, a in enumerate(ring):
            pair = tuple(sorted((a, ring[(k + step) % len(ring)])))
            full = any(sum(i in tie for tie in ties) >= BASE["ties.most"] for i in pair)
            if pair in ties:
                met.add(pair)
            elif not full:
                ties.add(pair)
    return ring, ties, met


@pytest.mark.parametrize("share", [0.1, 0.7, 1.0])
def test_all_who_come_to_a_forum_get_to_know_one_another_and_give_their_time(share):
    quiet = {"market.potential": 0.0, "programme.enabled": False, "purchase.enabled": False, "ties.degree": 3.0}
    scenario = with_events({"kind": "forum", "month": 5, "share": share}, **quiet)
    ring, ties, met = plain_forum(world_after(scenario, 4), share, 5)
    before, after = world_after(scenario, 4), world_after(scenario, 5)
    found = ties_of(after)
    assert {(int(tie.lower), int(tie.upper)) for tie in found} == ties
    for tie, earlier in zip(found, before.ties, strict=False):
        pair = (int(tie.lower), int(tie.upper))
        assert (tie.trust > earlier.trust) == (pair in met or earlier.trust == 0.0)
    days = np.asarray(after.firms["support_days"])
    assert np.flatnonzero(days).tolist() == sorted(ring)
    assert set(days[ring].tolist()) <= {BASE["groups.meeting_days"]}


def test_a_forum_costs_owners_time_and_no_public_money():
    quiet = {"market.potential": 0.0, "programme.enabled": False}
    row = simulate(with_events({"kind": "forum", "month": 5}, **quiet), 6).measures[4]
    assert row["public_cost"] == 0.0
    assert row["social_cost"] > 0.0


def test_a_programme_in_two_parts_is_the_programme_in_one():
    rest = {"kind": "programme", "month": 10, "until": 15, "budget": 300.0}
    assert digest(with_events(rest, **{"programme.end": 9})) == digest(BASE)


def test_a_budget_of_nothing_suspends_the_programme():
    pause = {"kind": "programme", "month": 6, "until": 9, "budget": 0.0}
    spent = simulate(with_events(pause, **{"mix.finance": 0.0}), MONTHS).measures["public_cost"]
    assert not spent[5:9].any()
    assert spent[4] > 0.0
    assert spent[9] > 0.0


def test_twins_share_events_but_for_the_programme_s():
    shock = {"kind": "demand", "month": 7, "factor": 0.6}
    more = {"kind": "programme", "month": 9, "until": 12, "budget": 900.0}
    both = twin(with_events(shock, more), months=MONTHS)
    alone = BASE.replace({"programme.enabled": False})
    assert both.without.digest == digest(alone.replace({"events": [shock]})) != digest(alone)
    assert both.with_.digest != digest(with_events(shock))


def test_clusters_run_together_keep_their_own_events():
    one_event = with_events({"kind": "demand", "month": 3, "factor": 3.0})
    other = with_events({"kind": "forum", "month": 2}, {"kind": "input_price", "month": 4, "factor": 1.4})
    world = advance(build([one_event, BASE, other], [1, 1, 1], months_kept=MONTHS), MONTHS)
    for c, scenario in enumerate((one_event, BASE, other)):
        assert np.asarray(world.series[c]).tobytes() == simulate(scenario, MONTHS).measures.tobytes()

"""Who deals with officials, what owners' time costs, who takes orders, what purchases, capture and banks bring."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.engine.run import advance
from klastersim.rules.groups import WORKING_DAYS
from klastersim.rules.joint_purchase import joint_purchase_saving, purchase_cost
from klastersim.simulation import SPENT_ON
from klastersim.world.build import build
from klastersim.world.layout import GROUP, PRIME, SINGLE

#: Eight firms, all of which a programme of one month trains one by one.
TRAINED = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 8,
        "market.potential": 0.0,
        "programme.start": 2,
        "programme.end": 2,
        "programme.budget": 5000.0,
        "programme.channel": "individual",
        "mix.training": 1.0,
        "mix.finance": 0.0,
        "mix.market": 0.0,
        "mix.trust": 0.0,
    }
)

LIVELY = Scenario.preset("sentra").replace(
    {
        "cluster.firms": 40,
        "ties.trust": 0.75,
        "start.kind": "cooperating",
        "market.potential": 10.0,
        "market.linkage": 0.1,
        "orders.low_weeks": 4.0,
        "programme.start": 3,
        "programme.end": 20,
        "programme.budget": 400.0,
    }
)


def test_a_firm_is_in_touch_with_officials_for_a_year_after_a_visit():
    share = simulate(TRAINED, 16, 1).measures["bridging_officials"]
    assert share.tolist() == [0.0] + [1.0] * 12 + [0.0] * 3


def test_a_borrower_is_in_touch_as_long_as_it_repays():
    lends = TRAINED.replace({"mix.training": 0.0, "mix.finance": 1.0, "programme.loan_months": 20})
    lends = lends.replace({"programme.arrears": 0.0, "finance.working_capital": 20.0})
    share = simulate(lends, 24, 1).measures["bridging_officials"]
    # Of twenty instalments the first is due a month after the loan, the last in month 22.
    assert share.tolist() == [0.0] + [1.0] * 20 + [0.0] * 3


def test_without_a_programme_nobody_is_in_touch_with_officials():
    run = simulate(LIVELY.replace({"programme.enabled": False}), 24, 1)
    assert (run.measures["bridging_officials"] == 0.0).all()
    assert set(run.social_cost_by_instrument.values()) == {0.0}


def test_owners_time_is_the_days_of_a_visit_at_what_these_would_have_made():
    run = simulate(TRAINED, 2, 1)
    margin = run.measures["price"][1] - TRAINED["local.price"] * TRAINED["local.input_share"]
    time = 8 * TRAINED["groups.meeting_days"] / WORKING_DAYS * margin
    told = run.social_cost_by_instrument
    assert told["training"] - run.cost_by_instrument["training"] == pytest.approx(time)
    assert set(told) == {*SPENT_ON, "forums"}
    assert all(cost == 0.0 for name, cost in told.items() if name != "training")


def test_social_cost_by_instrument_adds_up_to_the_whole_forums_and_seats_included():
    planned = LIVELY.replace(
        {
            "plan.tailored": 0.5,
            "participation.firms_design": True,
            "participation.firms_delivery": True,
            "events": [{"kind": "forum", "month": 4}],
        }
    )
    for channel in ("individual", "group", "mixed"):
        run = simulate(planned.replace({"programme.channel": channel}), 40, 1)
        told, public = run.social_cost_by_instrument, run.cost_by_instrument
        assert sum(told.values()) == pytest.approx(float(run.measures["social_cost"].sum()))
        assert min(told[name] - public[name] for name in ("training", "finance", "trust", "planning")) > 0.0
        assert told["market"] == public["market"], "an introduction takes no owner's time"
        assert told["forums"] > 0.0


def test_orders_taken_alone_by_primes_and_by_groups_are_those_that_stand_in_the_ring():
    found = dict.fromkeys((SINGLE, GROUP, PRIME), 0)
    for changes in ({}, {"groups.enabled": False}, {"decision.enabled": False}):
        world = build([LIVELY.replace(changes)], [2])
        for month in range(1, 31):
            world = advance(world, month)
            row, cluster = world.series[0, (month - 1) % 12], world.clusters[0]
            ring = [world.orders[k % cluster.order_room] for k in range(cluster.oldest_order, cluster.next_order)]
            new = [int(order.taker) for order in ring if order.accepted == month and not order.subsidised]
            told = {SINGLE: row.taken_alone, PRIME: row.subcontracts}
            told[GROUP] = row.taken - row.taken_alone - row.subcontracts
            assert told == {kind: new.count(kind) for kind in told}
            for kind in found:
                found[kind] += new.count(kind)
    assert min(found.values()) > 3


def test_the_gain_from_joint_purchase_is_that_of_its_closed_form():
    buys = Scenario.preset("sentra").replace(
        {
            "cluster.firms": 12,
            "cluster.sizes": "equal",
            "ties.kind": "all",
            "ties.trust": 0.9,
            "start.kind": "cooperating",
            "decision.reconsider": 0.0,
            "market.potential": 0.0,
            "orders.default_rate": 0.0,
            "purchase.ceiling": 0.08,
            "programme.enabled": False,
        }
    )
    run = simulate(buys, 3, 1)
    bill = buys["cluster.workers"] * buys["local.price"] * buys["local.input_share"]
    saving = joint_purchase_saving(12 * buys["cluster.workers"], 0.08, buys["purchase.half_way"])
    handling = buys["purchase.handling_days"] / WORKING_DAYS * buys["local.wage"]
    gain = 12 * (saving * bill - purchase_cost(bill, handling, buys["purchase.waiting"]))
    assert gain > 0.0
    assert run.measures["purchase_gain"] == pytest.approx([gain] * 3)
    assert run.measures["purchase_gain"] == pytest.approx(run.measures["joint_gain"])
    alone = simulate(LIVELY.replace({"purchase.enabled": False}), 30, 1).measures
    assert (alone["purchase_gain"] == 0.0).all()
    assert alone["joint_gain"].max() > 0.0


def test_what_larger_members_capture_is_in_proportion_to_how_far_they_do():
    """In the month of the first deliveries nothing has been learned yet of what is captured."""
    once = LIVELY.replace({"capture.enabled": True, "market.potential": 30.0, "programme.enabled": False})
    runs = [simulate(once.replace({"capture.share": part}), 12, 1).measures for part in (0.0, 0.4, 0.8)]
    month = int(np.flatnonzero(runs[1]["captured"])[0])
    none, some, more = (float(run["captured"][month]) for run in runs)
    assert none == 0.0
    assert 0.0 < some == pytest.approx(more / 2.0)


def test_bank_credit_is_what_the_bank_paid_out_before_anything_is_repaid():
    world = build([LIVELY.replace({"finance.working_capital": 0.2, "finance.loan_cost": 0.01})], [1], months_kept=12)
    wait = LIVELY["orders.schedule"] + LIVELY["orders.payment_delay"]
    lent = 0.0
    for month in range(1, wait + 2):
        world = advance(world, month)
        lent += float(world.series["bank_credit"][0, month - 1])
        assert float(world.clusters["bank_account"][0]) == pytest.approx(-lent)
    assert lent > 0.0


def test_inputs_are_local_where_firms_of_the_cluster_sold_them():
    chain = LIVELY.replace({"chain.enabled": True, "chain.opening_share": 0.9})
    run = simulate(chain, 24, 1)
    bought = run.measures["stage_trade"] + run.measures["inputs"]
    assert run.measures["local_inputs"] == pytest.approx(run.measures["stage_trade"] / bought)
    assert 0.0 < run.final["local_inputs"] < 1.0
    assert simulate(LIVELY, 3, 1).final["local_inputs"] is None

"""R1: plans of a programme: what a diagnosis tells and costs, local government's own plan, seats, lists in common."""

from __future__ import annotations

import math

import numpy as np
import pytest

from klastersim import ClusterModel, Scenario, simulate
from klastersim.engine.offering import take_orders
from klastersim.engine.planning import DELIVERED, FIRST, TAKEN, TESTED
from klastersim.engine.purses import EQUIPMENT, FINANCE, INSTRUMENTS, MARKET, TRAINING, TRUST
from klastersim.engine.reckoning import LOGISTICS
from klastersim.engine.run import advance
from klastersim.rules.participation import attendance_with_seats
from klastersim.rules.plan import planned_share, shortfall
from klastersim.world.build import build
from tests.engine.plain import corner, midmonth

SENTRA = Scenario.preset("sentra").replace({"cluster.firms": 40, "programme.start": 3, "programme.end": 38})


def after(months=14, seed=1, **changes):
    scenario = SENTRA.replace({key.replace("__", "."): value for key, value in changes.items()})
    return advance(build([scenario], [seed]), months)


def test_the_part_of_a_test_in_the_loss_of_orders_is_the_logarithm_of_its_pass_rate():
    assert shortfall(0, 0) == pytest.approx(math.log(2.0))
    assert shortfall(30, 40) == pytest.approx(-math.log(30.5 / 41.0))
    assert shortfall(40, 40) < shortfall(39, 40)


def test_a_plan_lies_between_template_diagnosis_and_local_knowledge():
    assert planned_share(0.2, 0.5, 0.9, 0.0, 0.0) == 0.2
    assert planned_share(0.2, 0.5, 0.9, 1.0, 0.0) == 0.5
    assert planned_share(0.2, 0.5, 0.9, 1.0, 1.0) == 0.9
    assert planned_share(0.2, 0.6, 0.9, 0.5, 0.25) == pytest.approx(0.75 * 0.4 + 0.25 * 0.9)


def test_seats_bring_a_share_of_those_who_would_stay_away():
    assert attendance_with_seats(0.7, 0.1, 0) == 0.7
    assert attendance_with_seats(0.7, 0.1, 2) == pytest.approx(1.0 - 0.3 * 0.81)
    assert attendance_with_seats(0.7, 0.0, 4) == pytest.approx(0.7)


def due(changes, seed=2):
    """Return (world, scratch, month) where a plan is due and all else stands as in an active month."""
    scenario = corner("active").replace({"market.linkage": 0.1, "market.potential": 6.0} | changes)
    world, scratch, month = midmonth(scenario, seed, 6)
    world.clusters[0].planning, world.clusters[0].owed = FIRST, 0.0
    return world, scratch, month


def shares_of(came, tried):
    """Shares of the instruments by how far test orders came; -1 for one that reached nobody."""
    passed = [sum(each >= test for each in came) for test in range(6)]
    lost = {
        MARKET: shortfall(passed[0], tried),
        TRUST: shortfall(passed[1], passed[0]) + shortfall(passed[5], passed[4]),
        TRAINING: shortfall(passed[2], passed[1]),
        FINANCE: shortfall(passed[3], passed[2]),
        # No test of orders tells whether machines are lacking.
        EQUIPMENT: 0.0,
    }
    return [lost[k] / sum(lost.values()) for k in range(INSTRUMENTS)]


def test_a_diagnosis_shares_the_plan_by_what_test_orders_are_lost_at():
    world, scratch, month = due({"plan.tailored": 1.0, "plan.local_room": 0.5, "plan.test_orders": 120})
    take_orders(world, scratch, 0, month)
    cluster = world.clusters[0]
    tests = [a for a in scratch.arrivals[: cluster.arrivals] if a.number >= TESTED]
    diagnosis = [int(a.came) for a in tests if a.number < TESTED + 120]
    local = [int(a.came) for a in tests if a.number >= TESTED + 120]
    assert len(set(diagnosis)) > 3  # some fail at one test, some at another
    assert cluster.diagnosed.tolist() == pytest.approx(shares_of(diagnosis, 120))
    assert cluster.known.tolist() == pytest.approx(shares_of(local, 10))


def test_a_seat_adds_test_orders_to_the_tests_that_it_knows():
    """Buyers know what reaches the cluster and whether it is good enough: trust and capital keep their parts."""

    def lost(shares):
        return [shares[TRUST] / shares[FINANCE], shares[MARKET] / shares[FINANCE], shares[TRAINING] / shares[FINANCE]]

    plans = {}
    for seat in (False, True):
        world, scratch, month = due(
            {"plan.tailored": 1.0, "participation.buyers_design": seat, "participation.insight": 200}
        )
        take_orders(world, scratch, 0, month)
        plans[seat] = lost(world.clusters[0].diagnosed)
    assert plans[True][0] == pytest.approx(plans[False][0])
    assert plans[True][1] != pytest.approx(plans[False][1])
    assert plans[True][2] != pytest.approx(plans[False][2])


def test_test_orders_leave_nothing_but_the_plan():
    with_tests, without = (due({"plan.tailored": 1.0}) for _ in range(2))
    without[0].clusters[0].planning = 0
    for world, scratch, month in (with_tests, without):
        take_orders(world, scratch, 0, month)
    for name in ("firms", "ties", "relations", "orders", "parts", "series"):
        np.testing.assert_array_equal(getattr(with_tests[0], name), getattr(without[0], name))


@pytest.mark.parametrize(
    "changes",
    [{"plan.tailored": 1.0}, {"plan.local_room": 1.0}, {"plan.tailored": 1.0, "participation.buyers_design": True}],
)
def test_money_that_is_too_little_for_a_plan_does_nothing_but_pay_for_it(changes):
    poor = SENTRA.replace({"programme.budget": 0.5, **changes})
    spent, none = (advance(build([each], [1]), 40) for each in (poor, SENTRA.replace({"programme.enabled": False})))
    np.testing.assert_array_equal(spent.firms, none.firms)
    np.testing.assert_array_equal(spent.ties, none.ties)
    assert spent.clusters[0].government_account == pytest.approx(-1.5)
    assert spent.clusters[0].kept == 0.0


def test_a_plan_costs_time_and_then_follows_what_it_found():
    """The plan costs 3.8: seven months at 0.5 and a part of the eighth, what is left of which waits for the ninth."""
    scenario = SENTRA.replace({"programme.budget": 6.0, "plan.tailored": 1.0, "prices.test_order": 0.095})
    told = simulate(scenario, 40).series
    assert told["public_cost"][:10].tolist() == pytest.approx([0.0] * 2 + [0.5] * 7 + [0.3])
    assert told["unspent"][10] == pytest.approx(0.2)
    assert told["unspent"][11] + told["public_cost"][11] == pytest.approx(0.7)


def test_a_full_tailored_plan_spends_as_diagnosed_whatever_the_template():
    worlds = [after(30, programme__budget=60.0, plan__tailored=1.0, mix__training=training) for training in (0.1, 5.0)]
    np.testing.assert_array_equal(worlds[0].firms, worlds[1].firms)
    assert worlds[0].clusters[0].diagnosed.sum() == pytest.approx(1.0)


def test_local_government_plans_anew_each_year_and_pays_for_it():
    told = [after(40, programme__budget=60.0, plan__local_room=0.5, prices__revision=price) for price in (0.0, 1.0)]
    assert [each.clusters[0].planned for each in told] == [27, 27]
    first = after(14, programme__budget=60.0, plan__local_room=0.5).clusters[0].known
    assert told[0].clusters[0].known.tolist() != first.tolist()


def test_captured_visits_go_to_the_firms_with_the_most_ties():
    few = {"programme__budget": 9.0, "programme__channel": "individual", "plan__local_room": 1.0, "prices__set_up": 0.0}
    # Local knowledge would spend on all instruments: training alone visits whom it picks and nobody else.
    firms = {capture: after(9, plan__capture=capture, prices__introduction=1e6, **few).firms for capture in (0.0, 1.0)}
    links = {capture: each["links"][each["supported"] > 0] for capture, each in firms.items()}
    most = np.sort(after(1).firms["links"])[::-1]
    assert links[1.0].max() == most[0]
    assert links[1.0].mean() > links[0.0].mean()


def test_coherent_agencies_serve_the_same_firms():
    """Two instruments for single firms; each has money for a visit or two a month."""
    two = {"programme__budget": 144.0, "programme__channel": "individual", "mix__market": 0.0, "mix__trust": 0.0}
    two |= {"mix__training": 1.0, "mix__finance": 5.0}

    def both(coherence):
        served = total = 0
        for seed in range(1, 9):
            world = after(3, seed, agencies__coherence=coherence, **two)
            lent = world.firms["loan"] > 0.0
            trained = world.firms["quality"] > after(3, seed, programme__enabled=False).firms["quality"]
            served += int((lent & trained).sum())
            total += int(lent.sum())
        return served, total

    served, total = both(1.0)
    assert served == total > 0
    assert both(0.0)[0] < total / 2


def test_the_time_of_an_owners_seat_is_a_social_cost():
    seats = {"programme__budget": 60.0, "prices__seat": 0.0, "participation__uptake": 0.0}
    with_seat, without = (after(4, participation__firms_delivery=seat, **seats).series[0] for seat in (True, False))
    assert with_seat.public_cost[:4].tolist() == without.public_cost[:4].tolist()
    assert (with_seat.social_cost[2:4] > without.social_cost[2:4]).all()


def test_every_seat_is_paid_for_from_the_budget():
    names = [f"participation__{who}_delivery" for who in ("firms", "buyers", "bodies", "government")]
    seats = dict.fromkeys(names, True)
    told = after(20, programme__budget=12.0, prices__seat=0.05, **seats).series[0]
    assert told.public_cost[2:12].min() >= 4 * 0.05 - 1e-12


@pytest.mark.parametrize("changes", [{}, {"plan.test_orders": 7}, {"plan.capture": 0.5, "prices.set_up": 9.0}])
def test_without_a_plan_of_its_own_a_programme_is_what_it_was(changes):
    assert simulate(SENTRA.replace(changes), 40).digest == simulate(SENTRA, 40).digest


def test_a_closed_network_acts_by_itself_and_takes_in_nobody():
    trusting = {
        "ties__trust": 0.95,
        "start__kind": "cooperating",
        "programme__budget": 60.0,
        "cluster__free_riders": 0.0,
    }
    trusting |= {"organisation__members": 15}
    worlds = [after(month, organisation__kind="network", **trusting) for month in (4, 14)]
    members = [np.flatnonzero(world.firms["member"]) for world in worlds]
    assert members[0].tolist() == members[1].tolist()
    assert len(members[0]) >= 5
    grouped = np.flatnonzero(worlds[1].firms["group"] >= 0)
    assert set(grouped) <= set(members[1])
    assert len(grouped) > 0
    assert (after(14, **trusting).firms["group"] >= 0).sum() > len(grouped)


@pytest.mark.parametrize("members", [5, 9])
def test_a_network_has_no_more_members_than_declared_and_finds_them_once(members):
    # The lead is in a group of all: those nearest to it stay.
    trusting = {"ties__trust": 0.95, "start__kind": "cooperating", "cluster__free_riders": 0.0, "cluster__firms": 20}
    trusting |= {"decision__intercept": 5.0, "programme__budget": 60.0}
    before = after(2, **trusting)
    assert (before.firms["group"] == 0).sum() == 20
    world = after(3, organisation__kind="network", organisation__members=members, **trusting)
    called = world.firms["member"] != 0
    assert called.sum() == members
    assert (world.firms["supported"][called] == 3).all()
    assert len(set(world.firms["group"][called].tolist()) - {-1}) == 1


def test_a_network_that_nobody_calls_together_is_an_open_cluster():
    alone = {"programme__enabled": False, "ties__trust": 0.8, "start__kind": "cooperating"}
    open_, closed = (after(14, organisation__kind=kind, **alone) for kind in ("cluster", "network"))
    np.testing.assert_array_equal(open_.firms, closed.firms)


def test_a_test_order_is_delivered_by_the_rates_of_those_who_carry_logistics():
    certain = {"orders.default_rate": 1.0, "functions.enabled": True, "functions.logistics_cut": 1.0}
    delivered = []
    for carried in (0, LOGISTICS):
        world, scratch, month = due({"plan.tailored": 1.0, "plan.test_orders": 60, **certain})
        scratch.month["carried"] = carried
        take_orders(world, scratch, 0, month)
        came = [int(a.came) for a in scratch.arrivals[: world.clusters[0].arrivals] if a.number >= TESTED]
        delivered.append((sum(each == DELIVERED for each in came), sum(each >= TAKEN for each in came)))
    assert delivered[0][0] < delivered[0][1]
    assert delivered[1][0] == delivered[1][1] > 3


def test_the_government_tells_the_plan_that_it_follows():
    planned = SENTRA.replace({"programme.budget": 60.0, "plan.tailored": 0.5, "plan.local_room": 0.2, "mix.trust": 0.0})
    model = ClusterModel(planned, seed=1)
    model.step()
    template = model.government.plan
    assert template["trust"] == 0.0
    assert sum(template.values()) == pytest.approx(1.0)
    for _ in range(6):
        model.step()
    cluster, plan = model.world.clusters[0], model.government.plan
    assert sum(plan.values()) == pytest.approx(1.0)
    assert plan["trust"] == pytest.approx(0.8 * 0.5 * cluster.diagnosed[TRUST] + 0.2 * cluster.known[TRUST])
    model.close()

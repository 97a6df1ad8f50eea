"""Entry and exit against the plain version, and what becomes of the orders, debts and money of firms that close."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario
from klastersim.analysis.patterns.balance import money
from klastersim.engine.delivering import pay_orders
from klastersim.engine.measuring import open_month
from klastersim.engine.renewing import renew
from klastersim.engine.run import advance, scratch_for
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import DEFAULT, GROUP, NONE, ON_TIME, PRIME, VACANT, WORKING
from tests.engine.plain_renewal import ACCOUNTS, FIELDS, Renewal

CORNERS = {
    "busy": {"market.potential": 20.0, "ties.trust": 0.85, "finance.working_capital": 0.8},
    "subcontracts": {"groups.enabled": False, "market.potential": 20.0, "ties.trust": 0.85},
    "hard times": {
        "growth.loss_months": 2,
        "growth.loss_exit": 0.4,
        "local.wage": 1.0,
        "growth.newcomer_base": "newcomer",
    },
    "loans": {"programme.budget": 4_000.0, "mix.training": 0.0, "mix.market": 0.0, "mix.trust": 0.0, "ties.trust": 0.8},
    "alone again": {"growth.exit_hazard": 95.0, "growth.entry": 0.05, "growth.attraction": 3.0},
}

COMING_AND_GOING = {
    "cluster.firms": 40,
    "growth.enabled": True,
    "growth.exit_hazard": 50.0,
    "growth.entry": 0.4,
    "start.kind": "cooperating",
    "orders.high_value": 250.0,
    "orders.low_weeks": 3.0,
    "programme.start": 2,
    "programme.end": 40,
}


def opened(name, seed, month):
    """Return (world, scenario) with a month just opened, before anybody comes or goes."""
    scenario = Scenario.preset("sentra").replace({**COMING_AND_GOING, **CORNERS[name]})
    world = advance(build([scenario], [seed], months_kept=60), month - 1)
    open_month(world, 0, month)
    return world, scenario


def differences(world, plain, month):
    """What of the world is not as in the plain version."""
    cluster, row = world.clusters[0], world.series[0, month - 1]
    pairs = {name: (world.firms[name], [firm[name] for firm in plain.firms]) for name in FIELDS}
    ties = ties_of(world)
    pairs["trust"] = (ties["trust"], [tie[0] for tie in plain.ties.values()])
    pairs["base"] = (ties["base_trust"], [tie[1] for tie in plain.ties.values()])
    pairs["relations"] = (world.relations, plain.relations)
    pairs["purses"] = (world.purses[0], plain.purses)
    pairs |= {name: (cluster[f"{name}_account"], plain.accounts[name]) for name in ACCOUNTS}
    pairs["home"] = (cluster.home_workers, plain.home)
    pairs["lost"] = (cluster.goods_lost, plain.lost)
    pairs["entries"], pairs["exits"] = (row.entries, plain.entries), (row.exits, plain.exits)
    pairs["investment"] = (row.investment, plain.investment)
    pairs["written off"] = (row.public_cost, plain.written_off)
    again = Renewal(world, plain.s)
    for name in ("firm", "outcome", "volume", "loan"):
        pairs[f"parts.{name}"] = tuple(
            [part[name] for order in each.orders for part in order["parts"]] for each in (again, plain)
        )
    pairs["leads"] = tuple([order["lead"] for order in each.orders] for each in (again, plain))
    # Instalments and what a vacant site was like are of no use.
    return [
        name
        for name, (one, other) in pairs.items()
        if not np.allclose(np.asarray(one, float), np.asarray(other, float), rtol=1e-9, atol=1e-9)
    ]


@pytest.mark.parametrize("name", CORNERS)
def test_who_comes_and_goes_and_what_they_leave_is_that_of_the_plain_version(name):
    entries = exits = parts = 0
    for seed in range(3):
        for month in (2, 7, 13, 20, 34):
            world, scenario = opened(name, seed, month)
            plain = Renewal(world, scenario)
            held = sum(part["firm"] >= 0 for order in plain.orders for part in order["parts"])
            renew(world, scratch_for(world), 0, month)
            plain.renew(month)
            assert not differences(world, plain, month), (seed, month)
            entries, exits = entries + plain.entries, exits + plain.exits
            parts += held - sum(part["firm"] >= 0 for order in plain.orders for part in order["parts"])
    assert min(entries, exits) > 0
    assert name not in ("busy", "subcontracts") or parts > 0


def with_an_order(taker):
    """Return (world, first part, parts, months to the due date) of an order of several under way."""
    changes = {
        **COMING_AND_GOING,
        **CORNERS["busy" if taker == GROUP else "subcontracts"],
        "growth.exit_hazard": 0.0,
        "growth.loss_exit": 0.0,
        "orders.default_rate": 0.0,
        "orders.late_rate": 0.0,
        "programme.enabled": False,
    }
    scenario = Scenario.preset("sentra").replace(changes)
    for seed in range(20):
        world = advance(build([scenario], [seed]), 4)
        cluster = world.clusters[0]
        for number in range(int(cluster.oldest_order), int(cluster.next_order)):
            order = world.orders[number % int(cluster.order_room)]
            if order.taker == taker and order.parts > 1 and order.due == 6:
                return world, order
    raise AssertionError("no order of the kind is under way")


def parts_of(world, order):
    room = int(world.clusters[0].part_room)
    return [world.parts[k % room] for k in range(int(order.first_part), int(order.first_part) + int(order.parts))]


@pytest.mark.parametrize("taker", [GROUP, PRIME])
def test_a_firm_that_closes_never_delivers_and_the_others_do(taker):
    world, order = with_an_order(taker)
    site = int(parts_of(world, order)[0].firm)
    number, buyer = int(order.number), int(order.buyer)
    assert taker == GROUP or order.lead == site
    world.firms[site].closes = 5
    # Nobody comes after it while the order is under way.
    world.params["growth_entry"] = 0.0
    world = advance(world, 6)
    order = next(each for each in world.orders if each.number == number and each.due == 6 and each.buyer == buyer)
    left, *others = parts_of(world, order)
    assert (left.firm, left.outcome, left.volume, left.income) == (NONE, DEFAULT, 0.0, 0.0)
    assert all(part.outcome == ON_TIME and part.income > 0.0 for part in others)
    assert world.firms[site].standing == VACANT
    assert (world.relations[site] == 0.0).all()


def test_what_buyers_owe_a_firm_that_closed_pays_its_bank_first_and_then_its_household():
    world, order = with_an_order(GROUP)
    world = advance(world, 6)
    piece = parts_of(world, order)[0]
    assert piece.outcome == ON_TIME
    site = int(piece.firm)
    # It has a quarter, owes one and a half for this part, and is to be paid five; nobody else is to be paid or owes.
    world.parts["loan"] = 0.0
    world.parts["income"] = 0.0
    world.firms[site].working_capital = 0.25
    piece.loan, piece.loan_cost, piece.income = 1.0, 0.5, 5.0
    before = money(world)[0]
    world.firms[site].closes = 7
    world = advance(world, 7)
    piece = parts_of(world, order)[0]
    assert (piece.firm, piece.loan) == (NONE, 1.25)
    accounts = [float(world.clusters[f"{name}_account"][0]) for name in ("bank", "households", "buyers")]
    pay_orders(world, scratch_for(world), 0, 8)
    assert piece.loan == 0.0
    now = [float(world.clusters[f"{name}_account"][0]) for name in ("bank", "households", "buyers")]
    assert now[0] - accounts[0] == pytest.approx(1.25)
    assert now[1] - accounts[1] == pytest.approx(5.0 - 1.25)
    assert money(world)[0] == pytest.approx(before)


def newcomers_with(**changes):
    """Return (trust on ties of sites that were just taken, base of the same), a row for each site, of 30 clusters."""
    keys = {name.replace("__", "."): value for name, value in changes.items()}
    apart = dict.fromkeys(("groups.enabled", "orders.subcontracting", "programme.enabled"), False)
    changes = {**COMING_AND_GOING, **apart, "ties.trust": 0.8, "growth.entry": 1.0, **keys}
    scenario = Scenario.preset("sentra").replace(changes)
    found = []
    for seed in range(30):
        world = advance(build([scenario], [seed]), 5)
        ties = ties_of(world)
        for site in np.flatnonzero(world.firms["born"] == 5):
            mine = (ties["lower"] == site) | (ties["upper"] == site)
            # Of ties that two newcomers share the later one tells.
            other = np.where(ties["lower"] == site, ties["upper"], ties["lower"])[mine]
            old = world.firms["born"][other] < 5
            found.append((ties["trust"][mine][old], ties["base_trust"][mine][old]))
    return found


def test_a_newcomer_is_known_to_the_neighbour_with_whom_it_learned_the_trade_and_to_nobody_else():
    strangers, apprentices = (newcomers_with(growth__apprentices=share) for share in (0.0, 1.0))
    # A month's drift to the base has passed.
    for trust, base in strangers:
        assert trust == pytest.approx(0.3 + 0.01 * (base - 0.3))
    # Ties that were formed later begin at their base, 0.3.
    known = [(np.isclose(trust, base, atol=1e-12) & (base != 0.3)).sum() for trust, base in apprentices]
    assert max(known) == 1
    # Some learned with another newcomer, or next to nobody.
    assert np.mean(known) > 0.5


def test_at_the_base_of_newcomers_only_the_master_keeps_what_the_place_is_like():
    for trust, base in newcomers_with(growth__apprentices=1.0, growth__newcomer_base="newcomer"):
        assert (base != 0.3).sum() <= 1
        assert trust[base != 0.3] == pytest.approx(base[base != 0.3])


@pytest.mark.parametrize("name", ["busy", "subcontracts"])
def test_an_owner_who_is_about_to_close_takes_no_work_that_would_not_be_done_before(name):
    """Nobody leaves a part of an order under way but after long losses; who stays takes part."""
    changes = {**COMING_AND_GOING, **CORNERS[name], "growth.loss_exit": 0.0}
    parts = exits = 0
    for seed in range(4):
        world = build([Scenario.preset("sentra").replace(changes)], [seed], months_kept=60)
        for month in range(1, 40):
            world = advance(world, month)
            cluster = world.clusters[0]
            exits += world.series[0, month - 1].exits
            for number in range(int(cluster.oldest_order), int(cluster.next_order)):
                order = world.orders[number % int(cluster.order_room)]
                if order.accepted < month <= order.due:
                    under_way = [part.firm for part in parts_of(world, order) if part.outcome in (WORKING, DEFAULT)]
                    assert NONE not in under_way
                    parts += len(under_way)
    assert parts > 100
    assert exits > 40


def test_whoever_still_works_on_an_order_is_there():
    left = 0
    for seed in range(6):
        world, _ = opened("busy", seed, 7)
        renew(world, scratch_for(world), 0, 7)
        cluster = world.clusters[0]
        rows = np.arange(int(cluster.oldest_part), int(cluster.next_part)) % int(cluster.part_room)
        parts = world.parts[rows]
        gone = parts["firm"] == NONE
        left += gone.sum()
        assert (parts["outcome"][gone] != WORKING).all()
        assert (world.firms["standing"][parts["firm"][~gone]] != VACANT).all()
    assert left > 0

"""Null checks: what is switched off has exactly no effect; labels do not matter; money and goods are conserved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.analysis.patterns.balance import goods, money
from klastersim.engine.run import advance
from klastersim.indicators.digest import digest_of
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import MEASURES
from tests.verification.runs import load, many

#: A cluster in which everything happens: groups, subcontracts, single orders, purchases, loans.
LIVELY = {
    "ties.trust": 0.75,
    "market.potential": 8.0,
    "finance.working_capital": 3.0,
    "purchase.ceiling": 0.06,
    "programme.enabled": False,
}

#: Measures about the programme itself.
ABOUT_PROGRAMME = ("public_cost", "social_cost", "supported")


def lively(**changes):
    return Scenario.preset("sentra").replace(LIVELY).replace({k.replace("__", "."): v for k, v in changes.items()})


def story(run, leave_out=()):
    """Digest of the monthly measures but for some."""
    return digest_of({name: run.measures[name] for name in MEASURES if name not in leave_out})


def test_the_lively_cluster_is_lively():
    series = simulate(lively(), 120, seed=3).series
    assert series["active"].max() == 1.0
    assert series["taken"].sum() > 50
    assert series["acting"].max() > series["acting_orders"].max() > 0.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_programme_equals_no_budget_equals_a_programme_after_the_horizon(seed):
    programme = lively(programme__enabled=True, programme__budget=200.0)
    off, empty, late = (
        simulate(programme.replace(changes), 120, seed)
        for changes in (
            {"programme.enabled": False},
            {"programme.budget": 0.0},
            {"programme.start": 121, "programme.end": 156},
        )
    )
    assert story(off, ABOUT_PROGRAMME) == story(empty, ABOUT_PROGRAMME) == story(late, ABOUT_PROGRAMME)
    # When firms note their value added depends on when the programme would have been.
    about = ["supported", "value_before", "value_after"]
    assert off.firms.drop(columns="supported").equals(empty.firms.drop(columns="supported"))
    assert off.firms.drop(columns=about).equals(late.firms.drop(columns=about))
    assert late.series["supported"].max() == late.series["public_cost"].max() == 0.0


def test_a_programme_changes_nothing_before_it_starts():
    on, off = (simulate(lively(programme__enabled=flag, programme__budget=500.0), 36, 4) for flag in (True, False))
    assert story(on) == story(off)


@pytest.mark.parametrize(
    ("switch", "same_by_parameters", "leave_out"),
    [
        ({"decision.enabled": False}, {"decision.intercept": -100.0, "decision.gain": 0.0}, ()),
        ({"decision.enabled": False, "start.held": 30}, {"decision.enabled": False}, ()),
        ({"groups.enabled": False}, {"groups.minimum": 1000, "groups.maximum": 1000}, ("expected_gain", "cooperating")),
        ({"purchase.enabled": False}, {"purchase.ceiling": 0.0}, ()),
        ({"relations.enabled": False}, {"relations.rise": 0.0, "relations.fall": 0.0, "relations.decay": 0.0}, ()),
        ({"finance.credit": False}, {"finance.limit": 0.0}, ()),
        ({"orders.single": False, "orders.subcontracting": False, "groups.enabled": False}, None, ()),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_switch_equals_the_parameters_at_which_its_mechanism_does_nothing(
    switch, same_by_parameters, leave_out, seed
):
    switched = simulate(lively(**{k.replace(".", "__"): v for k, v in switch.items()}), 60, seed)
    if same_by_parameters is None:
        # Nobody can take an order: the same as none, but for the orders that were counted.
        same_by_parameters = {**switch, "market.potential": 0.0}
        leave_out = ("potential", "reached", "organised", "single_share")
        assert switched.series["reached"].sum() > 0
    if switch == {"groups.enabled": False}:
        # The cost that a firm outside expects is that of the smallest group, so gain and cost are left out.
        same_by_parameters = {**same_by_parameters, "decision.gain": 0.0}
        switched = simulate(lively(groups__enabled=False, decision__gain=0.0), 60, seed)
        leave_out = ()
    other = simulate(lively(**{k.replace(".", "__"): v for k, v in same_by_parameters.items()}), 60, seed)
    assert story(switched, leave_out) == story(other, leave_out)


def test_where_firms_may_not_cooperate_nobody_does_from_whatever_start():
    series = simulate(lively(decision__enabled=False, start__kind="cooperating", start__held=20), 60).series
    assert series[["cooperating", "groups", "acting", "collective_sales"]].to_numpy().max() == 0.0


def test_without_groups_nobody_is_in_one_and_nobody_buys_together():
    series = simulate(lively(groups__enabled=False, start__kind="cooperating"), 60).series
    assert series[["groups", "largest_group", "in_groups"]].to_numpy().max() == 0.0
    assert series["acting"].equals(series["acting_orders"])


def test_without_orders_nothing_is_asked_for_taken_or_sold_jointly():
    series = simulate(lively(market__potential=0.0), 60).series
    counts = ["potential", "reached", "organised", "skilled", "financed", "taken", "due", "delivered"]
    assert series[[*counts, "collective_sales", "collective_share", "acting_orders"]].to_numpy().max() == 0.0


def test_without_orders_and_purchases_nobody_expects_anything_of_cooperation():
    series = simulate(load("alone", start__kind="cooperating"), 60).series
    assert set(series["expected_gain"]) == {0.0}


def test_single_orders_are_taken_only_where_they_are_allowed():
    for seed in range(5):
        world = build([lively(orders__single=False)], [seed])
        world = advance(world, 40)
        taken = np.arange(int(world.clusters["oldest_order"][0]), int(world.clusters["next_order"][0]))
        assert not (world.orders["taker"][taken % int(world.clusters["order_room"][0])] == 0).any()


@pytest.mark.parametrize("potential", [0.0, 8.0])
def test_a_cluster_without_a_share_in_the_market_sells_at_a_constant_price(potential):
    run = simulate(lively(local__cluster_share=0.0, market__potential=potential), 60)
    assert set(run.series["price"]) == {run.scenario["local.price"]}


def test_a_passive_cluster_without_orders_sells_at_the_opening_price():
    run = simulate(load("alone", decision__enabled=False), 24)
    assert set(run.series["price"]) == {run.scenario["local.price"]}


def test_what_does_not_learn_stays_as_it_was():
    still = {f"learning.{name}": 0.0 for name in ("trust_rise", "trust_fall", "trust_drift", "quality_spill")}
    scenario = lively(**{k.replace(".", "__"): v for k, v in still.items()}).replace(
        {"learning.quality_drift": 0.0, "learning.gain_rate": 0.0, "learning.gain_watch": 0.0, "ties.most": 0}
    )
    run = simulate(scenario, 60)
    assert run.series["taken"].sum() > 0
    for name in ("trust", "trust_density", "quality"):
        assert len(set(run.series[name])) == 1, name
    assert set(run.series["expected_gain"]) == {0.0}


def test_without_memory_of_buyers_relations_stay_at_their_base():
    run = simulate(lively(relations__enabled=False), 60)
    assert set(np.unique(run.world.relations)) == {run.scenario["market.linkage"]}


def test_without_finance_working_capital_stays_as_it_was():
    run = simulate(lively(finance__enabled=False), 60)
    opening = build([run.scenario], [1])
    assert np.array(run.world.firms["working_capital"]) == pytest.approx(np.array(opening.firms["working_capital"]))


def test_without_finance_no_order_fails_for_want_of_money_and_no_bank_lends():
    run = simulate(lively(finance__enabled=False, finance__working_capital=0.0), 60)
    assert run.series["skilled"].equals(run.series["financed"])
    assert run.world.clusters["bank_account"][0] == 0.0


def relabelled(folder, name, edges, order):
    path = folder / f"{name}.csv"
    lines = "".join(f"{order[a]},{order[b]},{trust}\n" for a, b, trust in edges)
    path.write_text("firm,partner,trust\n" + lines, encoding="utf-8")
    return path


def test_renaming_the_firms_changes_no_distribution(tmp_path):
    # Six measures by the two-sample Kolmogorov-Smirnov test at 1e-4 each: false alarm at most 6e-4.
    rng = np.random.default_rng(20)
    world = build([lively(cluster__firms=40)], [9])
    ties = ties_of(world)
    edges = [(int(t.lower), int(t.upper), float(t.trust)) for t in ties]
    runs, ends = 300, []
    for k, order in enumerate((np.arange(40), rng.permutation(40))):
        path = relabelled(tmp_path, f"ties{k}", edges, order)
        changed = lively(cluster__firms=40).replace({"ties.kind": "file", "ties.file": str(path)})
        ends.append(many(changed, runs, 60, first_seed=1 + k * runs).series[:, 59 % 12])
    for name in ("cooperating", "trust", "working_capital", "linkage", "expected_gain", "collective_share"):
        assert stats.ks_2samp(ends[0][name], ends[1][name]).pvalue > 1e-4, name


MONTHS = st.integers(1, 20)
SHOCKS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["input_price", "demand", "rival_price"]),
        "month": MONTHS,
        "factor": st.floats(0.2, 3.0),
        "half_life": st.floats(0.5, 30.0),
    }
)
FORUMS = st.fixed_dictionaries({"kind": st.just("forum"), "month": MONTHS, "share": st.floats(0.0, 1.0)})
LEAVING = st.fixed_dictionaries({"kind": st.just("buyer_leaves"), "month": MONTHS, "buyer": st.just(4)})
ENTERING = st.fixed_dictionaries(
    {"kind": st.just("buyer_enters"), "month": MONTHS, "buyer": st.just(0), "firms": st.integers(0, 30)}
)
BUDGETS = st.fixed_dictionaries(
    {"kind": st.just("programme"), "month": st.integers(1, 9), "until": st.integers(9, 30), "budget": st.floats(0, 900)}
)

#: Histories: any shocks, and at most one event of each other kind.
HISTORIES = st.builds(
    lambda shocks, *others: shocks + [event for some in others for event in some],
    st.lists(SHOCKS, max_size=3),
    *(st.lists(kind, max_size=1) for kind in (FORUMS, LEAVING, ENTERING, BUDGETS)),
)


def possible(drawn):
    """What was drawn without machines that nobody can own, and without a chain where there are no ties."""
    machines = drawn["functions.enabled"] and drawn["bodies.enabled"]
    chain = drawn["chain.enabled"] and drawn["ties.kind"] != "all"
    return drawn | {"mix.equipment": drawn["mix.equipment"] * machines, "chain.enabled": chain}


scenarios = st.fixed_dictionaries(
    {
        "cluster.firms": st.integers(1, 25),
        "ties.kind": st.sampled_from(["near", "random", "all"]),
        "ties.trust": st.floats(0.2, 1.0),
        "cluster.sizes": st.sampled_from(["classes", "equal"]),
        "market.potential": st.sampled_from([0.0, 2.0, 10.0, 40.0]),
        "market.linkage": st.floats(0.0, 1.0),
        "orders.schedule": st.integers(1, 5),
        "orders.payment_delay": st.integers(0, 3),
        "orders.default_rate": st.floats(0.0, 0.5),
        "orders.late_rate": st.floats(0.0, 0.8),
        "orders.quality": st.floats(0.0, 0.8),
        "orders.high_value": st.floats(100.0, 600.0),
        "orders.low_weeks": st.floats(0.1, 8.0),
        "orders.premium": st.floats(0.0, 2.0),
        "start.kind": st.sampled_from(["passive", "cooperating"]),
        "groups.minimum": st.integers(1, 5),
        "groups.meeting_days": st.floats(0.0, 25.0),
        "local.cluster_share": st.floats(0.0, 1.0),
        "local.wage": st.floats(0.0, 2.0),
        "purchase.ceiling": st.floats(0.0, 0.5),
        "finance.enabled": st.booleans(),
        "finance.working_capital": st.floats(0.0, 4.0),
        "finance.retention": st.floats(0.0, 1.0),
        "finance.limit": st.floats(0.0, 5.0),
        "programme.enabled": st.booleans(),
        "programme.budget": st.floats(0.0, 2_000.0),
        "programme.start": st.just(4),
        "programme.end": st.integers(4, 20),
        "programme.channel": st.sampled_from(["individual", "group", "mixed"]),
        "programme.market_networks": st.booleans(),
        "programme.self_organisation": st.booleans(),
        "programme.loan_months": st.integers(1, 6),
        "programme.arrears": st.floats(0.0, 0.5),
        "events": HISTORIES,
        "growth.enabled": st.booleans(),
        "growth.adjustment": st.floats(0.0, 1.0),
        "growth.response": st.floats(0.0, 3.0),
        "growth.order_hiring": st.floats(0.0, 1.0),
        "growth.suspension": st.floats(0.0, 1.0),
        "growth.exit_hazard": st.floats(0.0, 99.0),
        "growth.loss_months": st.integers(1, 6),
        "growth.loss_exit": st.floats(0.0, 1.0),
        "growth.entry": st.floats(0.0, 1.0),
        "growth.attraction": st.floats(0.0, 5.0),
        "growth.opening_size": st.floats(0.0, 1.0),
        "bargaining.enabled": st.booleans(),
        "traders.enabled": st.booleans(),
        "market.trader_linkage": st.floats(0.0, 1.0),
        "buyers.unequal": st.booleans(),
        "buyers.schedule_spread": st.floats(0.0, 1.0),
        "principals.enabled": st.booleans(),
        "principals.number": st.integers(0, 4),
        "principals.prefinance": st.floats(0.0, 0.9),
        "bargaining.outside_supply": st.floats(0.0, 5.0),
        "contracts.enabled": st.booleans(),
        "contracts.dominance": st.floats(0.0, 0.2),
        "contracts.rate": st.floats(0.0, 1.0),
        "contracts.months": st.integers(1, 6),
        "contracts.share": st.floats(0.0, 1.0),
        "functions.enabled": st.booleans(),
        "functions.training_cost": st.floats(0.0, 1.0),
        "functions.research_cost": st.floats(0.0, 1.0),
        "functions.logistics_cost": st.floats(0.0, 1.0),
        "functions.technology_cost": st.floats(0.0, 1.0),
        "functions.machine_price": st.floats(0.0, 100.0),
        "functions.machine_months": st.integers(1, 20),
        "functions.machine_gain": st.floats(0.0, 1.0),
        "bodies.enabled": st.booleans(),
        "bodies.patience": st.integers(1, 12),
        "capture.enabled": st.booleans(),
        "capture.share": st.floats(0.0, 1.0),
        "external.enabled": st.booleans(),
        "types.kinds": st.sampled_from(["two", "four"]),
        "programme.equipment_share": st.floats(0.0, 1.0),
        "programme.path": st.sampled_from(["constant", "declining"]),
        "mix.equipment": st.floats(0.0, 3.0),
        "chain.enabled": st.booleans(),
        "chain.opening_share": st.floats(0.0, 1.0),
        "chain.matched_gain": st.floats(0.0, 1.0),
        "trade.partner": st.sampled_from(["trusted", "loyal"]),
    }
).map(possible)


def hands(world):
    """Workers of the firms and local people not at work; it never changes."""
    return float(np.asarray(world.firms["workers"]).sum()) + float(world.clusters["home_workers"][0])


@settings(max_examples=60)
@given(changes=scenarios, seed=st.integers(0, 2**63 - 1))
def test_money_goods_and_workers_are_conserved_every_month(changes, seed):
    world = build([Scenario.preset("sentra").replace(changes)], [seed])
    opening = float(money(world)[0])
    workers = hands(world)
    moved = 0.0
    for month in range(1, 25):
        world = advance(world, month)
        cluster = world.clusters[0]
        moved += float(world.firms["income"].sum()) + abs(opening)
        assert money(world)[0] == pytest.approx(opening, abs=1e-11 * moved + 1e-9)
        assert goods(world)[0] == pytest.approx(0.0, abs=1e-10 * float(cluster.goods_made) + 1e-9)
        # Work taken with a machine, a level of technology or partners that are lost since is made all the same.
        more = changes["functions.enabled"] * (0.13 + changes["functions.machine_gain"])
        more += changes["chain.enabled"] * changes["chain.matched_gain"]
        assert (np.array(world.firms["work"]) <= np.array(world.firms["workers"]) * (1.0 + more + 1e-9)).all()
        assert hands(world) == pytest.approx(workers, rel=1e-11)


@settings(max_examples=40)
@given(changes=scenarios, seed=st.integers(0, 2**63 - 1))
def test_what_has_bounds_keeps_them(changes, seed):
    world = advance(build([Scenario.preset("sentra").replace(changes)], [seed]), 18)
    firms, cluster = world.firms, world.clusters[0]
    ties = world.ties[: int(cluster.ties)]
    for values in (ties["trust"], ties["base_trust"], firms["quality"], world.relations):
        assert ((np.asarray(values) >= 0.0) & (np.asarray(values) <= 1.0)).all()
    if changes["finance.enabled"]:
        assert (np.array(firms["working_capital"]) >= -1e-9).all()
    assert (np.array(firms["reserved"]) >= 0.0).all()
    assert (np.array(firms["work"]) >= 0.0).all()
    for name in MEASURES:
        assert np.isfinite(world.series[name][0]).all(), name

"""R14 over runs: survival, stock, workers and suspension against closed forms; newcomers of twins; what is off."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate, twin
from klastersim.engine.run import advance
from klastersim.indicators.digest import digest_of
from klastersim.world.build import build
from klastersim.world.layout import MEASURES, SUSPENDED, VACANT
from tests.verification.runs import load, many

#: Nothing of R14 happens unless a test lets it.
STILL = {
    "growth__enabled": True,
    "growth__adjustment": 0.0,
    "growth__suspension": 0.0,
    "growth__exit_hazard": 0.0,
    "growth__loss_exit": 0.0,
    "growth__entry": 0.0,
}

#: False-alarm rate of each binomial comparison.
ALPHA = 1e-5


def alone(**changes):
    """A passive cluster without orders, in which nothing of R14 happens but what is changed."""
    return load("alone", **{"decision__enabled": False, **STILL, **changes})


def allows(count, trials, chance):
    return stats.binomtest(int(count), int(trials), chance).pvalue > ALPHA


def present(world):
    return np.asarray(world.firms["standing"]) != VACANT


@pytest.mark.parametrize("hazard", [10.2, 40.0])
def test_a_cohort_survives_as_the_hazard_says(hazard):
    world = many(alone(growth__exit_hazard=hazard), 40, 0)
    for month in (12, 36, 60, 74):
        world = advance(world, month)
        expected = (1.0 - hazard / 100.0) ** (month / 12.0)
        assert allows(present(world).sum(), len(world.firms), expected), month


def test_stock_settles_where_entries_equal_exits():
    hazard, entry = 50.0, 0.1
    world = many(alone(growth__exit_hazard=hazard, growth__entry=entry, growth__attraction=0.0), 40, 96)
    monthly = 1.0 - (1.0 - hazard / 100.0) ** (1.0 / 12.0)
    assert allows(present(world).sum(), len(world.firms), entry / (entry + monthly))
    year = world.series[:, -12:]
    entries, exits = float(year["entries"].sum()), float(year["exits"].sum())
    assert allows(entries, entries + exits, 0.5)


def test_at_the_defaults_entry_is_within_the_range_of_the_evidence():
    # 5 to 20 % a year of stock; the mean over 20 clusters and ten years.
    world = build([load("alone", decision__enabled=False, growth__enabled=True)] * 20, range(20), months_kept=120)
    series = advance(world, 120).series
    stock, years = float(series["firms"][:, -60:].mean()), 5.0
    for name in ("entries", "exits"):
        assert 0.05 < float(series[name][:, -60:].sum(axis=1).mean()) / years / stock < 0.20, name


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_workers_return_to_the_span_exponentially(factor):
    rate, months = 0.1, 14
    scenario = alone(growth__adjustment=rate, local__cluster_share=0.0, finance__enabled=False, cluster__workers=8.0,
                     cluster__sizes="equal")  # fmt: skip
    world = build([scenario], [3])
    world.firms["workers"] *= factor
    world = advance(world, months)
    expected = 8.0 + 8.0 * (factor - 1.0) * (1.0 - rate) ** months
    assert np.asarray(world.firms["workers"]) == pytest.approx(expected, rel=1e-12)


def test_workers_follow_the_margin_by_the_declared_response():
    scenario = alone(growth__adjustment=1.0, growth__response=0.5, local__cluster_share=0.0, finance__enabled=False)
    world = build([scenario], [3])
    span = np.array(world.firms["span"])
    price, wage = scenario["local.price"], scenario["local.wage"]
    ordinary = price * (1.0 - scenario["local.input_share"]) - wage
    world.clusters["input_price"] += 0.2 * ordinary
    world = advance(world, 2)
    assert np.asarray(world.firms["workers"]) == pytest.approx(np.maximum(1.0, span * 0.9), rel=1e-12)


def test_a_poor_firm_hires_no_more_than_it_can_pay():
    scenario = alone(growth__adjustment=1.0, local__cluster_share=0.0, cluster__sizes="equal", cluster__workers=10.0)
    world = build([scenario], [3])
    world.firms["workers"] = 4.0
    world.firms["working_capital"] = 1.0
    world = advance(world, 1)
    cost = scenario["local.price"] * scenario["local.input_share"] + scenario["local.wage"]
    assert np.asarray(world.firms["workers"]) == pytest.approx(4.0 + 1.0 / cost)


def test_where_price_does_not_cover_cost_workshops_stop_and_come_back_when_it_does():
    rate = 0.25
    world = many(alone(growth__suspension=rate, local__cluster_share=0.0, growth__opening_size=0.5), 30, 0)
    ordinary = np.array(world.clusters["input_price"])
    world.clusters["input_price"] = ordinary * 2.0
    for month in (1, 3, 6):
        world = advance(world, month)
        stopped = np.asarray(world.firms["standing"]) == SUSPENDED
        assert allows(stopped.sum(), len(stopped), 1.0 - (1.0 - rate) ** month), month
        assert (np.asarray(world.firms["workers"])[stopped] == 0.0).all()
    still = int((np.asarray(world.firms["standing"]) == SUSPENDED).sum())
    world.clusters["input_price"] = ordinary
    world = advance(world, 8)
    now = np.asarray(world.firms["standing"]) == SUSPENDED
    assert allows(now.sum(), still, (1.0 - rate) ** 2)
    assert float(world.series["suspended"][:, (8 - 1) % 12].mean()) == pytest.approx(now.mean())
    world = advance(world, 60)
    assert (np.asarray(world.firms["standing"]) == SUSPENDED).sum() == 0
    came_back = np.asarray(world.firms["workers"]) < np.asarray(world.firms["span"])
    assert np.asarray(world.firms["workers"])[came_back] == pytest.approx(
        np.maximum(1.0, 0.5 * np.asarray(world.firms["span"])[came_back])
    )
    assert came_back.any()


def test_only_long_loss_closes_a_firm_without_a_hazard():
    chance, patience = 0.2, 5
    scenario = alone(growth__loss_exit=chance, growth__loss_months=patience, local__cluster_share=0.0)
    world = many(scenario, 30, 24)
    assert present(world).all()
    world.clusters["input_price"] *= 2.0
    # Losses are noted a month later; the first closing is possible when a whole count of them is.
    world = advance(world, 24 + patience + 1)
    assert present(world).all()
    world = advance(world, 24 + patience + 4)
    assert allows(present(world).sum(), len(world.firms), (1.0 - chance) ** 3)


def test_a_cluster_in_ordinary_times_neither_grows_nor_shrinks():
    run = simulate(alone(growth__adjustment=0.1, growth__suspension=0.25, growth__loss_exit=0.1), 60)
    opening = build([run.scenario], [1])
    assert np.array_equal(run.world.firms["workers"], opening.firms["workers"])
    assert len(set(run.series["jobs"])) == 1
    assert run.series["investment"].abs().max() < 1e-9


def test_newcomers_take_free_sites_sooner_near_those_who_do_well():
    scenario = alone(growth__entry=0.3, growth__attraction=1.0, local__cluster_share=0.0)
    worlds = [build([scenario] * 30, range(30)) for _ in range(2)]
    taken = []
    for world, profit in zip(worlds, (0.5, 1.5), strict=True):
        world.firms["closes"][::7] = 1
        world = advance(world, 1)
        free = ~present(world)
        ordinary = scenario["local.price"] * (1.0 - scenario["local.input_share"]) - scenario["local.wage"]
        world.firms["profit"] = profit * ordinary * np.asarray(world.firms["workers"])
        world = advance(world, 2)
        taken.append((int((present(world) & free).sum()), int(free.sum())))
    assert allows(*taken[0], 0.15)
    assert allows(*taken[1], 0.45)


LIVELY = {
    "ties.trust": 0.8,
    "start.kind": "cooperating",
    "market.potential": 8.0,
    "growth.enabled": True,
    "programme.start": 13,
    "programme.end": 36,
    "programme.budget": 600.0,
}


def test_twins_share_the_newcomers_that_come_to_both():
    scenario = Scenario.preset("sentra").replace({**LIVELY, "growth.exit_hazard": 30.0})
    pair = twin(scenario, seed=5, months=72)
    here, there = pair.with_.world.firms, pair.without.world.firms
    same = (np.asarray(here["born"]) == np.asarray(there["born"])) & (np.asarray(here["born"]) > 12)
    assert same.sum() > 5
    assert not np.array_equal(here["working_capital"], there["working_capital"])
    for name in ("span", "quality_base", "social", "collateral", "threshold", "usual_capital", "closes"):
        assert np.array_equal(here[name][same], there[name][same]), name
    # Another month, or another site, brings somebody else.
    assert len(set(np.asarray(here["quality_base"])[same])) == same.sum()


def test_firms_are_followed_by_birth_and_replaced_owners_told_apart():
    scenario = Scenario.preset("sentra").replace({**LIVELY, "programme.start": 37, "programme.end": 48})
    pair = twin(scenario, seed=2, months=120)
    effects, firms = pair.firm_effects, pair.with_.world.firms
    old = (np.asarray(firms["born"]) < 37) & present(pair.with_.world)
    assert effects is not None
    assert effects.closed_with > effects.replaced > 0
    assert old.sum() + effects.closed_with == 50 - int((np.asarray(firms["predecessor"]) == 3).sum())
    assert sum(effects.grades.values()) <= old.sum() + effects.closed_with
    # Who had gone by the measuring date counts as zero, and no newcomer's value added is put down to it.
    gone = np.isin(np.asarray(firms["predecessor"]), (1, 2))
    closed_late = gone & (np.asarray(firms["value_after"]) != 0.0)
    assert (np.asarray(firms["value_after"])[gone & ~closed_late] == 0.0).all()
    assert closed_late.sum() < gone.sum()


def story(run, leave_out=()):
    return digest_of({name: run.measures[name] for name in MEASURES if name not in leave_out})


def test_a_switch_that_is_off_and_rates_that_are_zero_leave_no_trace():
    lively = Scenario.preset("sentra").replace(LIVELY)
    off = lively.replace({"growth.enabled": False})
    still = lively.replace({key.replace("__", "."): value for key, value in STILL.items()})
    wild = off.replace({"growth.exit_hazard": 90.0, "growth.adjustment": 1.0, "growth.suspension": 1.0})
    runs = [simulate(each, 60, 4) for each in (off, still, wild)]
    assert runs[0].series["taken"].sum() > 0
    assert story(runs[0]) == story(runs[1]) == story(runs[2])
    assert all(runs[0].firms.equals(run.firms) for run in runs[1:])
    assert runs[0].final["jobs"] is None
    assert runs[1].final["jobs"] == pytest.approx(float(runs[0].world.firms["workers"].sum()))


def test_jobs_are_the_workers_of_firms_that_are_there_and_come_from_home_first():
    scenario = Scenario.preset("sentra").replace({**LIVELY, "growth.local_labour": 1.0, "market.potential": 20.0})
    run = simulate(scenario, 60, 3)
    cluster = run.world.clusters[0]
    assert run.final["jobs"] == pytest.approx(float(run.world.firms["workers"].sum()))
    beyond = max(0.0, run.final["jobs"] - float(cluster.opening_supply))
    assert run.final["local_labour"] == pytest.approx(1.0 - beyond / run.final["jobs"])
    assert run.series["local_labour"].min() < 1.0


def test_a_whole_order_can_be_hired_for_and_its_hands_leave_when_it_is_done():
    changes = {"growth.exit_hazard": 0.0, "market.potential": 30.0, "market.linkage": 0.3, "local.cluster_share": 0.0}
    scenario = Scenario.preset("sentra").replace({**LIVELY, **changes})
    world = advance(build([scenario], [1]), 24)
    most = float(world.firms["workers"].sum())
    opening = float(world.clusters["opening_supply"][0])
    world.params["market_potential"] = 0.0
    world = advance(world, 96)
    left = float(world.firms["workers"].sum())
    assert most > 1.1 * opening
    assert left < opening + 0.1 * (most - opening)

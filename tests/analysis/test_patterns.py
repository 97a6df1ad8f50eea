"""The machinery behind the patterns, on tiny ensembles."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.analysis import patterns, ramp
from klastersim.analysis.patterns import (
    balance,
    channels,
    draws,
    ensemble,
    factors,
    instruments,
    mass,
    page,
    persistence,
    place,
    potential,
    regimes,
    remains,
    spending,
)
from klastersim.analysis.patterns.finding import Finding, judged
from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.scenario.parameters import PARAMETERS
from klastersim.world.build import build

SENTRA = Scenario.preset("sentra")


def finding(**changes):
    values = {
        "pattern": 1,
        "part": "part",
        "claim": "So it is.",
        "quantity": "share",
        "estimate": 0.5,
        "low": 0.4,
        "high": 0.6,
        "alpha": 0.001,
        "held": True,
    }
    return Finding(**{**values, **changes})


def test_a_claim_is_judged_on_the_bound():
    assert judged(0.11, 0.3, 0.1) is True
    assert judged(-0.2, 0.09, 0.1) is False
    assert judged(0.05, 0.2, 0.1) is None
    assert judged(-0.05, 0.2, -0.1, 0.0) is True
    assert judged(-0.3, -0.01, -0.1, 0.0) is False


def test_what_is_not_identified_has_not_held():
    with pytest.raises(ValueError, match="not identified"):
        finding(identified=False)
    assert finding(identified=False, held=None).verdict == "not identified"
    assert [finding(held=held).verdict for held in (True, False, None)] == ["held", "not held", "undecided"]


def test_a_finding_is_plain_values():
    told = finding(detail=({"trust": 0.5, "p": 0.1},)).to_dict()
    assert json.loads(json.dumps(told)) == told
    assert told["verdict"] == "held"


def test_an_ensemble_is_what_single_runs_are():
    points = [{"ties.trust": 0.8}, {"ties.trust": 0.7, "programme.enabled": False}]
    told = ensemble.ensemble(points, 3, 15, 7, ("active", "trust"))
    assert told.shape == (2, 3, 15)
    for k, point in enumerate(points):
        for r in range(3):
            run = simulate(SENTRA.replace(point), 15, int(derive_seed(7, r)))
            assert np.array_equal(told["trust"][k, r], run.measures["trust"])
            assert np.array_equal(told["active"][k, r], run.measures["active"])


def test_an_ensemble_does_not_depend_on_how_many_run_at_once(monkeypatch):
    points = [{"ties.trust": 0.8}, {"cluster.firms": 20}]
    whole = ensemble.ensemble(points, 4, 6, 7, ("trust",))
    monkeypatch.setattr(ensemble, "MOST_RUNS", 3)
    assert np.array_equal(whole, ensemble.ensemble(points, 4, 6, 7, ("trust",)))


def test_every_pattern_has_a_title_a_seed_and_changes_that_exist():
    keys = {each.key for each in PARAMETERS}
    assert {each.number for each in patterns.PATTERNS} == set(patterns.catalogue.TITLES)
    for each in patterns.PATTERNS:
        assert set(each.under) <= keys
        assert all(set(counter.changes) <= keys for counter in each.counters)
        assert each.replications > each.quick >= 0
        assert each.seed not in (place.SEARCH, place.SEARCH + 1)


def test_a_boundary_is_read_between_the_points_around_one_half():
    assert regimes.boundary((0.4, 0.5, 0.6), np.array([0.0, 0.25, 1.0])) == pytest.approx(0.5 + 0.1 / 3.0)
    assert regimes.boundary((0.4, 0.5), np.array([0.0, 0.4])) is None
    assert regimes.boundary((0.4, 0.5), np.array([0.9, 1.0])) is None
    bounds = [(0.0, 0.2), (0.1, 0.6), (0.6, 0.9)]
    assert regimes.bracket((0.4, 0.5, 0.6), bounds) == (0.4, 0.6)


@pytest.mark.parametrize("threshold", regimes.THRESHOLDS)
def test_on_the_percolation_line_a_firm_has_one_partner_it_would_work_with(threshold):
    mean = regimes.percolation_line(threshold, 6.0, 10.0)
    assert 6.0 * stats.beta.sf(threshold, 10.0 * mean, 10.0 * (1.0 - mean)) == pytest.approx(1.0)


def test_a_place_that_is_given_is_kept_and_among_equals_the_least_settled_is_taken():
    assert place.where_history_decides({"ties.trust": 0.61}, 50) == 0.61
    assert place.where_support_adds_most({"ties.trust": 0.61}, 50) == 0.61
    assert place.where_budgets_can({"ties.trust": 0.61}, 50) == place.where_active({"ties.trust": 0.61}, 50) == 0.61
    shares = np.array([0.0, 0.0, 0.4, 0.4, 1.0, 1.0, 0.5, 0.7])
    assert np.argmax(place._apart(shares)) == 3
    assert np.argmax(place._apart(shares[:6])) == 1


def test_a_ramp_is_read_by_the_step_of_its_budget():
    months = np.concatenate([np.arange(24.0), np.arange(24.0)[::-1]])
    up, down = ramp.stepped(np.stack([months, months + 1.0]), 12)
    assert up.shape == (2, 12)
    assert up[0] == pytest.approx(2.0 * np.arange(12) + 0.5)
    assert np.array_equal(up, down)


def test_a_crossing_is_the_lowest_spending_from_which_on_half_is_active():
    rows = np.zeros((4, 6))
    rows[1, 1] = rows[1, 3:] = 0.7
    rows[2] = 0.5
    rows[3, -1] = 1.0
    assert ramp.crossings(rows, 10.0 * np.arange(6)).tolist() == [50.0, 30.0, 0.0, 50.0]


def test_ways_are_compared_at_what_was_spent_and_not_at_what_was_budgeted():
    steps = np.arange(12.0)
    # Active in step with the money spent, but on the way down more is spent at each budget.
    up, down = steps / 20.0, (steps + 4.0) / 20.0
    ways = ramp.Ramp(up[None], down[None], 0.0 * up[None], 0.0 * up[None], steps, steps + 4.0)
    assert ways.spending[[0, -1]].tolist() == [4.0, 11.0]
    assert ways.gaps(ways.spending) == pytest.approx([0.0])


def test_below_the_least_potential_all_orders_together_are_under_a_twentieth_of_sales():
    assert potential.least_potential({"market.potential": 1.0}) == potential.least_potential({})
    small = potential.least_potential({"cluster.firms": 10, "cluster.sizes": "equal"})
    large = potential.least_potential({"cluster.firms": 20, "cluster.sizes": "equal"})
    assert large == pytest.approx(2.0 * small)
    world = build([SENTRA.replace({"cluster.firms": 10, "cluster.sizes": "equal"})], [1])
    cluster = world.clusters[0]
    volume = float(np.exp(cluster.order_log_mean + cluster.order_log_spread**2 / 2.0))
    assert small * volume * cluster.order_price == pytest.approx(0.05 * 60.0 * cluster.price)


def test_arms_spend_alike_after_the_budget_of_one_was_lowered():
    way = channels.WAYS["full"]
    points = [{"ties.trust": 0.7, **way.arm(channel)} for channel in channels.CHANNELS]
    budgets = spending.equal_spending(points, spending.BUDGET, spending.MONTHS, 8, channels.SPENDING)
    assert max(budgets) == spending.BUDGET
    paid = spending.with_budgets(points, budgets)
    told = ensemble.ensemble(paid, 8, spending.MONTHS, channels.SPENDING, ("public_cost",))["public_cost"]
    spent = told.sum(axis=2).mean(axis=1)
    assert spent[0] == pytest.approx(spent[1], rel=0.02)


def test_an_instrument_is_the_best_only_where_it_is_shown_to_exceed_every_other():
    luck = np.random.default_rng(1).normal(0.0, 1.0, (4, 400))
    assert instruments.best(luck + np.array([[0.0], [1.0], [0.1], [0.2]]), 0.001) == (1, True)
    assert instruments.best(luck + np.array([[0.0], [1.0], [1.0], [0.2]]), 0.001)[1] is False


def test_factors_are_told_from_their_effects_and_interactions(monkeypatch):
    """Value added of 2 by F1, of 1 more by F2 where F1 is there, nothing else."""
    has = (factors.LEVELS + 1) / 2
    values = np.repeat((2.0 * has[:, 0] + has[:, 0] * has[:, 1])[:, None], 5, axis=1)
    monkeypatch.setattr(factors, "_values", lambda *arguments: values + np.arange(5.0))
    told = {term: factors.effect(term, {}, 5, 1).estimate for term in factors.TERMS}
    assert told["F1",] == pytest.approx(2.5)
    assert told["F2",] == pytest.approx(0.5)
    assert told["F1", "F2"] == pytest.approx(0.5)
    assert all(value == pytest.approx(0.0) for term, value in told.items() if {"F3", "F4"} & set(term))


def test_unit_costs_stand_to_each_other_as_asked():
    way = channels.Way("equal unit cost", 0.25, True)
    assert all(way.arm(channel)["prices.group_ratio"] == 0.25 for channel in channels.CHANNELS)
    assert all("prices.group_ratio" not in channels.WAYS["full"].arm(channel) for channel in channels.CHANNELS)
    assert channels.WAYS["both"].arm("group")["programme.meetings_build_trust"] is False
    assert channels.listed_ratio(SENTRA) == pytest.approx((0.04 + 0.1) / 0.5)


def test_channels_break_even_between_the_ratios_around_zero():
    assert channels.break_even(channels.RATIOS, [1.0, 0.5, -0.5, -1.0]) == pytest.approx(0.75)
    assert channels.break_even(channels.RATIOS, [1.0, 0.5, 0.4, 0.1]) is None


def balanced(months=30):
    world = build([SENTRA.replace({"ties.trust": 0.8, "market.potential": 8.0})] * 3, [1, 2, 3])
    opening = balance.money(world)
    return advance(world, months), opening


def test_money_and_goods_of_many_clusters_balance():
    world, opening = balanced()
    assert max(balance.imbalance(world, opening, np.abs(opening))) < balance.ROUNDING
    assert any(balance.in_work(world, c) > 0.0 for c in range(3))


def test_a_rupiah_or_a_shoe_from_nowhere_is_seen():
    world, opening = balanced()
    world.firms["working_capital"][60] += 0.01
    assert balance.imbalance(world, opening, np.abs(opening))[0] > balance.ROUNDING
    world.clusters["goods_sold"][1] += 0.01
    assert balance.imbalance(world, opening, np.abs(opening))[1] > balance.ROUNDING


def test_a_worker_from_nowhere_is_seen():
    world = advance(build([SENTRA.replace({"growth.enabled": True})] * 3, [1, 2, 3]), 12)
    people = balance.hands(build([SENTRA.replace({"growth.enabled": True})] * 3, [1, 2, 3]))
    assert balance.missing_hands(world, people) < balance.ROUNDING
    world.firms["workers"][60] += 0.01
    assert balance.missing_hands(world, people) > balance.ROUNDING


def test_a_look_at_another_scenario_keeps_what_it_changes_itself():
    (look,) = (each for each in patterns.PATTERNS if (each.part, each.under_name) == ("band", "no trust in the choice"))
    other = look.on("preset whole", {"growth.enabled": True, "decision.trust": 9.0})
    assert other.under == {"growth.enabled": True, "decision.trust": 0.0}
    assert other.name == "band, no trust in the choice, preset whole"
    assert (other.look, other.seed, other.replications) == (look.look, look.seed, look.replications)


def test_the_fixed_point_of_equal_firms_that_know_everybody_solves_the_map():
    firms, trust = 30, 0.8
    changes = {**remains.NOTHING, "cluster.firms": firms, "cluster.sizes": "equal", "cluster.free_riders": 0.0}
    scenario = SENTRA.replace({**changes, "ties.trust": trust, "ties.concentration": 10_000.0, "ties.degree": 28.0})
    found = remains.fixed_point(build([scenario], [4]), 0, scenario)
    cost = float(remains.cost_of_joining(build([scenario], [4]), 0, scenario)[0])
    value = scenario["decision.intercept"] - scenario["decision.gain"] * cost
    value += scenario["decision.social"] * found + scenario["decision.trust"] * (trust - 0.5)
    assert found == pytest.approx(1.0 / (1.0 + np.exp(-value)), abs=0.002)


@pytest.mark.parametrize("each", patterns.PATTERNS, ids=lambda each: f"{each.number}")
def test_every_look_returns_a_finding_about_its_pattern(each):
    changes = {"ties.trust": 0.7, **each.under, "cluster.firms": 20}
    found = each.look(changes, min(each.replications, 3), each.seed, 0.05)
    assert (found.pattern, found.part) == (each.number, each.part)
    assert found.alpha <= 0.05
    assert None in (found.low, found.estimate, found.high) or found.low <= found.estimate <= found.high
    told = json.loads(json.dumps(found.to_dict()))
    assert told["verdict"] in ("held", "not held", "undecided", "not identified")


def test_the_page_tells_every_look_and_its_draws():
    other = finding(held=None, low=None, high=None, estimate=None)
    told = [
        page.Told(
            each, finding(pattern=each.number), tuple((c, other) for c in each.counters), {"held": 3, "undecided": 1}
        )
        for each in patterns.PATTERNS
    ]
    text = page.page(told, 4)
    assert all(f"## {number} {title}" in text for number, title in patterns.catalogue.TITLES.items())
    assert text.count("0.75 (0.30 to 0.95)") == len(told)
    assert "with no groups and no subcontracting: undecided" in text


def test_draws_count_verdicts(monkeypatch):
    looks = [
        SimpleNamespace(quick=1, glance=lambda changes, alpha: finding(held=changes["decision.trust"] > 3.0)),
        SimpleNamespace(quick=0),
    ]
    told = []
    assert draws.shares(looks, 10, 1, told.append) == {0: {"held": 5, "not held": 5}}
    assert told == list(range(11))


def test_persistence_that_falls_with_length_is_seen_to_fall(monkeypatch):
    runs = 400
    activated = np.ones((4, runs), bool)
    lasting = np.stack([np.arange(runs) < share * runs for share in (0.9, 0.7, 0.6, 0.4)])
    fates = persistence.Fates(activated, np.stack([lasting] * 3), ~activated, ~activated)
    monkeypatch.setattr(persistence, "_fates", lambda *arguments: fates)
    look = persistence.length({"ties.trust": 0.7}, runs, 1, 0.01)
    assert look.held is False
    assert look.estimate == pytest.approx(-0.5)


def test_a_fifth_that_carries_a_jump_is_seen_and_an_even_rise_is_none(monkeypatch):
    luck = np.random.default_rng(1).random(400)
    for chances, verdict in (([0.1] * 6 + [0.9] * 5, True), (np.linspace(0.1, 0.9, 11), False)):
        active = luck[None] < np.asarray(chances)[:, None]
        monkeypatch.setattr(mass, "_held_in", lambda *arguments, active=active: active)
        assert mass.steepness({"ties.trust": 0.7}, 400, 1, 0.01).held is verdict


def test_a_counter_test_looks_at_the_same_place():
    told = []

    def look(changes, replications, seed, alpha):
        told.append(dict(changes))
        return finding()

    spot = patterns.Place(search=lambda changes, replications: 0.62, words="most")
    each = patterns.Pattern(number=1, part="part", look=look, replications=200, quick=5, place=spot)
    each.find()
    each.find_with(patterns.Counter(name="more", changes={"decision.gain": 9.0}))
    each.glance({"ties.trust": 0.4, "decision.gain": 6.5}, 0.05)
    assert told == [{"ties.trust": 0.62}, {"ties.trust": 0.62, "decision.gain": 9.0}, {"decision.gain": 6.5}]

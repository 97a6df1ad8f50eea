"""R1: what a programme spends, what visits cost and teach, and where every rupiah goes."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate, twin
from klastersim.rules.programme import CONSTANT, DECLINING, RAMP, monthly_budget, trained_quality, visit_cost
from klastersim.scenario.record import code

SENTRA = Scenario.preset("sentra")


def budgets(path, start=37, end=72, yearly=12.0):
    return [monthly_budget(yearly, month, start, end, path) for month in range(1, 120)]


def test_rule_and_scenario_number_the_paths_alike():
    numbers = [code("programme.path", name) for name in ("constant", "declining", "ramp")]
    assert numbers == [CONSTANT, DECLINING, RAMP]


@pytest.mark.parametrize("path", [CONSTANT, DECLINING, RAMP])
def test_nothing_is_spent_outside_the_programme(path):
    paid = budgets(path)
    assert all(value == 0.0 for value in paid[:36] + paid[72:])


@pytest.mark.parametrize("end", [72, 70, 41])
def test_a_declining_budget_has_the_total_of_a_constant_one(end):
    assert sum(budgets(DECLINING, end=end)) == pytest.approx(sum(budgets(CONSTANT, end=end)))


def test_a_declining_budget_falls_in_equal_yearly_steps():
    paid = budgets(DECLINING)
    assert [paid[36], paid[48], paid[60]] == pytest.approx([1.5, 1.0, 0.5])


def test_a_ramp_rises_and_falls_alike():
    paid = budgets(RAMP)[36:72]
    assert paid == pytest.approx(paid[::-1])
    assert max(paid) == pytest.approx(1.0, rel=0.03)


def test_a_visit_costs_what_the_price_list_says():
    assert visit_cost(10, 0, 0.2, 0.5, 0.1, 0.1, 0.3, False) == pytest.approx(0.1 + 1.0 + 0.3)
    assert visit_cost(10, 4, 0.2, 0.5, 0.1, 0.1, 0.3, True) == pytest.approx(4 * 0.2 + 0.5 + 0.1 + 1.0 + 0.3)
    assert visit_cost(1, 1, 0.2, 0.5, 0.1, 0.1, 0.3, False) == pytest.approx(0.2 + 0.1 + 0.1 + 0.3)


def test_training_has_full_effect_where_it_meets_the_own_gap_and_none_beyond_the_band():
    assert trained_quality(0.4, 0.6, 0.1, 0.4) == pytest.approx(0.46)
    assert trained_quality(0.4, 0.4, 0.1, 0.4) == pytest.approx(0.43)
    assert trained_quality(0.4, 0.1, 0.1, 0.4) == 0.4


def supported(**changes):
    return SENTRA.replace({"programme.budget": 300.0, **{key.replace("__", "."): v for key, v in changes.items()}})


def spent_and_left(run):
    """Public money spent on visits and introductions, and what is left in the purses or lent out."""
    return float(run.series["public_cost"].sum()), float(run.world.purses.sum())


@pytest.mark.parametrize("channel", ["individual", "group", "mixed"])
def test_without_loans_what_is_spent_and_what_is_left_is_the_budget(channel):
    run = simulate(supported(programme__channel=channel, mix__finance=0.0), months=100)
    spent, left = spent_and_left(run)
    assert spent + left == pytest.approx(900.0)
    assert spent > 100.0


@pytest.mark.parametrize("channel", ["individual", "group"])
def test_repaid_loans_cost_nothing_but_delivery_and_the_subsidy_of_interest(channel):
    changes = {"mix__training": 0.0, "mix__market": 0.0, "mix__trust": 0.0, "programme__arrears": 0.0}
    run = simulate(
        supported(programme__channel=channel, programme__loan_rate=14.5, prices__visit=0.0, **changes).replace(
            {"prices.search": 0.0, "prices.member": 0.0, "prices.formation": 0.0}
        ),
        months=120,
    )
    spent, left = spent_and_left(run)
    assert spent == pytest.approx(0.0, abs=1e-6)
    assert left == pytest.approx(900.0)
    assert run.world.clusters[0].loans_out == 0


def test_who_defaults_alone_costs_the_public_more_than_who_defaults_in_a_group():
    changes = {"mix__training": 0.0, "mix__market": 0.0, "mix__trust": 0.0, "programme__arrears": 0.3}
    same = {"prices.search": 0.0, "prices.member": 0.0, "prices.formation": 0.0, "prices.visit": 0.0}
    costs = [
        spent_and_left(simulate(supported(programme__channel=channel, **changes).replace(same), months=120))[0]
        for channel in ("individual", "group")
    ]
    assert costs[0] > costs[1] > 0.0


def test_a_programme_leaves_nothing_before_it_starts():
    pair = twin(supported(programme__start=61, programme__end=96), months=60)
    assert pair.with_.digest == pair.without.digest


def test_zero_budget_is_no_programme():
    with_zero = simulate(SENTRA.replace({"programme.budget": 0.0}), months=84)
    without = simulate(SENTRA.replace({"programme.enabled": False}), months=84)
    assert with_zero.digest == without.digest


def test_meetings_teach_nothing_where_they_may_not_build_trust():
    only_trust = {"mix__training": 0.0, "mix__market": 0.0, "mix__finance": 0.0}
    pair = twin(supported(programme__meetings_build_trust=False, **only_trust), months=45)
    events = (pair.with_.world.tie_events, pair.without.world.tie_events)
    assert np.array_equal(events[0], events[1])
    assert pair.with_.series["public_cost"].sum() > 0.0


def test_introductions_cost_the_same_per_order_in_both_channels():
    changes = {"mix__training": 0.0, "mix__trust": 0.0, "mix__finance": 0.0}
    spent = [
        spent_and_left(simulate(supported(programme__channel=channel, **changes), months=84))[0]
        for channel in ("individual", "group")
    ]
    assert spent[0] == pytest.approx(spent[1])
    assert spent[0] % 2.0 == pytest.approx(0.0)


@pytest.mark.parametrize("remembered", [True, False])
def test_introductions_move_relations_only_where_they_go_through_them(remembered):
    changes = {"mix__training": 0.0, "mix__trust": 0.0, "mix__finance": 0.0}
    scenario = supported(programme__market_networks=remembered, **changes).replace(
        {"market.potential": 0.0, "programme.start": 1, "programme.end": 60, "ties.trust": 0.8, "cluster.quality": 0.8}
    )
    run = simulate(scenario, months=60)
    assert run.series["delivered"].sum() > 0
    moved = bool((run.world.relations != SENTRA["market.linkage"]).any())
    assert moved == remembered


def test_social_cost_is_public_cost_and_the_owners_time():
    run = simulate(supported(), months=84)
    extra = run.series["social_cost"] - run.series["public_cost"]
    assert (extra >= 0.0).all()
    assert extra.sum() > 0.0
    assert extra[:36].sum() == 0.0


def test_all_prices_equal_and_nothing_special_to_groups_the_channels_agree():
    """The null test: equal unit cost, no trust from meetings, no loss by spread, no groups, the same recipients."""
    null = {
        "prices.search": 0.0,
        "prices.visit": 0.0,
        "prices.formation": 0.0,
        "prices.training": 0.0,
        "prices.facilitator": 0.0,
        "programme.meetings_build_trust": False,
        "programme.spread_loss": False,
        "programme.self_organisation": False,
        "groups.enabled": False,
        "programme.group_size": 5,
        # Loans to a group are backed by its members, which is no part of what is compared here.
        "programme.arrears": 0.0,
    }
    gains = []
    for seed in range(1, 21):
        runs = [
            simulate(supported(programme__channel=channel, **{}).replace(null), months=96, seed=seed)
            for channel in ("individual", "group")
        ]
        added = [float(run.series["value_added"][36:].sum()) for run in runs]
        gains.append(added[1] / added[0] - 1.0)
    assert abs(float(np.mean(gains))) < 0.005

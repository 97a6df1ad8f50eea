"""The machinery behind the patterns of the whole model, on tiny ensembles."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim import Scenario, simulate
from klastersim.analysis.patterns import demand, organisation
from klastersim.analysis.patterns.ensemble import seeds_of
from klastersim.analysis.patterns.intervals import apart_mean_interval
from klastersim.analysis.patterns.living import LIVING, months_to_activation
from klastersim.world.build import build

LIVELY = {**LIVING, "ties.trust": 0.85, "start.kind": "cooperating", "cluster.firms": 20}


def test_an_interval_of_means_apart_is_that_of_welch():
    rng = np.random.default_rng(3)
    first, second = rng.normal(1.0, 2.0, 30), rng.normal(2.0, 0.5, 12)
    expected = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.98)
    assert apart_mean_interval(first, second, 0.01) == pytest.approx((expected.low, expected.high))


def test_a_run_that_is_never_active_counts_with_all_its_months():
    assert months_to_activation(np.array([[0.0, 0.0, 1.0], [0.0] * 3, [1.0] * 3])).tolist() == [3, 3, 1]


def test_what_is_lost_is_measured_against_the_same_luck_without_the_fall():
    losses, active = demand._losses("profit", {**LIVELY, "ties.trust": 0.85}, ({},), 2, 5)
    assert losses.shape == active.shape == (1, 2)
    base = Scenario.preset("sentra").replace({**LIVELY, "programme.enabled": False})
    fall = base.replace({"events": [{"kind": "demand", "market": "local", "month": 121, "factor": 0.5}]})
    for r, seed in enumerate(seeds_of(2, 5)):
        told = [simulate(each, 156, seed).measures["profit"] for each in (base, fall)]
        assert np.array_equal(told[0][:120], told[1][:120])
        assert losses[0, r] == pytest.approx(1.0 - told[1][120:].sum() / told[0][120:].sum())


def test_the_buyer_that_leaves_is_the_one_with_most_orders():
    points = [{**LIVELY, "organisation.kind": kind} for kind in organisation.KINDS]
    seeds = seeds_of(6, 9)
    runs = organisation._with_loss(points, seeds)
    assert [one for _, one in runs] == np.repeat(seeds, 2).tolist()
    assert [scenario["organisation.kind"] for scenario, _ in runs] == list(organisation.KINDS) * 6
    leaving = set()
    for scenario, one in runs[::2]:
        shares = np.asarray(build([scenario], [one]).buyers["share"]).ravel()
        (event,) = scenario.events
        assert event.get("buyer") == shares.argmax()
        leaving.add(event.get("buyer"))
    assert len(leaving) > 1


def test_organisations_are_compared_at_budgets_at_which_they_spend_alike():
    one, other = organisation.arms({**LIVELY, "market.potential": 2.0}, 4)
    assert {one["organisation.kind"], other["organisation.kind"]} == set(organisation.KINDS)
    assert min(one["programme.budget"], other["programme.budget"]) > 0.0


@pytest.mark.parametrize("part", ["speed", "firms reached", "jobs"])
def test_without_a_programme_a_closed_network_is_an_open_cluster(part):
    found = organisation.compare(part, {**LIVELY, "programme.enabled": False}, 3, 5)
    assert found.estimate == 0.0
    assert found.held is None

"""Knock-outs of the whole model, on tiny ensembles."""

from __future__ import annotations

import numpy as np
import pytest

from klastersim import Scenario, simulate
from klastersim.analysis import knockouts
from klastersim.analysis.knockouts import MEASURES, PLACES, Measure, effects, total
from klastersim.compiled import derive_seed
from klastersim.scenario.whole import KNOCKOUTS


def effect(with_, without, measure=MEASURES[0], alpha=0.001):
    return knockouts._effect("here", "growth", measure, np.array(with_, float), np.array(without, float), alpha)


def test_an_effect_is_the_mean_difference_of_single_runs_on_the_same_luck(monkeypatch):
    monkeypatch.setattr(knockouts, "MONTHS", 40)
    monkeypatch.setattr(knockouts, "BATCH", 2)
    done = []
    found, means = effects(["chain", "growth"], runs=3, seed=7, progress=done.append)
    place, changes = list(PLACES.items())[1]
    (growth,) = (e for e in found if (e.place, e.mechanism, e.measure) == (place, "growth", "value_added"))
    whole = Scenario.preset("whole").replace(dict(changes))
    sums = [
        [simulate(each, 40, int(derive_seed(7, r))).measures["value_added"][4:].mean() for r in range(3)]
        for each in (whole, whole.replace(dict(KNOCKOUTS["growth"])))
    ]
    with_, without = np.mean(sums, axis=1)
    assert means[place]["value_added"] == pytest.approx(with_)
    assert growth.estimate == pytest.approx((with_ - without) / with_)
    assert growth.differ == 3
    assert done[0] == 0
    assert done[-1] == total(["chain", "growth"], 3) == 18


def test_an_effect_is_told_only_where_its_interval_leaves_zero_out():
    rng = np.random.default_rng(4)
    noise, gain = rng.normal(size=50), Measure("value_added", "value added", relative=True)
    shown = effect(100.0 + noise + 10.0, 100.0 + noise + rng.normal(size=50), gain)
    assert shown.told
    assert shown.low < shown.estimate < shown.high
    assert shown.estimate == pytest.approx(10.0 / 110.0, rel=0.1)
    assert not effect(100.0 + noise, 100.0 + noise[::-1], gain).told


def test_a_share_of_clusters_has_an_exact_interval_and_no_difference_is_told_as_none():
    half = [1.0] * 30 + [0.0] * 30
    assert effect([1.0] * 60, half).told
    assert not effect(half, half).told
    assert effect(half, half).differ == 0


def test_runs_in_which_a_measure_is_not_defined_are_left_out_of_both():
    spread = Measure("profit_gini", "Gini of profits")
    found = effect([0.5, np.nan, 0.7, 0.6], [0.4, 0.1, np.nan, 0.3], spread)
    assert found.estimate == pytest.approx(0.2)
    assert (found.defined, found.differ) == (2, 2)
    nothing = effect([np.nan, 0.5], [0.1, np.nan], spread)
    assert (nothing.estimate, nothing.low, nothing.told, nothing.defined) == (None, None, False, 0)


def test_a_loss_on_average_leaves_the_sign_of_an_effect():
    profit = Measure("profit", "profit", relative=True)
    noise = np.random.default_rng(3).normal(size=60)
    better = effect(-5.0 + noise, -9.0 - noise, profit)
    assert 0.0 < better.low < better.estimate < better.high
    assert better.estimate == pytest.approx(4.0 / 5.0, rel=0.2)
    unknown = effect(-5.0 + noise, -5.0 - noise[::-1], profit)
    assert unknown.low < 0.0 < unknown.high
    assert not unknown.told

"""Intervals against closed forms, and how often they miss."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from klastersim.analysis.patterns.intervals import (
    apart_interval,
    bootstrap_interval,
    mean_interval,
    paired_interval,
    share_interval,
)


@pytest.mark.parametrize(("hits", "n"), [(0, 20), (7, 20), (20, 20), (1, 3)])
def test_the_interval_of_a_share_is_the_exact_one(hits, n):
    expected = stats.binomtest(hits, n).proportion_ci(1.0 - 0.02, method="exact")
    values = np.arange(n) < hits
    assert share_interval(values, 0.01) == pytest.approx((expected.low, expected.high))


def test_without_runs_nothing_is_known_of_a_share():
    assert share_interval(np.zeros(0, bool)) == (0.0, 1.0)


def test_the_interval_of_a_mean_is_that_of_students_t():
    values = np.array([1.0, 2.0, 4.0, 7.0])
    expected = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    assert mean_interval(values, 0.025) == pytest.approx(expected)


def test_equal_values_leave_room_for_what_was_not_seen():
    low, high = mean_interval(np.zeros(100), 0.01, span=2.0)
    assert high == -low == pytest.approx(2.0 * (1.0 - 0.01**0.01))
    assert mean_interval(np.zeros(100), 0.01) == (-np.inf, np.inf)


@pytest.mark.parametrize("interval", [paired_interval, apart_interval])
def test_bounds_of_a_difference_of_shares_err_no_more_often_than_they_say(interval):
    # 2,000 trials of 40 pairs; a bound at 0.05 may miss 100 times, and does at most 137 times (false alarm 1e-4).
    rng = np.random.default_rng(3)
    luck = rng.random((2_000, 40))
    first, second = luck < 0.3, (0.9 * luck + 0.1 * rng.random((2_000, 40))) < 0.5
    true = float(np.mean(second) - np.mean(first))
    bounds = np.array([interval(a, b, 0.05) for a, b in zip(first, second, strict=True)])
    assert (bounds[:, 0] > true).sum() <= 137
    assert (bounds[:, 1] < true).sum() <= 137
    assert (bounds[:, 0] < bounds[:, 1]).all()


def test_a_bootstrap_interval_of_a_mean_is_near_students_t():
    values = np.random.default_rng(4).normal(2.0, 1.0, 200)
    found = bootstrap_interval(values[:, None], lambda means: means[:, 0], 0.01, seed=5)
    assert found == pytest.approx(mean_interval(values, 0.01), abs=0.03)
    assert found == bootstrap_interval(values[:, None], lambda means: means[:, 0], 0.01, seed=5)

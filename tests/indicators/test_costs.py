"""Intervals against closed forms, and what public money costs for each cluster that it activates."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from klastersim.indicators.intervals import (
    paired_interval,
    ratio_interval,
    share_interval,
    student_quantile,
)
from klastersim.indicators.outcomes import cost_of_activation, cost_of_gain, mean_gain


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (0, 40), (6, 6), (3, 40), (20, 41), (1000, 10**6)])
def test_the_exact_interval_of_a_share_agrees_with_scipy(successes, trials):
    known = stats.binomtest(successes, trials).proportion_ci(0.95, method="exact")
    assert share_interval(successes, trials) == pytest.approx((known.low, known.high), abs=1e-9)


def test_the_exact_interval_of_a_share_that_never_fails_is_closed():
    assert share_interval(10, 10) == (pytest.approx(0.025**0.1), 1.0)
    assert share_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("freedom", [1, 2, 5, 39, 10_000])
def test_students_quantile_agrees_with_scipy(freedom):
    assert student_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


def test_students_quantile_is_closed_for_one_and_two_degrees_of_freedom():
    assert student_quantile(1) == pytest.approx(math.tan(0.475 * math.pi))
    assert student_quantile(2) == pytest.approx(0.95 * math.sqrt(2.0 / (1.0 - 0.95**2)))


def test_seven_pairs_that_differ_alike_exclude_zero_and_six_do_not():
    assert paired_interval(7, 0, 1000)[0] > 0.0 > paired_interval(6, 0, 1000)[0]
    assert paired_interval(0, 7, 1000)[1] < 0.0 < paired_interval(0, 6, 1000)[1]
    low, high = paired_interval(5, 5, 40)
    assert low == pytest.approx(-high)


def test_pairs_that_never_differ_bound_the_difference_but_tell_no_sign():
    bound = 1.0 - 0.0125 ** (1 / 40)
    assert paired_interval(0, 0, 40) == (pytest.approx(-bound), pytest.approx(bound))


@pytest.mark.parametrize(("up", "down"), [(0.0, 0.0), (0.1, 0.1), (0.3, 0.05), (0.02, 0.0), (0.9, 0.1)])
def test_the_paired_interval_misses_in_one_in_twenty_at_most(up, down):
    """Over all outcomes of 25 pairs, weighed by their chance: no luck in it."""
    missed = 0.0
    for ups in range(26):
        for downs in range(26 - ups):
            low, high = paired_interval(ups, downs, 25)
            if not low <= up - down <= high:
                missed += stats.multinomial.pmf(
                    [ups, downs, 25 - ups - downs], 25, [up, down, max(0.0, 1.0 - up - down)]
                )
    assert missed <= 0.05


def test_fiellers_interval_is_closed_where_only_one_mean_varies():
    # y is known to be 6; x is 2 with a half-width of 1, so y / x lies between 6 / 3 and 6 / 1.
    assert ratio_interval(6.0, 2.0, 0.0, 0.25, 0.0, 2.0) == (2.0, 6.0)
    assert ratio_interval(6.0, 2.0, 0.25, 0.0, 0.0, 2.0) == (2.5, 3.5)


def test_fiellers_interval_is_a_point_where_one_mean_is_a_multiple_of_the_other():
    assert ratio_interval(6.0, 2.0, 9.0 * 0.25, 0.25, 3.0 * 0.25, 2.0) == pytest.approx((3.0, 3.0))


def test_fiellers_interval_does_not_end_where_the_mean_below_the_line_may_be_zero():
    assert ratio_interval(6.0, 2.0, 0.0, 1.0, 0.0, 2.0) is None
    assert ratio_interval(6.0, 2.0, 0.0, 1.5, 0.0, 2.0) is None


def pairs(up, down, both=0, neither=0):
    """(active with, active without)."""
    with_ = [True] * up + [False] * down + [True] * both + [False] * neither
    return with_, [False] * up + [True] * down + [True] * both + [False] * neither


def test_a_cost_that_is_equal_in_all_pairs_is_divided_by_the_added_share():
    with_, without = pairs(20, 4, 8, 8)
    found = cost_of_activation(np.full(40, 30.0), with_, without)
    assert found.added.value == pytest.approx(0.4)
    assert found.added.low > 0.0
    assert found.per_cluster.value == pytest.approx(30.0 / 0.4)
    assert found.per_cluster.low < found.per_cluster.value < found.per_cluster.high
    assert found.per_value_added is None


def test_where_every_cluster_is_activated_the_cost_is_the_mean_cost():
    cost = np.random.default_rng(1).normal(100.0, 10.0, 400)
    found = cost_of_activation(cost, *pairs(400, 0))
    half = 1.96 * cost.std() / 20.0
    assert found.per_cluster.value == pytest.approx(cost.mean())
    assert found.per_cluster.low == pytest.approx(cost.mean() - half, abs=0.1)
    assert found.per_cluster.high == pytest.approx(cost.mean() + half, abs=0.1)


def test_the_bootstrap_agrees_with_fieller_where_pairs_are_many():
    with_, without = pairs(300, 60, 200, 440)
    cost = 50.0 + 25.0 * np.random.default_rng(2).random(1000)
    change = np.array(with_, float) - np.array(without, float)
    spread = np.cov(cost, change) / 1000
    low, high = ratio_interval(cost.mean(), change.mean(), spread[0, 0], spread[1, 1], spread[0, 1], 1.96)
    found = cost_of_activation(cost, with_, without).per_cluster
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.02)


@pytest.mark.parametrize(("up", "down"), [(6, 0), (20, 12), (0, 0), (0, 20), (4, 9)])
def test_the_cost_is_not_identified_where_the_added_share_may_be_zero_or_less(up, down):
    found = cost_of_activation(np.full(100, 30.0), *pairs(up, down, 0, 100 - up - down))
    assert found.per_cluster is None
    assert found.added.value == pytest.approx((up - down) / 100)


def test_the_cost_of_a_rupiah_of_value_added_is_a_ratio_of_sums():
    gain = np.array([10.0, 20.0, 30.0, 20.0])
    found = cost_of_activation(2.0 * gain, *pairs(0, 0, 0, 4), value_gain=gain)
    assert found.per_cluster is None
    ratio = found.per_value_added
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.0, 2.0, 2.0))


@pytest.mark.parametrize("gain", [[1.0, 5.0], [-1.0, 1.0, 0.5, -0.5], [-5.0, -6.0, -5.0, -6.0]])
def test_the_cost_of_value_added_is_not_identified_where_none_may_have_come(gain):
    count = len(gain)
    assert cost_of_activation(np.ones(count), *pairs(0, 0, 0, count), value_gain=gain).per_value_added is None


def test_a_bootstrap_is_the_same_every_time_it_is_asked():
    with_, without = pairs(20, 4, 8, 8)
    cost = np.arange(40.0)
    assert cost_of_activation(cost, with_, without) == cost_of_activation(cost, with_, without)
    assert cost_of_activation(cost, with_, without) != cost_of_activation(cost, with_, without, seed=2)


def test_a_job_costs_what_was_paid_over_the_jobs_that_came():
    jobs = np.array([4.0, 6.0, 5.0, 5.0])
    found = cost_of_gain(3.0 * jobs, jobs)
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 3.0, 3.0))


@pytest.mark.parametrize("jobs", [[5.0], [0.0, 0.0, 0.0], [-1.0, 2.0, -2.0, 1.5]])
def test_the_cost_of_a_job_is_not_identified_where_none_may_have_come(jobs):
    assert cost_of_gain(np.ones(len(jobs)), jobs) is None


def test_the_interval_of_a_mean_gain_is_that_of_student():
    """Quantile of t with 3 degrees of freedom from a table: 3.182."""
    found = mean_gain([1.0, 2.0, 3.0, 4.0])
    half = 3.182 * np.std([1.0, 2.0, 3.0, 4.0], ddof=1) / 2.0
    assert (found.value, found.low, found.high) == pytest.approx((2.5, 2.5 - half, 2.5 + half), rel=1e-3)
    assert mean_gain([1.0]) is None

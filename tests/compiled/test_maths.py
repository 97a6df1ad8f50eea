"""Functions of our own against references with more digits."""

from __future__ import annotations

import itertools
import math
from decimal import Context, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from klastersim.compiled import (
    beta_quantile,
    exp,
    log,
    log_gamma,
    logistic,
    normal_quantile,
    poisson_quantile,
    power,
)

DIGITS = Context(prec=60, Emax=10**6, Emin=-(10**6))
RANDOM = np.random.default_rng(20240229)
INF, NAN = math.inf, math.nan
PROBABILITIES = [1e-12, 1e-6, 1e-3, 0.01, 0.1, 0.3, 0.5, np.nextafter(0.5, 1), 0.7, 0.9, 0.99, 0.999, 1 - 1e-6]
MEANS = [1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4]
CONCENTRATIONS = [0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 7.9, 20.0, 100.0, 1e3, 1e4]


def ulps(value, exact):
    """Distance of a double from an exact decimal in units of the last place of the latter."""
    return float(abs(Decimal(value) - exact) / Decimal(float(np.spacing(abs(float(exact))))))


def same(value, expected):
    """Whether a number is the expected one, or both are not a number."""
    return value == expected or (math.isnan(value) and math.isnan(expected))


@pytest.mark.parametrize(("low", "high"), [(-745.0, 709.7), (-30.0, 30.0), (-1.0, 1.0), (-1e-8, 1e-8)])
def test_exp_is_within_one_ulp(low, high):
    numbers = RANDOM.uniform(low, high, 2000).tolist()
    assert max(ulps(exp(x), DIGITS.exp(Decimal(x))) for x in numbers) < 1.0


@pytest.mark.parametrize(("low", "high"), [(-320.0, 308.0), (-0.3, 0.3), (-1e-3, 1e-3), (-1e-9, 1e-9)])
def test_log_is_within_one_ulp(low, high):
    numbers = (10.0 ** RANDOM.uniform(low, high, 2000)).tolist()
    assert max(ulps(log(x), DIGITS.ln(Decimal(x))) for x in numbers if x != 1.0) < 1.0


@pytest.mark.parametrize(
    ("low", "high", "largest"), [(-1.0, 1.0, 5.0), (-300.0, 300.0, 1.0), (-1e-3, 1e-3, 1e5), (-320.0, -308.0, 0.9)]
)
def test_power_is_within_one_ulp(low, high, largest):
    bases = (10.0 ** RANDOM.uniform(low, high, 1000)).tolist()
    exponents = RANDOM.uniform(-largest, largest, 1000).tolist()
    for base, exponent in zip(bases, exponents, strict=True):
        assert ulps(power(base, exponent), DIGITS.power(Decimal(base), Decimal(exponent))) < 1.0


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (709.79, INF), (-745.14, 0.0), (-745.13, 5e-324)],
)
def test_exp_at_the_edges(x, expected):
    assert same(exp(x), expected)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1.0, 0.0),
        (0.0, -INF),
        (-0.0, -INF),
        (-1.0, NAN),
        (-INF, NAN),
        (INF, INF),
        (NAN, NAN),
        (5e-324, math.log(5e-324)),
    ],
)
def test_log_at_the_edges(x, expected):
    assert same(log(x), expected)


@pytest.mark.parametrize("base", [0.0, 0.5, 1.0, 2.0, INF, NAN])
@pytest.mark.parametrize("exponent", [0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 1e20, -1e20, 1e308, INF, -INF, NAN])
def test_power_at_the_edges_is_that_of_the_c_standard(base, exponent):
    if base == 0.0 and exponent < 0.0:
        assert power(base, exponent) == INF
    else:
        try:
            expected = math.pow(base, exponent)
        except OverflowError:
            expected = INF
        assert power(base, exponent) == pytest.approx(expected, rel=3e-16, abs=0.0, nan_ok=True)


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [(-2.0, 2.0, NAN), (10.0, 309.0, INF), (10.0, -324.0, 0.0), (2.0, 1023.0, 2.0**1023), (2.0, -1074.0, 5e-324)],
)
def test_power_of_a_negative_base_is_not_a_number_and_results_overflow_and_underflow(base, exponent, expected):
    assert same(power(base, exponent), expected)


@given(st.floats(-700.0, 700.0), st.floats(-700.0, 700.0))
def test_exp_does_not_fall(x, y):
    assert exp(min(x, y)) <= exp(max(x, y))


@given(st.floats(-700.0, 36.0))
def test_logistic_is_accurate_in_both_tails(x):
    assert logistic(x) == pytest.approx(special.expit(x), rel=1e-15)
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, rel=1e-15)


def test_logistic_reaches_its_limits():
    assert (logistic(-INF), logistic(0.0), logistic(INF)) == (0.0, 0.5, 1.0)
    assert math.isnan(logistic(NAN))


def test_normal_quantile_agrees_with_scipy():
    u = np.concatenate([RANDOM.random(5000), 10.0 ** RANDOM.uniform(-300, -1, 2000)])
    found = np.array([normal_quantile(each) for each in u])
    np.testing.assert_allclose(found, special.ndtri(u), rtol=4e-15, atol=4e-16)


@pytest.mark.parametrize(("u", "expected"), [(0.0, -INF), (0.5, 0.0), (1.0, INF), (-0.1, NAN), (1.1, NAN), (NAN, NAN)])
def test_normal_quantile_at_the_edges(u, expected):
    assert same(normal_quantile(u), expected)


def test_log_gamma_agrees_with_scipy():
    x = np.concatenate([10.0 ** RANDOM.uniform(-300, 6, 3000), RANDOM.uniform(0.5, 10.0, 3000)])
    found = np.array([log_gamma(each) for each in x])
    np.testing.assert_allclose(found, special.gammaln(x), rtol=2e-15, atol=1.5e-14)


@pytest.mark.parametrize(("x", "expected"), [(0.0, INF), (INF, INF), (-1.5, NAN), (NAN, NAN)])
def test_log_gamma_at_the_edges(x, expected):
    assert same(log_gamma(x), expected)


@pytest.mark.parametrize("concentration", CONCENTRATIONS)
@pytest.mark.parametrize("mean", MEANS)
def test_beta_quantile_agrees_with_scipy(mean, concentration):
    a, b = mean * concentration, (1.0 - mean) * concentration
    found = [beta_quantile(u, mean, concentration) for u in PROBABILITIES]
    np.testing.assert_allclose(found, stats.beta.ppf(PROBABILITIES, a, b), rtol=0.0, atol=1e-10)


@pytest.mark.parametrize("concentration", [2.0, 5.0, 50.0, 1e4])
def test_beta_quantile_rises_strictly_with_u_and_with_the_mean(concentration):
    grid = np.linspace(0.001, 0.999, 2001).tolist()
    by_u = [beta_quantile(u, mean, concentration) for mean, u in itertools.product((0.2, 0.5, 0.8), grid)]
    by_mean = [beta_quantile(u, mean, concentration) for u, mean in itertools.product((0.2, 0.5, 0.8), grid[200:-200])]
    assert np.all(np.diff(np.reshape(by_u, (3, -1))) > 0.0)
    assert np.all(np.diff(np.reshape(by_mean, (3, -1))) > 0.0)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(1e-3, 1e4))
def test_beta_quantile_is_a_share_that_does_not_fall(u, other, mean, concentration):
    low = beta_quantile(min(u, other), mean, concentration)
    high = beta_quantile(max(u, other), mean, concentration)
    assert 0.0 <= low <= high + 1e-11 <= 1.0 + 1e-11


@pytest.mark.parametrize(
    ("u", "mean", "concentration", "expected"),
    [
        (0.3, 0.0, 5.0, 0.0),
        (0.3, 1.0, 5.0, 1.0),
        (0.0, 0.5, 5.0, 0.0),
        (1.0, 0.5, 5.0, 1.0),
        (0.3, 0.5, 0.0, NAN),
        (NAN, 0.5, 5.0, NAN),
        (0.3, NAN, 5.0, NAN),
        (0.25, 0.5, 2.0, 0.25),
        (1e-12, 0.5, 2.0, 1e-12),
        (0.75, 5e-324, 1.0, 0.0),
        (0.75, 0.2, 1e-300, 0.0),
        (0.85, 0.2, 1e-300, 1.0),
    ],
)
def test_beta_quantile_at_the_edges(u, mean, concentration, expected):
    found = beta_quantile(u, mean, concentration)
    assert same(found, expected) or found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("mean", [1e-9, 0.1, 1.0, 3.7, 20.0, 100.0, 499.9, 500.0])
def test_poisson_quantile_agrees_with_scipy(mean):
    u = np.concatenate([RANDOM.random(1000), [1e-9, 1e-4, 0.9999]])
    assert [poisson_quantile(each, mean) for each in u] == stats.poisson.ppf(u, mean).astype(int).tolist()


def test_poisson_quantile_is_0_at_mean_0_and_ends_next_to_1():
    assert poisson_quantile(0.999, 0.0) == 0
    assert poisson_quantile(1.0 - 2.0**-53, 500.0) < 1000

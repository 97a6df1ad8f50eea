"""Intervals, each bound with a false-alarm rate of its own: exact for shares, Student's t for means, bootstrap else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from klastersim.analysis.patterns.finding import ALPHA
from klastersim.indicators import intervals

Interval = tuple[float, float]

#: Resamples that lie beyond a bound of a bootstrap interval, so that the bound itself is steady.
TAIL: Final = 20


def share_interval(hits: np.ndarray, alpha: float = ALPHA) -> Interval:
    """Interval of a share (Clopper and Pearson): each bound errs with probability at most `alpha`.

    Parameters
    ----------
    hits : ndarray of bool
        What happened in each run; without runs nothing is known.
    alpha : float
        False-alarm rate of a bound.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    Examples
    --------
    >>> low, high = share_interval(np.array([True] * 9 + [False]), 0.025)
    >>> round(low, 3), round(high, 3)
    (0.555, 0.997)
    """
    return intervals.share_interval(int(np.sum(hits)), int(np.size(hits)), alpha)


def mean_interval(values: np.ndarray, alpha: float = ALPHA, span: float = np.inf) -> Interval:
    """Interval of a mean by Student's t.

    Values that are all equal tell nothing of their spread. Then at most a share of ``1 - alpha ** (1 / n)`` of all runs
    differs from them, each by at most `span`.

    Parameters
    ----------
    values : ndarray of float
        One value for each run.
    alpha : float
        False-alarm rate of a bound.
    span : float
        Largest difference between two values that there can be.

    Returns
    -------
    tuple of float
        Lower and upper bound.
    """
    from scipy.stats import t

    values = np.asarray(values, float)
    n, mean = len(values), float(values.mean())
    if n < 2 or np.ptp(values) == 0.0:
        half = float(span * (1.0 - alpha ** (1.0 / n)))
    else:
        half = float(t.isf(alpha, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return mean - half, mean + half


def apart_mean_interval(first: np.ndarray, second: np.ndarray, alpha: float = ALPHA) -> Interval:
    """Interval of the difference of two means of different runs (second less first), by Welch's t.

    Parameters
    ----------
    first, second : ndarray of float
        One value for each run of either kind, at least two of each, that are not all equal.
    alpha : float
        False-alarm rate of either bound.
    """
    from scipy.stats import t

    parts = [np.var(each, ddof=1) / len(each) for each in (first, second)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(each) - 1) for part, each in zip(parts, (first, second), strict=True)
    )
    half = float(t.isf(alpha, freedom) * np.sqrt(sum(parts)))
    difference = float(np.mean(second) - np.mean(first))
    return difference - half, difference + half


def paired_interval(first: np.ndarray, second: np.ndarray, alpha: float = ALPHA) -> Interval:
    """Interval of the difference of two shares on the same luck (second less first).

    Each direction of change is bounded exactly at half the rate, so the bound is conservative.

    Parameters
    ----------
    first, second : ndarray of bool
        What happened in each pair of runs.
    alpha : float
        False-alarm rate of a bound.
    """
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    up, down = share_interval(second & ~first, alpha / 2.0), share_interval(first & ~second, alpha / 2.0)
    return up[0] - down[1], up[1] - down[0]


def apart_interval(first: np.ndarray, second: np.ndarray, alpha: float = ALPHA) -> Interval:
    """Interval of the difference of two shares of different runs (second less first), exact bounds at half the rate.

    Parameters
    ----------
    first, second : ndarray of bool
        What happened in each run of either kind.
    alpha : float
        False-alarm rate of a bound.
    """
    one, other = share_interval(first, alpha / 2.0), share_interval(second, alpha / 2.0)
    return other[0] - one[1], other[1] - one[0]


def bootstrap_interval(
    rows: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], alpha: float = ALPHA, seed: int = 0
) -> Interval:
    """Interval by percentiles of a statistic of means over resampled runs.

    Parameters
    ----------
    rows : ndarray of float, shape (runs, columns)
        What was measured in each run.
    statistic : callable
        Takes means, shape (resamples, columns); returns one value for each resample.
    alpha : float
        False-alarm rate of a bound.
    seed : int
        Of the resampling.
    """
    rng = np.random.default_rng(seed)
    resamples, n = int(np.ceil(TAIL / alpha)), len(rows)
    values = np.concatenate(
        [
            statistic(rng.multinomial(n, np.full(n, 1.0 / n), size=min(1_000, resamples - done)) @ rows / n)
            for done in range(0, resamples, 1_000)
        ]
    )
    low, high = np.quantile(values, [alpha, 1.0 - alpha])
    return float(low), float(high)

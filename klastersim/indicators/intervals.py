"""Intervals of 95 % that a few runs can be held to: of a share, of a difference on the same luck, of a ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

#: Chance that an interval misses on one given side.
TAIL: Final = 0.025


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and the 95 % interval around it.

    Attributes
    ----------
    value, low, high : float
        The number, the lower and the upper end; `high` is infinite where the data set no bound.
    """

    value: float
    low: float
    high: float


def share_interval(successes: int, trials: int, tail: float = TAIL) -> tuple[float, float]:
    """Return the exact interval of a share, after Clopper and Pearson (1934); of 95 % by default.

    Parameters
    ----------
    successes, trials : int
        How many of how many; without trials nothing is known.
    tail : float
        Chance, at most, that the share lies below the interval, and that it lies above.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Examples
    --------
    >>> low, high = share_interval(6, 6)
    >>> round(low, 4), high
    (0.5407, 1.0)
    """
    from scipy.special import betaincinv

    k, rest = successes, trials - successes
    low = float(betaincinv(k, rest + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, rest, 1.0 - tail)) if rest else 1.0
    return low, high


def paired_interval(up: int, down: int, pairs: int) -> tuple[float, float]:
    """Return an exact 95 % interval of the difference of two shares on the same luck.

    The difference is d (2 u - 1): d the chance that a pair differs, u the chance that one which differs does so
    upwards. Each has its exact interval at half the rate of error, so that together they miss in 5 % of cases at most.
    Zero is excluded where u differs from one half (McNemar's exact test at 2.5 %); fewer than seven pairs that differ
    never do that, however many there are in all.

    Parameters
    ----------
    up, down : int
        Pairs in which only the second, or only the first, is a success.
    pairs : int
        All pairs, at least `up` + `down`.

    Returns
    -------
    tuple of float
        Ends of the interval of the second share less the first.

    Examples
    --------
    >>> [round(end, 4) for end in paired_interval(7, 0, 40)]
    [0.0044, 0.3498]
    """
    upward = [2.0 * end - 1.0 for end in share_interval(up, up + down, TAIL / 2.0)]
    least, most = share_interval(up + down, pairs, TAIL / 2.0)
    ends = [u * d for u in upward for d in (least, most)]
    return min(ends), max(ends)


def student_quantile(freedom: float) -> float:
    """Return the 97.5 % quantile of Student's t.

    Examples
    --------
    >>> round(student_quantile(10), 4)
    2.2281
    """
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1.0 - TAIL))


def ratio_interval(
    over: float, under: float, var_over: float, var_under: float, covariance: float, quantile: float
) -> tuple[float, float] | None:
    r"""Return Fieller's interval of the ratio of two means.

    It holds every ratio :math:`R` for which :math:`(\bar y - R \bar x)^2 \le t^2 (s_{yy} - 2 R s_{xy} + R^2 s_{xx})`.

    Parameters
    ----------
    over, under : float
        The two means :math:`\bar y` and :math:`\bar x`.
    var_over, var_under, covariance : float
        Variances of these means, and their covariance.
    quantile : float
        t.

    Returns
    -------
    tuple of float, or None
        Lower and upper end; None where the interval of the mean below the line holds zero: the ratio then has no bound
        on one side, or on both.

    Notes
    -----
    Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185.

    Examples
    --------
    >>> ratio_interval(6.0, 2.0, 0.0, 0.25, 0.0, 2.0)
    (2.0, 6.0)
    """
    square = quantile * quantile
    a = under * under - square * var_under
    if a <= 0.0:
        return None
    b = over * under - square * covariance
    c = over * over - square * var_over
    half = math.sqrt(max(0.0, b * b - a * c))
    return (b - half) / a, (b + half) / a

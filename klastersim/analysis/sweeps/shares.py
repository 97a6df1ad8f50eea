"""A share of some runs among others, where all places of a map have the luck of a replication in common."""

from __future__ import annotations

import numpy as np

from klastersim.analysis.sweeps.outcomes import share_of
from klastersim.indicators.intervals import Estimate, share_interval, student_quantile
from klastersim.lab.pairs import FEWEST, Moments


def share_among(part: np.ndarray, whole: np.ndarray) -> Estimate | None:
    """Return the share of some runs that are of a kind.

    Parameters
    ----------
    part, whole : ndarray of bool, shape (places, replications)
        Runs of the kind, all of them among the others; and those that it is a share of.

    Returns
    -------
    Estimate or None
        With an exact interval where there is one place, Fieller's over replications where there are several. None
        without runs, or with too few for a bound.
    """
    counts = int(part.sum()), int(whole.sum())
    if not counts[1]:
        return None
    value = counts[0] / counts[1]
    if len(whole) == 1:
        return Estimate(value, *share_interval(*counts))
    return _clustered(value, np.stack([part.sum(axis=0), whole.sum(axis=0)], axis=1).astype(float))


def _clustered(value: float, pairs: np.ndarray) -> Estimate | None:
    """Return a share with its interval over replications, from what each had of both; None if it has no bounds."""
    if len(pairs) < FEWEST:
        return None
    if value in (0.0, 1.0):
        # All replications with an active run agree: what so many independent ones leave open.
        there = int((pairs[:, 1] > 0.0).sum())
        return Estimate(value, *share_interval(round(value * there), there))
    sums = Moments(2)
    for pair in pairs:
        sums.take_up(pair)
    ends = sums.ratio(0, 1)
    return None if ends is None else Estimate(value, max(0.0, ends[0]), min(1.0, ends[1]))


def ratio_of(over: np.ndarray, under: np.ndarray) -> Estimate | None:
    """Return the ratio of two means over replications with Fieller's interval; None where that has no ends.

    Parameters
    ----------
    over, under : ndarray of float, shape (replications,)
        What each replication had of both; NaN where it told nothing.
    """
    told = ~(np.isnan(over) | np.isnan(under))
    if told.sum() < FEWEST:
        return None
    sums = Moments(2)
    for pair in zip(over[told], under[told], strict=True):
        sums.take_up(np.array(pair))
    ends = sums.ratio(0, 1)
    return None if ends is None else Estimate(float(sums.means[0] / sums.means[1]), *ends)


def share_less(part: np.ndarray, whole: np.ndarray, other_part: np.ndarray, other_whole: np.ndarray) -> Estimate | None:
    """Return a share among some runs less another share on the same luck, with the jackknife's interval.

    Parameters
    ----------
    part, whole, other_part, other_whole : ndarray of bool, shape (places, replications)
        As for `share_among`, of one arm and of another.

    Returns
    -------
    Estimate or None
        None with fewer than six replications, or where leaving one out leaves nothing to take a share of.
    """
    sums = np.array([each.sum(axis=0) for each in (part, whole, other_part, other_whole)], float)
    count = sums.shape[1]
    rest = sums.sum(axis=1)[:, None] - sums
    if count < FEWEST or not (rest[1] > 0.0).all() or not (rest[3] > 0.0).all():
        return None
    left, (a, b, c, d) = rest[0] / rest[1] - rest[2] / rest[3], sums.sum(axis=1)
    value = float(a / b - c / d)
    half = student_quantile(count - 1) * float(((count - 1) / count * ((left - left.mean()) ** 2).sum()) ** 0.5)
    return Estimate(value, value - half, value + half) if half > 0.0 else share_of(np.full(count, value))

"""Pattern 1: two regimes in social capital, and a band where history decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import paired_interval, share_interval
from klastersim.analysis.patterns.place import STARTS, Key, trusts_for, where_history_decides

#: Trust from which firms would work together: the default and the ends of its range.
THRESHOLDS: Final = (0.35, 0.5, 0.65)

#: History decides where at least this share of clusters ends otherwise by its start alone.
BAND: Final = 0.10

MONTHS: Final = 240


@lru_cache(maxsize=32)
def _active(key: Key, trusts: tuple[float, ...], replications: int, seed: int) -> np.ndarray:
    """Whether clusters that start passive are active after twenty years, shape (trusts, replications)."""
    points = [{**dict(key), **ALONE, "ties.trust": trust} for trust in trusts]
    return np.asarray(ensemble(points, replications, MONTHS, seed)["active"][:, :, -1] > 0.0)


def regimes(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether clusters are mostly passive at low and mostly active at high social capital.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate, over all points together.

    Returns
    -------
    Finding
        The estimate is the mean trust at which half of the clusters are active; its bounds are the highest value at
        which fewer, and the lowest at which more than half are.
    """
    trusts = trusts_for(replications)
    active = _active(frozen(changes), trusts, replications, seed)
    bounds = [share_interval(hits, alpha / len(trusts)) for hits in active]
    low, high = bracket(trusts, bounds)
    ends = np.mean(active[0]), np.mean(active[-1])
    one_regime = all(upper < 0.5 for _, upper in bounds) or all(lower > 0.5 for lower, _ in bounds)
    return Finding(
        pattern=1,
        part="regimes",
        claim="Clusters that start passive are mostly passive at low social capital and mostly active at high.",
        quantity="mean trust at which half of the clusters are active after 240 months",
        estimate=boundary(trusts, active.mean(axis=1)),
        low=low,
        high=high,
        alpha=alpha,
        held=True if low is not None and high is not None and low < high else False if one_regime else None,
        detail=tuple(_rows(trusts, active, bounds)),
        note=f"Share active at the lowest mean trust {ends[0]:.2f}, at the highest {ends[1]:.2f}.",
    )


def _rows(trusts: Sequence[float], active: np.ndarray, bounds: Sequence[tuple[float, float]]) -> list[Row]:
    return [
        {"ties.trust": trust, "p_active": float(np.mean(hits)), "low": low, "high": high}
        for trust, hits, (low, high) in zip(trusts, active, bounds, strict=True)
    ]


def boundary(trusts: Sequence[float], shares: np.ndarray) -> float | None:
    """Mean trust at which a row of shares first passes one half, between neighbours along a line; None if it does not.

    Examples
    --------
    >>> boundary((0.4, 0.6), np.array([0.25, 0.75]))
    0.5
    """
    for k, share in enumerate(shares):
        if share >= 0.5:
            if k == 0:
                return None
            step = (0.5 - shares[k - 1]) / (share - shares[k - 1])
            return float(trusts[k - 1] + step * (trusts[k] - trusts[k - 1]))
    return None


def bracket(trusts: Sequence[float], bounds: Sequence[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Highest value at which less than half, and lowest at which more than half is shown; None for none."""
    below = [trust for trust, (_, upper) in zip(trusts, bounds, strict=True) if upper < 0.5]
    above = [trust for trust, (lower, _) in zip(trusts, bounds, strict=True) if lower > 0.5]
    return max(below, default=None), min(above, default=None)


def band(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether the start alone still decides after twenty years, where it does so most.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. Without a mean trust in `changes` one is searched
        for, with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share active from the cooperating start less that from the passive start.
    """
    trust = where_history_decides(changes, replications)
    points = [{**changes, **ALONE, "ties.trust": trust, "start.kind": start} for start in STARTS]
    series = ensemble(points, replications, MONTHS, seed)["active"] > 0.0
    passive, cooperating = series[:, :, -1]
    low, high = paired_interval(passive, cooperating, alpha)
    return Finding(
        pattern=1,
        part="band",
        claim=f"At some social capital at least {BAND:.0%} of clusters end otherwise by their start alone.",
        quantity="share active after 240 months, cooperating less passive start",
        estimate=float(cooperating.mean() - passive.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, BAND),
        detail=tuple(
            {"month": month, "ties.trust": trust, "passive": float(p), "cooperating": float(c)}
            for month in (24, 60, 120, MONTHS)
            for p, c in [series[:, :, month - 1].mean(axis=1)]
        ),
        note=f"At mean trust {trust:.2f}.",
    )


def percolation_line(threshold: float, degree: float, concentration: float) -> float:
    """Mean trust at which a firm has one partner it would work with: degree x P(trust > threshold) = 1.

    Parameters
    ----------
    threshold : float
        Trust from which firms work together, above 0 and below 1.
    degree : float
        Ties per firm, above 1.
    concentration : float
        Of the Beta distribution of trust.

    Returns
    -------
    float
        Mean of that distribution.
    """
    from scipy.optimize import brentq
    from scipy.stats import beta

    def excess(mean: float) -> float:
        return degree * float(beta.sf(threshold, mean * concentration, (1.0 - mean) * concentration)) - 1.0

    return float(brentq(excess, 1e-6, 1.0 - 1e-6))


def percolation(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Where the boundary of activity lies against the line from which trusted ties join into large components.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate, over all points together.

    Returns
    -------
    Finding
        The estimate is the smallest distance of the boundary above the line over three values of `groups.trust`.
    """
    rows: list[Row] = []
    values = {**BASE.flat(), **changes}
    ties = float(values["ties.degree"]), float(values["ties.concentration"])
    for threshold in THRESHOLDS:
        found = regimes({**changes, "groups.trust": threshold}, replications, seed, alpha / len(THRESHOLDS))
        line = percolation_line(threshold, *ties)
        edges = {"boundary": found.estimate, "low": found.low, "high": found.high}
        rows.append({"groups.trust": threshold, "line": line, **edges})

    def least(name: str, missing: float) -> float:
        return min(missing if row[name] is None else row[name] - row["line"] for row in rows)

    low, high = least("low", -1.0), least("high", 1.0)
    known = [row["boundary"] - row["line"] for row in rows if row["boundary"] is not None]
    return Finding(
        pattern=1,
        part="percolation",
        claim="At every trust from which firms work together, clusters turn active only beyond the percolation line.",
        quantity="mean trust at the boundary less that at the line, smallest of three",
        estimate=min(known, default=None),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        detail=tuple(rows),
        note="Line: degree x P(trust > threshold) = 1, all firms willing.",
    )

"""Pattern 2: critical mass, or how many must be held in for a cluster to stay active."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, paired_interval, share_interval
from klastersim.analysis.patterns.place import FINE_FROM, Key, where_history_decides

#: Shares of the firms that are held in, and fewer of them where replications are few.
HELD: Final = tuple(round(0.1 * k, 1) for k in range(11))
FEW_HELD: Final = HELD[::2]

#: Months for which they are held, and after which activity is read: 60 after release.
HELD_MONTHS: Final = 24
MONTHS: Final = HELD_MONTHS + 60

#: Least rise that counts.
RISE: Final = 0.10

#: A rise is steep where a fifth of the firms carries more than this share of it.
STEEP: Final = 0.5
FIFTH: Final = 0.2


def _held(replications: int) -> tuple[float, ...]:
    return HELD if replications >= FINE_FROM else FEW_HELD


@lru_cache(maxsize=32)
def _held_in(key: Key, trust: float, replications: int, seed: int) -> np.ndarray:
    """Whether clusters are active 60 months after release, by share of firms held in."""
    firms = {**BASE.flat(), **dict(key)}["cluster.firms"]
    base = {**dict(key), **ALONE, "ties.trust": trust, "start.held_months": HELD_MONTHS}
    points = [{**base, "start.held": round(share * float(firms))} for share in _held(replications)]
    return np.asarray(ensemble(points, replications, MONTHS, seed)["active"][:, :, -1] > 0.0)


def rise(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether clusters in which all firms were held in stay active more often than those in which none was.

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
        The estimate is the share active with all held in less that with none.
    """
    trust = where_history_decides(changes, replications)
    active = _held_in(frozen(changes), trust, replications, seed)
    low, high = paired_interval(active[0], active[-1], alpha)
    bounds = [share_interval(hits, alpha) for hits in active]
    return Finding(
        pattern=2,
        part="rise",
        claim=f"Holding all firms in for {HELD_MONTHS} months leaves at least {RISE:.0%} more clusters active 60 "
        "months later than holding none.",
        quantity="share active 60 months after release, all less none held in",
        estimate=float(active[-1].mean() - active[0].mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, RISE),
        detail=tuple(
            {"held": share, "p_active": float(hits.mean()), "low": below, "high": above}
            for share, hits, (below, above) in zip(_held(replications), active, bounds, strict=True)
        ),
        note=f"At mean trust {trust:.2f}.",
    )


def steepness(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether a fifth of the firms carries most of the rise: a mass that is critical, not one that is merely helpful.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. Each half of the runs says which fifth is steepest, and
        how much of the rise the fifth carries that the other half chose.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share of the rise that the steepest fifth carries; a fifth where the rise is even.
    """
    active = _held_in(frozen(changes), where_history_decides(changes, replications), replications, seed)
    held = _held(replications)
    steps = round(FIFTH * (len(held) - 1))
    halves = active[:, ::2].astype(float), active[:, 1::2].astype(float)
    firsts = [int(np.argmax(half.mean(axis=1)[steps:] - half.mean(axis=1)[:-steps])) for half in halves]
    low_rise = paired_interval(active[0], active[-1], alpha)[0]
    # Each half tells about the fifth that the other chose, so that choosing flatters nobody.
    size = min(half.shape[1] for half in halves)
    columns = np.vstack([half[:, :size] for half in halves]).T

    def share(means: np.ndarray) -> np.ndarray:
        first, second = means[:, : len(held)], means[:, len(held) :]
        return (_carried(first, firsts[1], steps) + _carried(second, firsts[0], steps)) / 2.0

    estimate = float(share(columns.mean(axis=0)[None])[0])
    low, high = bootstrap_interval(columns, share, alpha, seed)
    identified = low_rise > 0.0
    return Finding(
        pattern=2,
        part="steepness",
        claim="A fifth of the firms carries more than half of the rise.",
        quantity="share of the rise between two numbers held in that are a fifth of the firms apart",
        estimate=estimate,
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, STEEP) if identified else None,
        identified=identified,
        detail=tuple({"from": held[first], "to": held[first + steps]} for first in firsts),
        note="Counts only where the share active rises at all.",
    )


def _carried(means: np.ndarray, first: int, steps: int) -> np.ndarray:
    """Share of the rise between two places of a row of means; nothing where a row does not rise."""
    whole = means[:, -1] - means[:, 0]
    safe = np.where(whole > 0.0, whole, 1.0)
    return np.where(whole > 0.0, (means[:, first + steps] - means[:, first]) / safe, 0.0)

"""Pattern 10: when local demand falls, whether income falls less in active clusters than in passive ones."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, ensemble
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import apart_mean_interval, mean_interval
from klastersim.analysis.patterns.living import FEWEST, WINDOW
from klastersim.analysis.patterns.place import where_active

#: First month in which local demand is halved; it stays so. Whether a cluster is active is read the month before.
FALLS: Final = 121
FACTOR: Final = 0.5

MEASURES: Final = ("active", "value_added", "profit")


def _losses(
    measure: str, changes: Changes, points: tuple[Changes, ...], replications: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (share of income lost, whether the cluster is active the month before); shape (points, replications).

    Lost is what the same cluster earns on the same luck where demand stays.
    """
    trust = where_active(changes, replications)
    base: dict[str, Any] = {"start.kind": "cooperating", **changes, **ALONE, "ties.trust": trust}
    fall: dict[str, Any] = {"events": [{"kind": "demand", "market": "local", "month": FALLS, "factor": FACTOR}]}
    arms = [{**base, **point, **more} for point in points for more in ({}, fall)]
    told = ensemble(arms, replications, FALLS - 1 + WINDOW, seed, MEASURES)
    earned = told[measure][:, :, FALLS - 1 :].sum(axis=2)
    return 1.0 - earned[1::2] / earned[::2], told["active"][::2, :, FALLS - 2] > 0.0


def by_state(measure: str, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether clusters that are active as demand falls lose less than those that are passive.

    Parameters
    ----------
    measure : str
        "value_added" or "profit".
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs with and without the fall, and what their luck is derived from, which both share.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the share of income lost, passive less active. Not identified where fewer than 20 clusters are
        of either kind.
    """
    losses, active = (each[0] for each in _losses(measure, changes, ({},), replications, seed))
    groups = losses[active], losses[~active]
    identified = min(len(group) for group in groups) >= FEWEST
    low, high = apart_mean_interval(*groups, alpha) if identified else (None, None)
    words = measure.replace("_", " ")
    means = [float(group.mean()) if len(group) else None for group in groups]
    return Finding(
        pattern=10,
        part=words,
        claim=f"When local demand falls, active clusters lose less of their {words} than passive ones.",
        quantity=f"share of {words} lost in {WINDOW} months, passive less active clusters",
        estimate=float(groups[1].mean() - groups[0].mean()) if identified else None,
        low=low,
        high=high,
        alpha=alpha,
        held=None if low is None or high is None else judged(low, high, 0.0),
        identified=identified,
        detail=tuple(
            {"clusters": name, "number": len(group), "share lost": mean}
            for name, group, mean in zip(("active", "passive"), groups, means, strict=True)
        ),
        note=f"Demand on the local market is halved from month {FALLS} on.",
    )


def by_cooperation(measure: str, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether active clusters lose less than the same clusters had nobody ever cooperated; else as `by_state`."""
    losses, active = _losses(measure, changes, ({}, {"decision.enabled": False}), replications, seed)
    saved = (losses[1] - losses[0])[active[0]]
    identified = len(saved) >= FEWEST
    low, high = mean_interval(saved, alpha, span=1.0) if identified else (None, None)
    words = measure.replace("_", " ")
    return Finding(
        pattern=10,
        part=f"{words}, same clusters",
        claim=f"When local demand falls, active clusters lose less of their {words} than without cooperation.",
        quantity=f"share of {words} lost in {WINDOW} months, nobody cooperating less active",
        estimate=float(saved.mean()) if identified else None,
        low=low,
        high=high,
        alpha=alpha,
        held=None if low is None or high is None else judged(low, high, 0.0),
        identified=identified,
        note=f"{len(saved)} clusters that are active in month {FALLS - 1}; demand on the local market is halved from "
        f"the next on. Lost {_percent(losses[0][active[0]])} with and {_percent(losses[1][active[0]])} without "
        "cooperation.",
    )


def _percent(values: np.ndarray) -> str:
    return f"{values.mean():.1%}" if len(values) else "-"

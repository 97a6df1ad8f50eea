"""Many runs on shared luck, and intervals on what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from klastersim import Scenario
from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.world.build import build

#: False-alarm rate of a claim.
ALPHA = 0.001

SENTRA = Scenario.preset("sentra")

#: Fixed before any pattern was run.
SEED = 20_100


def ensemble(
    points: Sequence[Mapping[str, Any]], replications: int, months: int = 240, base: Scenario = SENTRA
) -> np.recarray:
    """Run every point with the same seeds; return monthly measures, shape (points, replications, months)."""
    seeds = [derive_seed(SEED, r) for r in range(replications)]
    scenarios = [base.replace(dict(point)) for point in points]
    world = build([scenario for scenario in scenarios for _ in seeds], seeds * len(points), months_kept=max(12, months))
    world = advance(world, months, threads=2)
    return world.series[:, :months].reshape(len(points), replications, months)


def share_interval(hits: np.ndarray, alpha: float = ALPHA) -> tuple[float, float]:
    """Exact interval of a share, one claim at either end at the false-alarm rate `alpha`."""
    result = stats.binomtest(int(np.sum(hits)), int(np.size(hits)))
    interval = result.proportion_ci(1.0 - 2.0 * alpha, method="exact")
    return float(interval.low), float(interval.high)


def mean_interval(values: np.ndarray, alpha: float = ALPHA) -> tuple[float, float]:
    """Interval of a mean by Student's t, one claim at either end at the false-alarm rate `alpha`.

    Values that are all equal give an interval of no width: for shares use pairs that vary, or `share_interval`.
    """
    values = np.asarray(values, float)
    half = stats.t.ppf(1.0 - alpha, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


def paired_share_interval(first: np.ndarray, second: np.ndarray, alpha: float = ALPHA) -> tuple[float, float]:
    """Interval of the difference of two shares on the same luck (second less first), by exact bounds of both discords.

    Each direction of change is bounded by an exact interval at half the rate, so the bound is conservative.
    """
    up = share_interval(np.asarray(second, bool) & ~np.asarray(first, bool), alpha / 2.0)
    down = share_interval(np.asarray(first, bool) & ~np.asarray(second, bool), alpha / 2.0)
    return up[0] - down[1], up[1] - down[0]

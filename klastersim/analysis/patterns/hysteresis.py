"""Pattern 3: whether a falling budget keeps clusters active at values at which a rising one did not activate them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from klastersim.analysis.patterns.ensemble import ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, mean_interval
from klastersim.analysis.patterns.place import LARGEST, Key, where_support_adds_most
from klastersim.scenario.parameters import THIN_BUDGET

#: Months before the ramp begins.
BEFORE: Final = 36

#: Months of a ramp up and down: at one speed and at half of it.
FAST: Final = 480
SLOW: Final = 960

#: Budgets are looked at in so many equal steps.
STEPS: Final = 12

#: Least gap that counts, share of clusters.
GAP: Final = 0.05

#: A state that only lags shows half of the gap at half the speed, one with hysteresis all of it. Between the two:
SHRUNK: Final = 0.75


class Ramp(NamedTuple):
    """What a ramp did, by replication and step of the budget, lowest first.

    Attributes
    ----------
    up, down : ndarray of float, shape (replications, steps)
        Share of months active while the budget rises, and while it falls.
    alone_up, alone_down : ndarray of float, shape (replications, steps)
        The same months in the twin without a programme.
    spent_up, spent_down : ndarray of float, shape (steps,)
        Public money spent, Rp million a year, mean over replications.
    """

    up: np.ndarray
    down: np.ndarray
    alone_up: np.ndarray
    alone_down: np.ndarray
    spent_up: np.ndarray
    spent_down: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """Share of months active on the way down less on the way up, less the same in the twin, by replication."""
        net = (self.down - self.up) - (self.alone_down - self.alone_up)
        return np.asarray(net.mean(axis=1))


def _steps(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over equal steps of the budget, on the way up and on the way down, both from the lowest budget."""
    half = values.shape[1] // 2
    rows = values.shape[0]
    up, down = values[:, :half], values[:, half:][:, ::-1]
    return up.reshape(rows, STEPS, -1).mean(axis=2), down.reshape(rows, STEPS, -1).mean(axis=2)


@lru_cache(maxsize=32)
def _ramp(key: Key, trust: float, months: int, replications: int, seed: int) -> Ramp:
    programme: Changes = {
        "programme.path": "ramp",
        "programme.budget": LARGEST,
        "programme.start": BEFORE + 1,
        "programme.end": BEFORE + months,
    }
    point = {**dict(key), **programme, "ties.trust": trust}
    points = [{**point, "programme.enabled": enabled} for enabled in (True, False)]
    told = ensemble(points, replications, BEFORE + months, seed, ("active", "public_cost"))[:, :, BEFORE:]
    spent = _steps(12.0 * told["public_cost"][0])
    return Ramp(*_steps(told["active"][0]), *_steps(told["active"][1]), *(each.mean(axis=0) for each in spent))


def gap(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether more clusters are active on the way down than on the way up, over the same budgets.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. The place is found with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the mean difference, less that of the same months without a programme.
    """
    trust = where_support_adds_most(changes, replications)
    ramp = _ramp(frozen(changes), trust, FAST, replications, seed)
    low, high = mean_interval(ramp.gaps, alpha, span=2.0)
    return Finding(
        pattern=3,
        part="gap",
        claim="Clusters stay active at budgets that did not activate them.",
        quantity="share active on the way down less on the way up, without what time alone did",
        estimate=float(ramp.gaps.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, GAP),
        detail=tuple(_rows(ramp)),
        note=f"Budget up to sixty times the thin one and back in {FAST} months, at mean trust {trust:.2f}, where a "
        "search with other seeds saw support add most.",
    )


def _rows(ramp: Ramp) -> list[Row]:
    return [
        {
            "budget": LARGEST * (k + 0.5) / STEPS,
            "up": float(ramp.up[:, k].mean()),
            "down": float(ramp.down[:, k].mean()),
            "alone_up": float(ramp.alone_up[:, k].mean()),
            "alone_down": float(ramp.alone_down[:, k].mean()),
            "spent_up": float(ramp.spent_up[k]),
            "spent_down": float(ramp.spent_down[k]),
        }
        for k in range(STEPS)
    ]


def crossing(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether half of the clusters are active from another budget on the way up than down to on the way down.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. The place is found with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the crossing budget on the way up less that on the way down. Not identified where half of the
        clusters are not active at the largest budget.
    """
    ramp = _ramp(frozen(changes), where_support_adds_most(changes, replications), FAST, replications, seed)
    both = np.hstack([ramp.up, ramp.down])

    def difference(means: np.ndarray) -> np.ndarray:
        return crossings(means[:, :STEPS]) - crossings(means[:, STEPS:])

    low, high = bootstrap_interval(both, difference, alpha, seed)
    means = both.mean(axis=0)
    up, down = float(crossings(means[None, :STEPS])[0]), float(crossings(means[None, STEPS:])[0])
    identified = bool(means[:STEPS].max() >= 0.5)
    return Finding(
        pattern=3,
        part="crossing",
        claim="The budget at which half of the clusters are active is higher on the way up than on the way down.",
        quantity="crossing budget up less down, multiples of the thin budget",
        estimate=up - down,
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0) if identified else None,
        identified=identified,
        detail=({"up": up, "down": down, "most_active_up": float(means[:STEPS].max())},),
        note="" if identified else "At no budget half of the clusters were active on the way up.",
    )


def crossings(shares: np.ndarray) -> np.ndarray:
    """Lowest budget from which on at least half is active at every step, multiples of the thin one.

    Parameters
    ----------
    shares : ndarray of float, shape (rows, steps)
        Share active by step of the budget, lowest first.

    Returns
    -------
    ndarray of float, shape (rows,)
        The lower edge of that step; the largest budget where there is none.
    """
    from_here = np.logical_and.accumulate(shares[:, ::-1] >= 0.5, axis=1)[:, ::-1]
    steps = np.where(from_here.any(axis=1), from_here.argmax(axis=1), STEPS)
    return np.asarray(steps * (LARGEST / THIN_BUDGET) / STEPS)


def speed(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether the gap is still there at half the speed, or shrinks as that of a state that only lags.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from. The place is found with other seeds.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is the gap at half the speed over that at full speed.
    """
    trust = where_support_adds_most(changes, replications)
    ramps = [_ramp(frozen(changes), trust, months, replications, seed) for months in (FAST, SLOW)]
    both = np.stack([ramp.gaps for ramp in ramps], axis=1)

    def ratio(means: np.ndarray) -> np.ndarray:
        return np.where(means[:, 0] > 0.0, means[:, 1] / np.where(means[:, 0] > 0.0, means[:, 0], 1.0), 0.0)

    low, high = bootstrap_interval(both, ratio, alpha, seed)
    identified = mean_interval(both[:, 0], alpha, span=2.0)[0] > 0.0
    return Finding(
        pattern=3,
        part="speed",
        claim="At half the speed the gap does not shrink towards zero.",
        quantity="gap at half the speed, share of that at full speed",
        estimate=float(ratio(both.mean(axis=0)[None])[0]),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, SHRUNK) if identified else None,
        identified=identified,
        detail=tuple(
            {"months": months, "gap": float(ramp.gaps.mean())} for months, ramp in zip((FAST, SLOW), ramps, strict=True)
        ),
        note=f"A state that only lags shows about half, one with hysteresis all of it; the bound is {SHRUNK}.",
    )

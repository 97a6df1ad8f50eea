"""Pattern 3: whether a falling budget keeps clusters active at values at which a rising one did not activate them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from klastersim.analysis.patterns.ensemble import ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, mean_interval
from klastersim.analysis.patterns.place import LARGEST, OWN, Key, where_support_adds_most
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
    def spending(self) -> np.ndarray:
        """Spending at which both ways can be compared, Rp million a year, in equal steps.

        Budgets do not do: what was not spent on the way up is spent on the way down.
        """
        return common([self])

    def at_spending(self, spending: np.ndarray, alone: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Share of months active at each spending, on the way up and down, shape (replications, steps)."""
        up, down = (self.alone_up, self.alone_down) if alone else (self.up, self.down)
        return up @ _weights(self.spent_up, spending), down @ _weights(self.spent_down, spending)

    def gaps(self, spending: np.ndarray) -> np.ndarray:
        """Share of months active on the way down less on the way up, less the same in the twin, by replication."""
        (up, down), (alone_up, alone_down) = self.at_spending(spending), self.at_spending(spending, alone=True)
        return np.asarray(((down - up) - (alone_down - alone_up)).mean(axis=1))


def common(ramps: Sequence[Ramp]) -> np.ndarray:
    """Spending that all ways of all ramps pass through, Rp million a year, in equal steps."""
    ways = [way for ramp in ramps for way in (ramp.spent_up, ramp.spent_down)]
    low, high = max(way.min() for way in ways), min(way.max() for way in ways)
    return np.linspace(low, max(low, high), STEPS)


def _weights(spent: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weights of steps by which a straight line between neighbours in spending is read, shape (steps, wanted)."""
    order = np.argsort(spent, kind="stable")
    rows = [np.interp(wanted, spent[order], (order == k).astype(float)) for k in range(len(spent))]
    return np.array(rows)


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
    told = ensemble(points, replications, BEFORE + months, seed, (*OWN, "public_cost"))[:, :, BEFORE:]
    spent = _steps(12.0 * told["public_cost"][0])
    return Ramp(*_steps(told[OWN[0]][0]), *_steps(told[OWN[0]][1]), *(each.mean(axis=0) for each in spent))


def gap(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether more clusters are active on the way down than on the way up, at the same public money spent.

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
        The estimate is the mean difference, less that of the same months without a programme.
    """
    trust = where_support_adds_most(changes, replications)
    ramp = _ramp(frozen(changes), trust, FAST, replications, seed)
    gaps = ramp.gaps(ramp.spending)
    low, high = mean_interval(gaps, alpha, span=2.0)
    return Finding(
        pattern=3,
        part="gap",
        claim="Clusters stay active at a spending that did not activate them.",
        quantity="share active on the way down less on the way up, without what time alone did",
        estimate=float(gaps.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, GAP),
        detail=tuple(_rows(ramp)),
        note=f"Budget up to sixty times the thin one and back in {FAST} months, at mean trust {trust:.2f}.",
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
    """Whether half of the clusters are active from another spending on the way up than down to on the way down.

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
        The estimate is the crossing on the way up less that on the way down. Not identified where the share active on
        the way up does not pass one half at any spending that both ways have.
    """
    ramp = _ramp(frozen(changes), where_support_adds_most(changes, replications), FAST, replications, seed)
    both = np.hstack(ramp.at_spending(ramp.spending))
    thin = ramp.spending / THIN_BUDGET

    def difference(means: np.ndarray) -> np.ndarray:
        return crossings(means[:, :STEPS], thin) - crossings(means[:, STEPS:], thin)

    low, high = bootstrap_interval(both, difference, alpha, seed)
    means = both.mean(axis=0)
    up, down = (float(crossings(each[None], thin)[0]) for each in (means[:STEPS], means[STEPS:]))
    identified = bool(means[0] < 0.5 <= means[:STEPS].max())
    return Finding(
        pattern=3,
        part="crossing",
        claim="The spending at which half of the clusters are active is higher on the way up than on the way down.",
        quantity="crossing on the way up less down, multiples of the thin budget",
        estimate=up - down,
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0) if identified else None,
        identified=identified,
        detail=({"up": up, "down": down, "most_active_up": float(means[:STEPS].max())},),
        note=f"Compared from {thin[0]:.1f} to {thin[-1]:.1f} times the thin budget spent a year."
        + ("" if identified else " There the share active on the way up did not pass one half."),
    )


def crossings(shares: np.ndarray, spending: np.ndarray) -> np.ndarray:
    """Lowest spending from which on at least half is active at every step.

    Parameters
    ----------
    shares : ndarray of float, shape (rows, steps)
        Share active by step, lowest spending first.
    spending : ndarray of float, shape (steps,)
        What is spent at each step.

    Returns
    -------
    ndarray of float, shape (rows,)
        The highest spending where there is none.
    """
    from_here = np.logical_and.accumulate(shares[:, ::-1] >= 0.5, axis=1)[:, ::-1]
    steps = np.where(from_here.any(axis=1), from_here.argmax(axis=1), shares.shape[1] - 1)
    return np.asarray(spending[steps])


def speed(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether the gap is still there at half the speed, or shrinks as that of a state that only lags.

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
        The estimate is the gap at half the speed over that at full speed.
    """
    trust = where_support_adds_most(changes, replications)
    ramps = [_ramp(frozen(changes), trust, months, replications, seed) for months in (FAST, SLOW)]
    spending = common(ramps)
    both = np.stack([ramp.gaps(spending) for ramp in ramps], axis=1)

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
            {"months": months, "gap": float(gaps.mean())} for months, gaps in zip((FAST, SLOW), both.T, strict=True)
        ),
        note=f"A state that only lags shows about half, one with hysteresis all of it; the bound is {SHRUNK}.",
    )

"""Pattern 3: whether a falling budget keeps clusters active at values at which a rising one did not activate them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row, judged
from klastersim.analysis.patterns.intervals import bootstrap_interval, mean_interval
from klastersim.analysis.patterns.place import LARGEST, OWN, Key, where_support_adds_most
from klastersim.analysis.ramp import SHRUNK, Ramp, at_half_speed, common, crossing_of, stepped
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
    spent = stepped(12.0 * told["public_cost"][0], STEPS)
    active = (way for each in told[OWN[0]] for way in stepped(each, STEPS))
    return Ramp(*active, *(each.mean(axis=0) for each in spent))


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
    thin = ramp.spending / THIN_BUDGET
    found = crossing_of(ramp, THIN_BUDGET)
    low, high = bootstrap_interval(found.rows, found.difference, alpha, seed)
    return Finding(
        pattern=3,
        part="crossing",
        claim="The spending at which half of the clusters are active is higher on the way up than on the way down.",
        quantity="crossing on the way up less down, multiples of the thin budget",
        estimate=found.up - found.down,
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0) if found.is_identified else None,
        identified=found.is_identified,
        detail=({"up": found.up, "down": found.down, "most_active_up": found.most},),
        note=f"Compared from {thin[0]:.1f} to {thin[-1]:.1f} times the thin budget spent a year."
        + ("" if found.is_identified else " There the share active on the way up did not pass one half."),
    )


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

    low, high = bootstrap_interval(both, at_half_speed, alpha, seed)
    identified = mean_interval(both[:, 0], alpha, span=2.0)[0] > 0.0
    return Finding(
        pattern=3,
        part="speed",
        claim="At half the speed the gap does not shrink towards zero.",
        quantity="gap at half the speed, share of that at full speed",
        estimate=float(at_half_speed(both.mean(axis=0)[None])[0]),
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

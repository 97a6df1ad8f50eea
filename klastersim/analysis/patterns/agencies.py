"""Pattern 11: agencies that serve the same firms against each its own, where clusters lack several things."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ensemble
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import mean_interval
from klastersim.analysis.patterns.place import SEARCH
from klastersim.analysis.patterns.spending import MONTHS, alike, value_added, with_budgets

#: Clusters that lack skill, capital and buyers at once, but have some trust.
GAPS: Final[Changes] = {
    "ties.trust": 0.7,
    "cluster.quality": 0.3,
    "market.linkage": 0.002,
    "finance.working_capital": 0.3,
}

#: Seed of the runs by which equal spending is found.
SPENDING: Final = SEARCH + 11


def bundled(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether support adds more value where all bodies serve the same firms.

    Parameters
    ----------
    changes : mapping
        What the clusters are changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound.

    Returns
    -------
    Finding
        The estimate is value added, bundled less scattered, for each rupiah spent, at equal spending.
    """
    base = {"programme.channel": "individual", **changes, **GAPS}
    points = [{**base, "agencies.coherence": coherence} for coherence in (0.0, 1.0)]
    budgets = alike(points, replications, SPENDING)
    told = ensemble(with_budgets(points, budgets), replications, MONTHS, seed, ("value_added", "public_cost"))
    added = value_added(told)
    spent = told["public_cost"].sum(axis=2)
    gains = np.asarray((added[1] - added[0]) / max(float(spent.mean()), 1e-9))
    low, high = mean_interval(gains, alpha)
    scattered, together = (float(each) for each in spent.mean(axis=1))
    return Finding(
        pattern=11,
        part="bundled",
        claim="Where several things are lacking, bodies that serve the same firms add more value than each by itself.",
        quantity="value added, bundled less scattered, rupiah for each rupiah spent",
        estimate=float(gains.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"Spent: Rp {scattered:.3g} million scattered, {together:.3g} bundled.",
    )

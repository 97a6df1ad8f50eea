"""Pattern 15: how many of 300 unequal clusters are active after four years, supported or not, by budget."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, UNEQUAL, ensemble
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import share_interval
from klastersim.scenario.parameters import THIN_BUDGET

#: The field study: 2 of 22 supported sentra had all traits of a cluster after three to four years (S49).
FOUND, OF = 2, 22

#: Budgets over the thin one.
SIZES: Final = (0.0, 1.0, 15.0, 60.0)

#: First month and length of the programme: activity is read as it ends.
START: Final = 37
YEARS: Final = 4


def active(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether few clusters are active after four years of support, as the field study found.

    Parameters
    ----------
    changes : mapping
        What the clusters are changed in.
    replications, seed : int
        Unequal clusters, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound, over all budgets together.

    Returns
    -------
    Finding
        The estimate is the share active at the thin budget, held against the upper end of the field study's exact 95 %
        interval; the lower end is no part of the claim.
    """
    months = START - 1 + 12 * YEARS
    base = {**UNEQUAL, "programme.start": START, "programme.end": months, **changes}
    points: list[Changes] = [
        {**base, **ALONE} if size == 0.0 else {**base, "programme.budget": size * THIN_BUDGET} for size in SIZES
    ]
    told = ensemble(points, replications, months, seed, ("active", "active_own"))
    rows = []
    for k, size in enumerate(SIZES):
        hits = told["active"][k, :, -1] > 0.0
        low, high = share_interval(hits, alpha / len(SIZES))
        own = float(np.mean(told["active_own"][k, :, -1] > 0.0))
        rows.append(
            {
                "budget over the thin one": size,
                "Rp million a sentra-year": size * THIN_BUDGET,
                "active": float(hits.mean()),
                "low": low,
                "high": high,
                "without subsidised orders": own,
            }
        )
    thin = rows[1]
    most = share_interval(np.arange(OF) < FOUND, 0.025)[1]
    return Finding(
        pattern=15,
        part="few",
        claim=f"After four years of thin support fewer than {most:.0%} of unequal clusters are active.",
        quantity="share active after four years of the thin budget",
        estimate=thin["active"],
        low=thin["low"],
        high=thin["high"],
        alpha=alpha,
        held=judged(-thin["high"], -thin["low"], -most),
        detail=tuple(rows),
        note=f"The field study found {FOUND} of {OF} (S49).",
    )

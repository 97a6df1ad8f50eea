"""Pattern 7: which instrument does most at equal public cost, in each of the four clusters that lack one thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row
from klastersim.analysis.patterns.intervals import mean_interval
from klastersim.analysis.patterns.place import SEARCH, Key
from klastersim.analysis.patterns.spending import MONTHS, alike, value_added, with_budgets
from klastersim.scenario import PRESETS

INSTRUMENTS: Final = ("training", "finance", "market", "trust")
GAPS: Final = ("gap-trust", "gap-skill", "gap-market", "gap-capital")

#: Seed of the runs by which equal spending is found.
SPENDING: Final = SEARCH + 7


def arms(changes: Changes, gap: str) -> list[Changes]:
    """Return what the default scenario is changed in for each instrument alone, in a cluster with a gap."""
    base = {**changes, **PRESETS[gap].changes}
    return [
        {**base, **{f"mix.{name}": float(name == instrument) for name in INSTRUMENTS}} for instrument in INSTRUMENTS
    ]


@lru_cache(maxsize=64)
def _gains(key: Key, gap: str, replications: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Value added by each instrument against none, and public money spent; shape (instruments, replications)."""
    points = arms(dict(key), gap)
    paid = with_budgets(points, alike(points, replications, SPENDING))
    told = ensemble([{**points[0], **ALONE}, *paid], replications, MONTHS, seed, ("value_added", "public_cost"))
    added = value_added(told)
    return np.asarray(added[1:] - added[0]), np.asarray(told["public_cost"][1:].sum(axis=2))


def best(gains: np.ndarray, alpha: float) -> tuple[int, bool]:
    """Return (place of the instrument with the largest mean gain, whether it is shown to exceed every other).

    Each comparison is paired and errs with probability at most `alpha` over the number of rivals.
    """
    first = int(gains.mean(axis=1).argmax())
    rivals = [k for k in range(len(gains)) if k != first]
    clear = all(mean_interval(gains[first] - gains[k], alpha / len(rivals))[0] > 0.0 for k in rivals)
    return first, clear


def differ(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether the best instrument is another one in at least two of the four clusters.

    Parameters
    ----------
    changes : mapping
        What the clusters are changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate, over all four clusters together.

    Returns
    -------
    Finding
        The estimate is the number of instruments that are shown to be the best somewhere. Where two instruments cannot
        be told apart a cluster has none.
    """
    rows: list[Row] = []
    clear: list[str] = []
    for gap in GAPS:
        gains, spent = _gains(frozen(changes), gap, replications, seed)
        first, shown = best(gains, alpha / len(GAPS))
        if shown:
            clear.append(INSTRUMENTS[first])
        per_rupiah = gains.mean(axis=1) / np.maximum(spent.mean(axis=1), 1e-9)
        rows.append(
            {
                "cluster": gap,
                "best": INSTRUMENTS[first] if shown else f"{INSTRUMENTS[first]}, a tie",
                **{f"by {name}": float(value) for name, value in zip(INSTRUMENTS, per_rupiah, strict=True)},
                "spent": float(spent.mean()),
            }
        )
    number = len(set(clear))
    held = True if number >= 2 else False if len(clear) == len(GAPS) else None
    return Finding(
        pattern=7,
        part="best instrument",
        claim="At equal public cost the best instrument differs between clusters that lack different things.",
        quantity="instruments that are shown to be the best in some cluster",
        estimate=float(number),
        low=None,
        high=None,
        alpha=alpha,
        held=held,
        detail=tuple(rows),
        note="Value added against no programme, rupiah for each rupiah spent.",
    )

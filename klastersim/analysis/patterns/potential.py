"""Pattern 8: market potential that no budget replaces, for activity and for income."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row
from klastersim.analysis.patterns.intervals import Interval, mean_interval, share_interval
from klastersim.analysis.patterns.place import FINE_FROM, SEARCH, Key, trusts_for
from klastersim.scenario.parameters import THIN_BUDGET

#: Potential orders a month, and fewer of them where replications are few; the default is the last.
POTENTIALS: Final = (0.125, 0.25, 0.5, 1.0, 2.0, float(BASE["market.potential"]))
FEW_POTENTIALS: Final = (0.125, 0.5, float(BASE["market.potential"]))

#: Budgets, multiples of the thin one; none is the twin.
TIMES: Final = (0.0, 1.0, 15.0, 60.0)

#: Months to the look: 60 after the end of the usual programme; income is taken over the 36 months up to it.
MONTHS: Final = 132
WINDOW: Final = 36

#: A budget activates nothing where fewer clusters than this are active.
NOBODY: Final = 0.10

#: Least gain of income that counts: the bound under which deadweight calls it none.
GAIN: Final = 0.02

#: In a search, the share of clusters that the largest budget must activate, somewhat more than the half that is asked.
ENOUGH: Final = 0.65


def where_budgets_can(changes: Changes, replications: int) -> float:
    """Lowest mean trust at which the largest budget makes well over half of the clusters active at default potential.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in; a mean trust among them is returned as it is.
    replications : int
        Of the look that follows; the search takes a quarter, with seeds of its own.

    Returns
    -------
    float
        On a grid of 0.05; the highest of the grid where there is none.
    """
    if "ties.trust" in changes:
        return float(changes["ties.trust"])
    return _where_budgets_can(frozen(changes), replications)


@lru_cache(maxsize=32)
def _where_budgets_can(key: Key, replications: int) -> float:
    trusts = trusts_for(replications)
    points = [{**dict(key), "ties.trust": trust, "programme.budget": TIMES[-1] * THIN_BUDGET} for trust in trusts]
    active = ensemble(points, max(8, replications // 4), MONTHS, SEARCH + 8)["active"][:, :, -1].mean(axis=1)
    able = [trust for trust, share in zip(trusts, active, strict=True) if share >= ENOUGH]
    return min(able, default=trusts[-1])


@lru_cache(maxsize=32)
def _told(key: Key, potentials: tuple[float, ...], replications: int, seed: int) -> np.ndarray:
    """Measures of clusters by potential and budget, shape (potentials, budgets, replications, months)."""
    points = [
        {**dict(key), "market.potential": potential, "programme.budget": times * THIN_BUDGET}
        for potential in potentials
        for times in TIMES
    ]
    told = ensemble(points, replications, MONTHS, seed, ("active", "value_added", "profit"))
    return told.reshape(len(potentials), len(TIMES), replications, MONTHS)


def activity(changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether there is a potential above zero below which no budget makes clusters active for good.

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
        The estimate is the largest share that any budget leaves active at the highest potential at which none leaves
        a tenth. Not identified where the largest budget leaves less than half active at the default potential.
    """
    trust, potentials, told = _look(changes, replications, seed)
    active = told["active"][..., -1] > 0.0
    each = alpha / (len(potentials) * len(TIMES))
    bounds = [[share_interval(hits, each) for hits in row] for row in active]
    return _finding(
        "activity",
        "below some market potential no budget makes clusters active for good",
        "share active 60 months after the end, largest of any budget",
        trust,
        potentials,
        active.mean(axis=2),
        bounds,
        (NOBODY, 0.5),
        alpha,
    )


def income(measure: str, changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """Whether there is a potential above zero below which no budget raises income.

    Parameters
    ----------
    measure : str
        "value_added" or "profit".
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Runs of each point, and what their luck is derived from.
    alpha : float
        False-alarm rate, over all points together.

    Returns
    -------
    Finding
        The estimate is the largest relative gain that any budget brings at the highest potential at which none brings
        a fiftieth. Not identified where the largest budget does not bring that at the default potential.
    """
    trust, potentials, told = _look(changes, replications, seed)
    sums = told[measure][..., MONTHS - WINDOW :].sum(axis=3)
    each = alpha / (len(potentials) * len(TIMES))
    gains = sums.mean(axis=2) / sums[:, :1].mean(axis=2) - 1.0
    bounds = [
        [(0.0, 0.0) if k == 0 else _gain_interval(row[0], row[k], each, seed) for k in range(len(TIMES))]
        for row in sums
    ]
    return _finding(
        measure.replace("_", " "),
        f"below some market potential no budget raises {measure.replace('_', ' ')} by {GAIN:.0%} for good",
        f"{measure.replace('_', ' ')} over 36 months up to 60 after the end, relative to the twin, most by any budget",
        trust,
        potentials,
        gains,
        bounds,
        (GAIN, GAIN),
        alpha,
    )


def _look(changes: Changes, replications: int, seed: int) -> tuple[float, tuple[float, ...], np.ndarray]:
    potentials = POTENTIALS if replications >= FINE_FROM else FEW_POTENTIALS
    trust = where_budgets_can(changes, replications)
    return trust, potentials, _told(frozen({**changes, "ties.trust": trust}), potentials, replications, seed)


def _gain_interval(alone: np.ndarray, with_: np.ndarray, alpha: float, seed: int) -> Interval:
    """Interval of the gain of a sum relative to the twins' mean, on the same luck."""
    low, high = mean_interval(with_ - alone, alpha)
    return low / float(alone.mean()), high / float(alone.mean())


def _finding(
    part: str,
    claim: str,
    quantity: str,
    trust: float,
    potentials: tuple[float, ...],
    shares: np.ndarray,
    bounds: list[list[Interval]],
    limits: tuple[float, float],
    alpha: float,
) -> Finding:
    nothing, enough = limits
    identified = bounds[-1][-1][0] > enough
    void = [all(high < nothing for _, high in row) for row in bounds]
    count = next((k for k, each in enumerate(void) if not each), len(void))
    place = max(count - 1, 0)
    best = int(np.argmax(shares[place]))
    low, high = bounds[place][best]
    some_budget_works = any(low > nothing for low, _ in bounds[0])
    rows: list[Row] = [
        {"market.potential": potential, "budget": times, "estimate": float(shares[k, j]), "low": b[0], "high": b[1]}
        for k, potential in enumerate(potentials)
        for j, (times, b) in enumerate(zip(TIMES, bounds[k], strict=True))
    ]
    held = True if count else False if some_budget_works else None
    found = f"No budget does at {potentials[place]:g} orders a month" if count else "Some budget may at any potential"
    return Finding(
        pattern=8,
        part=part,
        claim=f"There is a potential above zero: {claim}.",
        quantity=quantity,
        estimate=float(shares[place, best]),
        low=low,
        high=high,
        alpha=alpha,
        held=held if identified else None,
        identified=identified,
        detail=tuple(rows),
        note=f"{found}, at mean trust {trust:.2f}."
        + ("" if identified else " The largest budget does not do enough at the default potential."),
    )

"""Pattern 8: market potential that no budget replaces, for activity and for income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import BASE, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, Row
from klastersim.analysis.patterns.intervals import Interval, mean_interval, share_interval
from klastersim.analysis.patterns.place import FINE_FROM, SEARCH, Key, where_budgets_can
from klastersim.compiled import derive_seed
from klastersim.engine.measuring import COLLECTIVE
from klastersim.scenario.parameters import THIN_BUDGET
from klastersim.world.build import build

#: Potential orders a month, and fewer of them where replications are few; the default is the last.
POTENTIALS: Final = (0.125, 0.25, 0.5, 1.0, 2.0, float(BASE["market.potential"]))
FEW_POTENTIALS: Final = (0.125, 0.5, float(BASE["market.potential"]))

#: Budgets, multiples of the thin one; none is the twin.
TIMES: Final = (0.0, 1.0, 15.0, 60.0)
FEW_TIMES: Final = (0.0, 15.0, 60.0)

#: Months to the look: 60 after the end of the usual programme; income is taken over the 36 months up to it.
MONTHS: Final = 132
WINDOW: Final = 36

#: A budget activates nothing where fewer clusters than this are active.
NOBODY: Final = 0.10

#: Least gain of income that counts: the bound under which deadweight calls it none.
GAIN: Final = 0.02


@lru_cache(maxsize=32)
def _told(
    key: Key, potentials: tuple[float, ...], budgets: tuple[float, ...], replications: int, seed: int
) -> np.ndarray:
    """Measures of clusters by potential and budget, shape (potentials, budgets, replications, months)."""
    points = [
        {**dict(key), "market.potential": potential, "programme.budget": times * THIN_BUDGET}
        for potential in potentials
        for times in budgets
    ]
    told = ensemble(points, replications, MONTHS, seed, ("active", "value_added", "profit"))
    return told.reshape(len(potentials), len(budgets), replications, MONTHS)


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
        The estimate is the potential at which the best budget leaves a tenth active; its bounds are the highest at
        which none is shown to, and the lowest at which one is. Not identified where the largest budget leaves less
        than half active at the default potential.
    """
    trust, potentials, budgets, told = _look(changes, replications, seed)
    active = told["active"][..., -1] > 0.0
    each = alpha / (len(potentials) * len(budgets))
    bounds = [[share_interval(hits, each) for hits in row] for row in active]
    found = _finding(
        "activity",
        "below some market potential no budget makes clusters active for good",
        "potential orders a month at which the best budget leaves a tenth active 60 months after its end",
        trust,
        potentials,
        budgets,
        active.mean(axis=2),
        bounds,
        (NOBODY, 0.5),
        alpha,
    )
    least = least_potential({**changes, "ties.trust": trust})
    alone = float(active[-1, 0].mean())
    note = f"At default potential {alone:.0%} of the clusters are active without a programme. "
    note += f"Below {least:.2f} orders a month none could be active by the meaning of active."
    return replace(found, note=f"{found.note} {note}")


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
        The estimate is the potential at which the best budget brings a gain of a fiftieth; its bounds are the highest
        at which none is shown to, and the lowest at which one is. Not identified where the largest budget does not at
        the default potential.
    """
    trust, potentials, budgets, told = _look(changes, replications, seed)
    sums = told[measure][..., MONTHS - WINDOW :].sum(axis=3)
    each = alpha / (len(potentials) * len(budgets))
    gains = sums.mean(axis=2) / sums[:, :1].mean(axis=2) - 1.0
    bounds = [
        [(0.0, 0.0) if k == 0 else _gain_interval(row[0], row[k], each, seed) for k in range(len(budgets))]
        for row in sums
    ]
    return _finding(
        measure.replace("_", " "),
        f"below some market potential no budget raises {measure.replace('_', ' ')} by {GAIN:.0%} for good",
        f"potential orders a month at which the best budget raises it by {GAIN:.0%} over 36 months, 60 after its end",
        trust,
        potentials,
        budgets,
        gains,
        bounds,
        (GAIN, GAIN),
        alpha,
    )


def _look(
    changes: Changes, replications: int, seed: int
) -> tuple[float, tuple[float, ...], tuple[float, ...], np.ndarray]:
    """Return mean trust, potentials, budgets and what was measured there."""
    potentials, budgets = (POTENTIALS, TIMES) if replications >= FINE_FROM else (FEW_POTENTIALS, FEW_TIMES)
    trust = where_budgets_can(changes, replications)
    told = _told(frozen({**changes, "ties.trust": trust}), potentials, budgets, replications, seed)
    return trust, potentials, budgets, told


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
    budgets: tuple[float, ...],
    shares: np.ndarray,
    bounds: list[list[Interval]],
    limits: tuple[float, float],
    alpha: float,
) -> Finding:
    nothing, enough = limits
    identified = bounds[-1][-1][0] > enough
    void = [all(high < nothing for _, high in row) for row in bounds]
    works = [any(low > nothing for low, _ in row) for row in bounds]
    count = void.index(False) if False in void else len(void)
    rows: list[Row] = [
        {
            "market.potential": potential,
            **{f"{times:g} x": float(value) for times, value in zip(budgets, shares[k], strict=True)},
            "highest_low": max(low for low, _ in bounds[k]),
            "highest_high": max(high for _, high in bounds[k]),
        }
        for k, potential in enumerate(potentials)
    ]
    held = True if count else False if works[0] else None
    return Finding(
        pattern=8,
        part=part,
        claim=f"There is a potential above zero: {claim}.",
        quantity=quantity,
        estimate=passing(potentials, shares.max(axis=1), nothing),
        low=potentials[count - 1] if count else None,
        high=next((potential for potential, each in zip(potentials, works, strict=True) if each), None),
        alpha=alpha,
        held=held if identified else None,
        identified=identified,
        detail=tuple(rows),
        note=f"At mean trust {trust:.2f}."
        + ("" if identified else " The largest budget does not do enough at the default potential."),
    )


def passing(potentials: Sequence[float], most: np.ndarray, bound: float) -> float | None:
    """Potential at which what the best budget does first passes a bound, by logarithms between neighbours.

    Examples
    --------
    >>> passing((1.0, 4.0), np.array([0.0, 0.2]), 0.1)
    2.0
    """
    for k in range(1, len(potentials)):
        if most[k - 1] < bound <= most[k]:
            step = (bound - most[k - 1]) / (most[k] - most[k - 1])
            return float(potentials[k - 1] * (potentials[k] / potentials[k - 1]) ** step)
    return None


def least_potential(changes: Changes) -> float:
    """Potential orders a month below which no cluster can be active, whatever is done, by the meaning of active.

    All orders would have to be reached, taken jointly and delivered for their sales to be 5 % of all.
    """
    scenario = BASE.replace(dict(changes))
    seeds = [int(derive_seed(SEARCH, r)) for r in range(100)]
    world = build([scenario] * len(seeds), seeds)
    output = float(np.asarray(world.clusters["opening_supply"]).mean())
    cluster = world.clusters[0]
    volume = float(np.exp(cluster.order_log_mean + cluster.order_log_spread**2 / 2.0))
    return COLLECTIVE * output * float(cluster.price) / (volume * float(cluster.order_price))

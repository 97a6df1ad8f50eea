"""Where to look: the social capital at which a pattern has its best chance, found with seeds that nothing else uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ALONE, ensemble, frozen
from klastersim.analysis.patterns.finding import Changes
from klastersim.scenario.parameters import THIN_BUDGET

#: Values of mean trust that are looked at, and fewer of them where replications are few.
TRUSTS: Final = tuple(round(0.05 * k, 2) for k in range(6, 20))
FEW_TRUSTS: Final = (0.3, 0.65, 0.8, 0.95)

#: Seeds of the searches.
SEARCH: Final = 20_900

#: From so many replications on, looks and searches use whole rows, and a search may go on to steps of 0.01.
FINE_FROM: Final = 100

#: Runs of each point in searches: in a coarse row, in a fine one, and where replications are few.
COARSE_RUNS: Final = 60
FINE_RUNS: Final = 150
FEW_RUNS: Final = 8

STARTS: Final = ("passive", "cooperating")

#: Largest budget of the evidence's range.
LARGEST: Final = 60.0 * THIN_BUDGET

#: What a share of one half counts for against a share of 0 or 1: enough to tell equals apart, too little for more.
UNSETTLED: Final = 0.02

#: Share of clusters that must be active where a look asks for more than half: somewhat more.
ENOUGH: Final = 0.65

#: Activity while a programme runs: what rests on orders that it buys would end with it by definition.
OWN: Final = ("active_own",)

Key = tuple[tuple[str, bool | int | float | str], ...]


def trusts_for(replications: int) -> tuple[float, ...]:
    """Values of mean trust that a look with so many replications takes."""
    return TRUSTS if replications >= FINE_FROM else FEW_TRUSTS


def coarse_runs(replications: int) -> int:
    """Runs of each point of a search for a look with so many replications."""
    return COARSE_RUNS if replications >= FINE_FROM else FEW_RUNS


def where_history_decides(changes: Changes, replications: int) -> float:
    """Mean trust at which the share of clusters active after 240 months differs most between the two starts.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in; a mean trust among them is returned as it is.
    replications : int
        Of the look that follows on; where they are few, so are those of the search.

    Returns
    -------
    float
        On a grid of 0.01, or of few values where replications are few.
    """
    if "ties.trust" in changes:
        return float(changes["ties.trust"])
    return _where_history_decides(frozen(changes), replications)


@lru_cache(maxsize=32)
def _where_history_decides(key: Key, replications: int) -> float:
    def apart(trusts: Sequence[float], runs: int, seed: int) -> np.ndarray:
        points = [
            {**dict(key), **ALONE, "ties.trust": trust, "start.kind": start} for trust in trusts for start in STARTS
        ]
        return _apart(ensemble(points, runs, 240, seed)["active"][:, :, -1].mean(axis=1))

    return _highest(apart, replications)


def where_support_adds_most(changes: Changes, replications: int) -> float:
    """Mean trust at which the largest budget adds most active clusters by the end of a programme of three years.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in; a mean trust among them is returned as it is.
    replications : int
        As for `where_history_decides`.

    Returns
    -------
    float
        On a grid of 0.05, or of few values where replications are few.
    """
    if "ties.trust" in changes:
        return float(changes["ties.trust"])
    return _where_support_adds_most(frozen(changes), replications)


@lru_cache(maxsize=32)
def _where_support_adds_most(key: Key, replications: int) -> float:
    def added(trusts: Sequence[float], runs: int, seed: int) -> np.ndarray:
        points = [
            {**dict(key), "ties.trust": trust, "programme.budget": LARGEST, "programme.enabled": enabled}
            for trust in trusts
            for enabled in (False, True)
        ]
        return _apart(ensemble(points, runs, 72, seed, OWN)[OWN[0]][:, :, -1].mean(axis=1))

    return _highest(added, replications, fine=False)


def where_budgets_can(changes: Changes, replications: int) -> float:
    """Lowest mean trust at which the largest budget leaves well over half of the clusters active for good.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in; a mean trust among them is returned as it is.
    replications : int
        As for `where_history_decides`.

    Returns
    -------
    float
        On a grid of 0.05, or of few values where replications are few; the highest where there is none.
    """
    return _lowest_unless_given(changes, {"programme.budget": LARGEST}, 132, replications)


def where_active(changes: Changes, replications: int) -> float:
    """Lowest mean trust at which well over half of the clusters are active alone, from the cooperating start.

    Parameters
    ----------
    changes : mapping
        What the default scenario is changed in; a mean trust among them is returned as it is.
    replications : int
        As for `where_history_decides`.

    Returns
    -------
    float
        On a grid of 0.05, or of few values where replications are few; the highest where there is none.
    """
    return _lowest_unless_given(changes, {**ALONE, "start.kind": "cooperating"}, 240, replications)


def _lowest_unless_given(changes: Changes, also: Changes, months: int, replications: int) -> float:
    """Mean trust that is given among the changes, else the lowest at which enough clusters are active."""
    if "ties.trust" in changes:
        return float(changes["ties.trust"])
    return _lowest(frozen({**changes, **also}), months, replications)


@lru_cache(maxsize=32)
def _lowest(key: Key, months: int, replications: int) -> float:
    """Lowest value of mean trust at which enough clusters are active in the last month."""
    trusts = trusts_for(replications)
    points = [{**dict(key), "ties.trust": trust} for trust in trusts]
    active = ensemble(points, coarse_runs(replications), months, SEARCH + 2)["active"][:, :, -1].mean(axis=1)
    return min((trust for trust, share in zip(trusts, active, strict=True) if share >= ENOUGH), default=trusts[-1])


def _apart(shares: np.ndarray) -> np.ndarray:
    """Second less first of each pair of shares; among about equals the pair that is least settled counts as highest."""
    first, second = shares[::2], shares[1::2]
    middle = (first + second) / 2.0
    return np.asarray(second - first + UNSETTLED * 4.0 * middle * (1.0 - middle))


def _highest(measure: Callable[[Sequence[float], int, int], np.ndarray], replications: int, fine: bool = True) -> float:
    """Value of mean trust at which a measure is highest: a coarse row, then a fine one around its best."""
    trusts = trusts_for(replications)
    best = trusts[int(np.argmax(measure(trusts, coarse_runs(replications), SEARCH)))]
    if not fine or replications < FINE_FROM:
        return best
    near = [round(best + 0.01 * k, 2) for k in range(-4, 5)]
    return near[int(np.argmax(measure(near, FINE_RUNS, SEARCH + 1)))]

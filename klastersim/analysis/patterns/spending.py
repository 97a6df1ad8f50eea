"""Budgets at which arms spend alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import ensemble
from klastersim.analysis.patterns.finding import Changes
from klastersim.analysis.patterns.place import FEW_RUNS, FINE_FROM
from klastersim.scenario.parameters import THIN_BUDGET

#: Yearly budget of arms that are compared, Rp million: fifteen times the thin one.
BUDGET: Final = 15.0 * THIN_BUDGET

#: Value added is counted from the programme's start to 60 months after its end.
START: Final = 37
MONTHS: Final = 132

#: Runs by which equal spending is found.
PILOT_RUNS: Final = 30

#: Rounds in which budgets are changed until all arms spend the same, and how near is enough.
ROUNDS: Final = 4
NEAR: Final = 0.01


def equal_spending(
    points: Sequence[Changes], budget: float, months: int, replications: int, seed: int
) -> tuple[float, ...]:
    """Yearly budgets at which all arms spend what the one that spends least spends at the full budget.

    An arm spends less than it is given where a visit is dearer than what is left, where loans come back, or where
    nobody is left to visit.

    Parameters
    ----------
    points : sequence of mapping
        What the default scenario is changed in, for each arm.
    budget : float
        The full budget, Rp million a year.
    months, replications, seed : int
        Months to run, runs by which spending is found, and what their luck is derived from, which nothing else is.

    Returns
    -------
    tuple of float
        A budget for each arm, Rp million a year.
    """
    budgets = np.full(len(points), budget)
    spent = _spent(points, budgets, months, replications, seed)
    target = spent.min()
    for _ in range(ROUNDS):
        off = [int(k) for k in np.flatnonzero(np.abs(spent - target) >= NEAR * target)]
        if target <= 0.0 or not off:
            break
        budgets[off] *= target / spent[off]
        spent[off] = _spent([points[k] for k in off], budgets[off], months, replications, seed)
    return tuple(float(each) for each in budgets)


def _spent(points: Sequence[Changes], budgets: np.ndarray, months: int, replications: int, seed: int) -> np.ndarray:
    paid = with_budgets(points, [float(budget) for budget in budgets])
    told = ensemble(paid, replications, months, seed, ("public_cost",))["public_cost"]
    return np.asarray(told.sum(axis=2).mean(axis=1))


def alike(points: Sequence[Changes], replications: int, seed: int) -> tuple[float, ...]:
    """Yearly budgets at which arms of the usual budget and length spend alike; few runs find them in a small look."""
    return equal_spending(points, BUDGET, MONTHS, PILOT_RUNS if replications >= FINE_FROM else FEW_RUNS, seed)


def value_added(told: np.ndarray) -> np.ndarray:
    """Value added from the programme's start on, Rp million; shape (points, replications)."""
    return np.asarray(told["value_added"][:, :, START - 1 :].sum(axis=2))


def with_budgets(points: Sequence[Changes], budgets: Sequence[float]) -> list[Changes]:
    """Give each arm its budget."""
    return [{**point, "programme.budget": budget} for point, budget in zip(points, budgets, strict=True)]

"""What firms' own machines are worth: a machine loses its value evenly over its life."""

from __future__ import annotations

import numpy as np

from klastersim.scenario import Scenario
from klastersim.world.layout import World


def own_capital(world: World, c: int = 0) -> np.ndarray:
    """Return what the own machines of a cluster's firms are worth after the last month.

    Parameters
    ----------
    world : World
        The state.
    c : int, default 0
        Number of the cluster.

    Returns
    -------
    ndarray of float, shape (firms,)
        Rp million: the price of a machine for each month that is left, over the months of its life; 0 without one.
    """
    cluster = world.clusters[c]
    p = world.params[cluster.terms]
    first = int(cluster.first_firm)
    until = np.array(world.firms["machine_until"][first : first + int(cluster.firms)], np.int64)
    left = np.maximum(0, until - int(cluster.month))
    return np.asarray(left * float(p.functions_machine_price) / int(p.functions_machine_months))


def months_left(scenario: Scenario, capital: np.ndarray) -> np.ndarray:
    """Return for how many months machines can still be used at the opening that are worth so much.

    Parameters
    ----------
    scenario : Scenario
        Tells price and life of a machine.
    capital : ndarray of float, shape (firms,)
        Rp million, >= 0. A firm has one machine at most, so that more than its price is a new one.

    Returns
    -------
    ndarray of float, shape (firms,)
        Whole months; NaN where `capital` is.
    """
    price, life = scenario["functions.machine_price"], scenario["functions.machine_months"]
    worth = capital / price if price > 0.0 else np.where(capital > 0.0, 1.0, capital)
    return np.asarray(np.floor(np.minimum(1.0, worth) * life + 0.5))


def uses_machines(world: World, c: int = 0) -> bool:
    """Whether firms of a cluster can use machines at all."""
    p = world.params[world.clusters[c].terms]
    return bool(p.functions_enabled and p.functions_equipment)

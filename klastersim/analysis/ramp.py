"""What a budget that slowly rises and falls back did: whether clusters stay active at what did not activate them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np

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
    return np.linspace(low, max(low, high), len(ramps[0].spent_up))


def _weights(spent: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Weights of steps by which a straight line between neighbours in spending is read, shape (steps, wanted)."""
    order = np.argsort(spent, kind="stable")
    rows = [np.interp(wanted, spent[order], (order == k).astype(float)) for k in range(len(spent))]
    return np.array(rows)


def stepped(values: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Means over equal steps of the budget, on the way up and on the way down, both from the lowest budget.

    Parameters
    ----------
    values : ndarray of float, shape (rows, times)
        From the first month of a ramp to its last.
    steps : int
        Steps of each way, of as many times each.
    """
    half = values.shape[1] // 2
    rows = values.shape[0]
    up, down = values[:, :half], values[:, half:][:, ::-1]
    return up.reshape(rows, steps, -1).mean(axis=2), down.reshape(rows, steps, -1).mean(axis=2)


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


class Crossing(NamedTuple):
    """Spending from which on half of the clusters are active, in some unit.

    Attributes
    ----------
    up, down : float
        On the way up, and on the way down.
    most : float
        Largest share active on the way up.
    is_identified : bool
        Whether the share active on the way up passes one half at a spending that both ways have.
    rows : ndarray of float, shape (replications, 2 steps)
        What it is computed from.
    difference : callable
        Returns up less down from means of such rows.
    """

    up: float
    down: float
    most: float
    is_identified: bool
    rows: np.ndarray
    difference: Callable[[np.ndarray], np.ndarray]


def crossing_of(ramp: Ramp, unit: float) -> Crossing:
    """Return where half of the clusters are active, in multiples of a spending, Rp million a year."""
    spending = ramp.spending / unit
    steps = len(spending)
    rows = np.hstack(ramp.at_spending(ramp.spending))

    def difference(means: np.ndarray) -> np.ndarray:
        return crossings(means[:, :steps], spending) - crossings(means[:, steps:], spending)

    means = rows.mean(axis=0)
    up, down = (float(crossings(each[None], spending)[0]) for each in (means[:steps], means[steps:]))
    most = float(means[:steps].max())
    return Crossing(up, down, most, bool(means[0] < 0.5 <= most), rows, difference)


def at_half_speed(means: np.ndarray) -> np.ndarray:
    """Return the gap of the slower ramp over that of the faster, from means of (faster, slower); 0 without a gap."""
    return np.where(means[:, 0] > 0.0, means[:, 1] / np.where(means[:, 0] > 0.0, means[:, 0], 1.0), 0.0)

"""What each arm of a map costs and adds against the first, on the same luck: moments over replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from klastersim.indicators.intervals import Estimate, ratio_interval, student_quantile
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import Point

#: Fewer replications could not tell one sign from the other at 5 % even if all agreed.
FEWEST: Final = 6


class Pairs:
    """Pairs of runs of one replication at one place of a map, under an arm and under the map's first arm.

    All points share the luck of a replication, so what is independent is a replication, not a pair: for each, the pairs
    of the whole map are added up, and means and covariances of these sums over the replications are all that is kept,
    however many runs there are. A pair counts where both of its runs were finished. A replication counts where all
    points have a run of it: once points stop because they are precise enough, those that go on are no fair sample.

    Parameters
    ----------
    points : sequence of Point
        The points of the experiment, arm after arm of each map, at the same places in the same order.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        places: dict[tuple[str, str], list[int]] = {}
        for number, point in enumerate(points):
            places.setdefault((point.map, point.arm), []).append(number)
        first: dict[str, list[int]] = {}
        self._compared: dict[tuple[str, str], tuple[slice, slice]] = {}
        for (name, arm), numbers in places.items():
            base = first.setdefault(name, numbers)
            if numbers is not base:
                self._compared[name, arm] = _slice(numbers), _slice(base)
        self._points = len(points)
        self._replication, self._seen = -1, 0
        self._active = np.zeros(self._points)
        self._cost = np.zeros(self._points)
        count = len(self._compared)
        self._paid = np.zeros(count, np.bool_)
        self._replications = np.zeros(count, np.int64)
        self._means = np.zeros((count, 3))
        self._products = np.zeros((count, 3, 3))

    def add(self, rows: np.ndarray) -> None:
        """Take up the next rows, in the order of the runs; a replication counts when its last point is there."""
        if not self._compared:
            return
        replications = rows["run"] // self._points
        for part in np.split(rows, np.flatnonzero(np.diff(replications)) + 1):
            replication = int(part["run"][0]) // self._points
            if replication != self._replication:
                self._replication, self._seen = replication, 0
            self._active[part["point"]] = np.where(part["active"] < 0, np.nan, part["active"])
            self._cost[part["point"]] = part["public_cost_total"]
            self._seen += len(part)
            if self._seen == self._points:
                self._finish_replication()

    def _finish_replication(self) -> None:
        for k, (arm, base) in enumerate(self._compared.values()):
            added = self._active[arm] - self._active[base]
            paid = self._cost[arm] - self._cost[base]
            both = ~(np.isnan(added) | np.isnan(paid))
            if both.any():
                self._paid[k] |= (paid[both] != 0.0).any()
                self._take_up(k, np.array([added[both].sum(), paid[both].sum(), both.sum()]))

    def _take_up(self, k: int, sums: np.ndarray) -> None:
        """Move means and sums of products by one more replication, after Welford (1962)."""
        self._replications[k] += 1
        before = sums - self._means[k]
        self._means[k] += before / self._replications[k]
        self._products[k] += np.outer(before, sums - self._means[k])

    def costs(self) -> dict[tuple[str, str], CostOfActivation | None]:
        """Return costs by map and arm, of all its places together; None with fewer than six replications.

        Arms that cost the public what the first arm costs, pair by pair, are left out.

        The added share and the cost of each additional active cluster are ratios of means over replications, with
        Fieller's interval at Student's quantile. That of the cost ends exactly where the added share's excludes zero.
        """
        return {names: self._cost_of(k) for k, names in enumerate(self._compared) if self._paid[k]}

    def _cost_of(self, k: int) -> CostOfActivation | None:
        n = int(self._replications[k])
        if n < FEWEST:
            return None
        added, paid, pairs = self._means[k].tolist()
        spread = (self._products[k] / ((n - 1) * n)).tolist()
        quantile = student_quantile(n - 1)
        share = ratio_interval(added, pairs, spread[0][0], spread[2][2], spread[0][2], quantile)
        low, high = share or (-1.0, 1.0)
        cost = None
        if added > 0.0:
            ends = ratio_interval(paid, added, spread[1][1], spread[0][0], spread[0][1], quantile)
            cost = None if ends is None else Estimate(paid / added, *ends)
        return CostOfActivation(Estimate(added / pairs, max(-1.0, low), min(1.0, high)), cost)


def _slice(numbers: Sequence[int]) -> slice:
    if list(numbers) != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError("the points of an arm do not follow one another")
    return slice(numbers[0], numbers[-1] + 1)

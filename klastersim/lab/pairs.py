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

#: What is summed over the pairs of a replication: active clusters added, money paid, pairs, value added.
ADDED, PAID, COUNTED, GAINED = range(4)
SUMS: Final = 4


class Pairs:
    """Pairs of runs of one replication at one place of a map, under an arm and under the map's first arm.

    All points share the luck of a replication, so what is independent is a replication, not a pair: for each, the pairs
    of the whole map are added up, and means and covariances of these sums over the replications are all that is kept,
    however many runs there are. A pair counts where both of its runs were finished.

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
        self._active = np.zeros(self._points)
        self._cost = np.zeros(self._points)
        self._value = np.zeros(self._points)
        count = len(self._compared)
        self._paid = np.zeros(count, np.bool_)
        self._replications = np.zeros(count, np.int64)
        self._means = np.zeros((count, SUMS))
        self._products = np.zeros((count, SUMS, SUMS))

    def add(self, rows: np.ndarray) -> None:
        """Take up the next rows, in the order of the runs; a replication counts when its last point is there."""
        begin = 0
        while self._compared and begin < len(rows):
            point = int(rows["point"][begin])
            taken = min(self._points - point, len(rows) - begin)
            part = rows[begin : begin + taken]
            self._active[point : point + taken] = np.where(part["active"] < 0, np.nan, part["active"])
            self._cost[point : point + taken] = part["public_cost_total"]
            self._value[point : point + taken] = part["value_added_total"]
            begin += taken
            if point + taken == self._points:
                self._finish_replication()

    def _finish_replication(self) -> None:
        for k, (arm, base) in enumerate(self._compared.values()):
            added = self._active[arm] - self._active[base]
            paid = self._cost[arm] - self._cost[base]
            gained = self._value[arm] - self._value[base]
            both = ~(np.isnan(added) | np.isnan(paid))
            if both.any():
                self._paid[k] |= (paid[both] != 0.0).any()
                self._take_up(k, np.array([added[both].sum(), paid[both].sum(), both.sum(), gained[both].sum()]))

    def _take_up(self, k: int, sums: np.ndarray) -> None:
        """Move means and sums of products by one more replication, after Welford (1962)."""
        self._replications[k] += 1
        before = sums - self._means[k]
        self._means[k] += before / self._replications[k]
        self._products[k] += np.outer(before, sums - self._means[k])

    def costs(self) -> dict[tuple[str, str], CostOfActivation | None]:
        """Return costs by map and arm, of all its places together; None with fewer than six replications.

        Arms that cost the public what the first arm costs, pair by pair, are left out.

        The added share, the cost of each additional active cluster and that of each rupiah of value added are ratios of
        means over replications, with Fieller's interval at Student's quantile. A cost has an interval exactly where
        that of what was added excludes zero.
        """
        return {names: self._cost_of(k) for k, names in enumerate(self._compared) if self._paid[k]}

    def _cost_of(self, k: int) -> CostOfActivation | None:
        if self._replications[k] < FEWEST:
            return None
        added, pairs = float(self._means[k, ADDED]), float(self._means[k, COUNTED])
        share = self._interval(k, ADDED, COUNTED)
        low, high = share or (-1.0, 1.0)
        return CostOfActivation(
            Estimate(added / pairs, max(-1.0, low), min(1.0, high)),
            self._cost_for(k, ADDED),
            self._cost_for(k, GAINED),
        )

    def _cost_for(self, k: int, what: int) -> Estimate | None:
        """Return the public cost of each unit of what was added; None where that does not exceed zero for sure."""
        paid, brought = float(self._means[k, PAID]), float(self._means[k, what])
        if brought <= 0.0:
            return None
        ends = self._interval(k, PAID, what)
        return None if ends is None else Estimate(paid / brought, *ends)

    def _interval(self, k: int, over: int, under: int) -> tuple[float, float] | None:
        """Return Fieller's interval of the ratio of two sums."""
        n = int(self._replications[k])
        spread = (self._products[k] / ((n - 1) * n)).tolist()
        means = self._means[k].tolist()
        return ratio_interval(
            means[over],
            means[under],
            spread[over][over],
            spread[under][under],
            spread[over][under],
            student_quantile(n - 1),
        )


def _slice(numbers: Sequence[int]) -> slice:
    if list(numbers) != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError("the points of an arm do not follow one another")
    return slice(numbers[0], numbers[-1] + 1)

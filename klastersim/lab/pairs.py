"""What each arm of a map costs and adds against the first, on the same luck: moments over replications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from klastersim.indicators.intervals import Estimate, ratio_interval, student_quantile
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import Point
from klastersim.lab.summary import wilson

#: Fewer replications could not tell one sign from the other at 5 % even if all agreed.
FEWEST: Final = 6

#: What is summed over the pairs of a replication: active clusters added, money paid, pairs, value added, jobs.
ADDED, PAID, COUNTED, GAINED, HIRED = range(5)
SUMS: Final = 5


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
        self._arms = {names: _slice(numbers) for names, numbers in places.items()}
        self._shares: dict[tuple[str, str], Moments] = {names: Moments(1) for names in self._arms}
        self._points = len(points)
        self._replication, self._seen = -1, 0
        self._active = np.zeros(self._points)
        self._cost = np.zeros(self._points)
        self._value = np.zeros(self._points)
        self._jobs = np.zeros(self._points)
        self._paid = dict.fromkeys(self._compared, False)
        self._sums = {names: Moments(SUMS) for names in self._compared}

    def add(self, rows: np.ndarray) -> None:
        """Take up the next rows, in the order of the runs; a replication counts when its last point is there."""
        replications = rows["run"] // self._points
        for part in np.split(rows, np.flatnonzero(np.diff(replications)) + 1):
            replication = int(part["run"][0]) // self._points
            if replication != self._replication:
                self._replication, self._seen = replication, 0
            self._active[part["point"]] = np.where(part["active"] < 0, np.nan, part["active"])
            self._cost[part["point"]] = part["public_cost_total"]
            self._value[part["point"]] = part["value_added_total"]
            # Where workers are fixed no job is added.
            self._jobs[part["point"]] = np.nan_to_num(part["jobs"])
            self._seen += len(part)
            if self._seen == self._points:
                self._finish_replication()

    def _finish_replication(self) -> None:
        for names, arm in self._arms.items():
            active = self._active[arm]
            if not np.isnan(active).all():
                self._shares[names].take_up(np.array([np.nanmean(active)]))
        for names, (arm, base) in self._compared.items():
            added = self._active[arm] - self._active[base]
            paid = self._cost[arm] - self._cost[base]
            gained = self._value[arm] - self._value[base]
            hired = self._jobs[arm] - self._jobs[base]
            both = ~(np.isnan(added) | np.isnan(paid))
            if both.any():
                self._paid[names] |= bool((paid[both] != 0.0).any())
                sums = added[both].sum(), paid[both].sum(), both.sum(), gained[both].sum(), hired[both].sum()
                self._sums[names].take_up(np.array(sums))

    def shares(self) -> dict[tuple[str, str], Estimate | None]:
        """Return the mean share active under each arm over all its places, by map and arm.

        Intervals are Student's over replications; where all replications agree, Wilson's with as many trials as there
        are replications.
        """
        return {names: _share(moments) for names, moments in self._shares.items()}

    def added(self) -> dict[tuple[str, str], Estimate | None]:
        """Return what each arm adds to the share active against the map's first, by map and arm.

        Student's interval over replications; None with fewer than six. Where all replications agree, the interval takes
        in what Wilson's leaves open of replications that would not.
        """
        return {names: None if sums.count < FEWEST else self._told(sums) for names, sums in self._sums.items()}

    @classmethod
    def _told(cls, sums: Moments) -> Estimate:
        found = cls._added(sums)
        if found.low < found.high:
            return found
        open_yet = wilson(0, sums.count)[1]
        return Estimate(found.value, max(-1.0, found.value - open_yet), min(1.0, found.value + open_yet))

    def costs(self) -> dict[tuple[str, str], CostOfActivation | None]:
        """Return costs by map and arm, of all its places together; None with fewer than six replications.

        Arms that cost the public what the first arm costs, pair by pair, are left out.

        The added share, the cost of each additional active cluster, that of each rupiah of value added and that of each
        job in the last month are ratios of means over replications, with Fieller's interval at Student's quantile. A
        cost has an interval exactly where that of what was added excludes zero.
        """
        return {names: self._cost_of(self._sums[names]) for names in self._compared if self._paid[names]}

    @staticmethod
    def _added(sums: Moments) -> Estimate:
        low, high = sums.ratio(ADDED, COUNTED) or (-1.0, 1.0)
        return Estimate(float(sums.means[ADDED] / sums.means[COUNTED]), max(-1.0, low), min(1.0, high))

    @classmethod
    def _cost_of(cls, sums: Moments) -> CostOfActivation | None:
        if sums.count < FEWEST:
            return None
        costs = (_cost_for(sums, what) for what in (ADDED, GAINED, HIRED))
        return CostOfActivation(cls._added(sums), *costs)


def _cost_for(sums: Moments, what: int) -> Estimate | None:
    """Return the public cost of each unit of what was added; None where that does not exceed zero for sure."""
    paid, brought = float(sums.means[PAID]), float(sums.means[what])
    ends = sums.ratio(PAID, what) if brought > 0.0 else None
    return None if ends is None else Estimate(paid / brought, *ends)


class Moments:
    """Means and covariances of some numbers over replications, after Welford (1962)."""

    def __init__(self, size: int) -> None:
        self.count = 0
        self.means = np.zeros(size)
        self._products = np.zeros((size, size))

    def take_up(self, values: np.ndarray) -> None:
        """Move means and sums of products by one more replication."""
        self.count += 1
        before = values - self.means
        self.means += before / self.count
        self._products += np.outer(before, values - self.means)

    @property
    def spread(self) -> np.ndarray:
        """Covariances of the means."""
        return np.asarray(self._products / ((self.count - 1) * self.count))

    def ratio(self, over: int, under: int) -> tuple[float, float] | None:
        """Return Fieller's interval of the ratio of two means, None if it has no ends."""
        spread, means = self.spread.tolist(), self.means.tolist()
        return ratio_interval(
            means[over], means[under], spread[over][over], spread[under][under], spread[over][under],
            student_quantile(self.count - 1),
        )  # fmt: skip


def _share(moments: Moments) -> Estimate | None:
    if moments.count == 0:
        return None
    value = float(moments.means[0])
    if moments.count < 2 or not moments.spread[0, 0]:
        return Estimate(value, *wilson(round(value * moments.count), moments.count))
    half = student_quantile(moments.count - 1) * float(np.sqrt(moments.spread[0, 0]))
    return Estimate(value, max(0.0, value - half), min(1.0, value + half))


def _slice(numbers: Sequence[int]) -> slice:
    if list(numbers) != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError("the points of an arm do not follow one another")
    return slice(numbers[0], numbers[-1] + 1)

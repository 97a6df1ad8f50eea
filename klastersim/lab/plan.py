"""What is sent to a worker, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from klastersim.scenario import Scenario, Value

#: Scenarios that a worker keeps at hand, some 10 kB each.
MOST_KEPT: Final = 2_048

#: Runs that a worker does together, by number; a range where they follow one another.
Runs = range | list[int]


@dataclass(frozen=True)
class Plan:
    """All that a worker needs to know.

    Runs are interleaved by replication: run r is point r modulo the number of points, and replication r divided by it,
    counted from 1. Replication k has the same seed at every point, so all points share its luck.

    Attributes
    ----------
    base : Scenario
        What every point starts from.
    changes : tuple of mapping
        What each point changes.
    months, seed : int
        Length of the longest runs, and seed of the experiment.
    lengths : tuple of int
        Months of the runs of each point, where they differ.
    years : int
        Years that a row tells of one by one.
    """

    base: Scenario
    changes: tuple[Mapping[str, Value], ...]
    months: int
    seed: int
    lengths: tuple[int, ...] = ()
    years: int = 0
    _kept: dict[int, Scenario] = field(default_factory=dict, compare=False, repr=False)

    def scenario(self, point: int) -> Scenario:
        """Return the scenario of a point."""
        kept = self._kept.get(point)
        if kept is None:
            kept = self.base.replace(self.changes[point], where="sweep")
            if len(self._kept) < MOST_KEPT:
                self._kept[point] = kept
        return kept

    @cached_property
    def points(self) -> int:
        """Number of points."""
        return len(self.changes)

    def firms(self, point: int) -> int:
        """Return the number of firms of a point's cluster."""
        return int(self.changes[point].get("cluster.firms", self.base["cluster.firms"]))

    def orders(self, point: int) -> float:
        """Return the potential orders a month at a point."""
        return float(self.changes[point].get("market.potential", self.base["market.potential"]))

    def length(self, point: int) -> int:
        """Return the months of a run of a point."""
        return self.lengths[point] if self.lengths else self.months

    @cached_property
    def mean_firms(self) -> float:
        """Firms of a cluster, mean over the points."""
        return sum(self.firms(point) for point in range(self.points)) / self.points


@dataclass
class Done:
    """What came of a batch.

    Attributes
    ----------
    runs : range or list of int
        The runs.
    rows : ndarray of `ROW`
        One for each, in their order.
    failures : dict of int to tuple of str
        Stage and message of each run that failed.
    seconds : dict of str to float
        Time that building, kernels and reading took.
    """

    runs: Runs
    rows: np.ndarray
    failures: dict[int, tuple[str, str]]
    seconds: dict[str, float]

    @classmethod
    def joined(cls, runs: Runs, parts: list[Done]) -> Done:
        """Return what came of a batch that was done in parts."""
        parts = sorted(parts, key=lambda part: part.runs[0])
        seconds: dict[str, float] = {}
        for part in parts:
            for stage, spent in part.seconds.items():
                seconds[stage] = seconds.get(stage, 0.0) + spent
        failures = {run: why for part in parts for run, why in part.failures.items()}
        return cls(runs, np.concatenate([part.rows for part in parts]), failures, seconds)

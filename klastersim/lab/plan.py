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


@dataclass(frozen=True)
class Plan:
    """All that a worker needs to know.

    Runs are interleaved by replication: run r is point r modulo the number of points, and replication r divided by it,
    counted from 1. Replication k has the same seed at every point, so all points share its luck.
    """

    base: Scenario
    changes: tuple[Mapping[str, Value], ...]
    months: int
    seed: int
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

    @cached_property
    def mean_firms(self) -> float:
        """Firms of a cluster, mean over the points."""
        own = self.base["cluster.firms"]
        return sum(int(changes.get("cluster.firms", own)) for changes in self.changes) / self.points


@dataclass
class Done:
    """What came of a batch.

    Attributes
    ----------
    begin, end : int
        Runs `begin` to `end - 1`.
    rows : ndarray of `ROW`
        One for each.
    failures : dict of int to tuple of str
        Stage and message of each run that failed.
    seconds : dict of str to float
        Time that building, kernels and reading took.
    """

    begin: int
    end: int
    rows: np.ndarray
    failures: dict[int, tuple[str, str]]
    seconds: dict[str, float]

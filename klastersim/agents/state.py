"""The state of one cluster as the agents see it: a world of arrays that grows as it must."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import make_dataclass
from functools import cache
from typing import Any

import numpy as np

from klastersim.agents.views import Columns, view
from klastersim.engine.run import scratch_for
from klastersim.scenario import Scenario
from klastersim.scenario.record import RECORD_DTYPE
from klastersim.world.build import build, more_room

#: The parameters as plain numbers, one attribute per key with underscores for dots. Frozen, since settlements read the
#: world's own.
Parameters: Any = make_dataclass("Parameters", RECORD_DTYPE.names or (), frozen=True)
Parameters.__module__ = __name__

#: The one cluster of the world.
HERE = 0


class State:
    """One cluster's world, with views of its fields.

    Parameters
    ----------
    scenario : Scenario
        What to build.
    seed : int
        Seed of all chance, 0 to 2**63 - 1.
    months_kept : int
        Months of measures to make room for at first; none is ever dropped.

    Attributes
    ----------
    world : World
        The arrays.
    parameters : Parameters
        The scenario as plain numbers.
    cluster, firms, ties, bodies, links, series, buyers : Columns
        Views of the fields; ``cluster`` has one row, ``series`` one per month from the first. Those of firms hold what
        their month comes to as well.
    tie_events : memoryview, by tie
        What the two firms of each tie lived through this month.
    relations, relations_used : memoryview, by firm and buyer
        What buyers remember of firms, and until when an order runs through the relation.
    trader_relations : memoryview, by trader and large firm
        Relations of traders with large firms.
    group_quality : memoryview, by group
        Mean quality of the groups of this month.
    """

    def __init__(self, scenario: Scenario, seed: int, months_kept: int) -> None:
        self.world = build([scenario], [seed], months_kept=months_kept)
        self.scratch = scratch_for(self.world)
        self.parameters = Parameters(*self.world.params[HERE].item())
        self._look()

    def _look(self) -> None:
        world = self.world
        self.cluster = Columns(world.clusters)
        self.firms = Columns(world.firms, self.scratch.month, world.outcomes)
        self.ties = Columns(world.ties)
        self.bodies = Columns(world.bodies)
        self.links = Columns(world.links)
        self.series = Columns(world.series[HERE])
        self.buyers = Columns(world.buyers[HERE])
        self._look_at_tables()

    def _look_at_tables(self) -> None:
        self.tie_events = view(self.world.tie_events)
        self.relations = view(self.world.relations)
        self.relations_used = view(self.world.relations_used)
        self.trader_relations = view(self.world.trader_relations[HERE])
        self.group_quality = view(self.scratch.groups["quality"])

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if not isinstance(value, memoryview)}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        self.__dict__.update(kept)
        self._look_at_tables()
        # A copy of one row is no longer a part of the copied table.
        self.series.look_at(self.world.series[HERE])
        self.buyers.look_at(self.world.buyers[HERE])

    @property
    def month(self) -> int:
        """Last month begun."""
        return int(self.cluster.month[0])

    def settle(self, kernel: Callable[..., Any], month: int) -> Any:
        """Let a compiled settlement of the engine work on the cluster, and return what it returns."""
        known = {"world": self.world, "scratch": self.scratch, "c": HERE, "month": month}
        return kernel(*(known[name] for name in _arguments(kernel)))

    def make_room(self) -> None:
        """Double the rings of orders or parts that are too short, as the array driver does."""
        self.world = more_room(self.world)

    def keep_month(self, month: int) -> None:
        """Make room for the measures of a month, where there is none."""
        series = self.world.series
        if month > series.shape[1]:
            grown = np.zeros((1, 2 * series.shape[1]), series.dtype).view(np.recarray)
            grown[:, : series.shape[1]] = series
            self.world = self.world._replace(series=grown)
            self.series.look_at(grown[HERE])


@cache
def _arguments(kernel: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the arguments that a kernel takes."""
    return tuple(inspect.signature(getattr(kernel, "py_func", kernel)).parameters)

"""Scenario files of this folder, and many runs of one scenario at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy import stats

from klastersim import Scenario
from klastersim.engine.run import advance
from klastersim.world.build import build

SCENARIOS = Path(__file__).parent / "scenarios"


def load(name, **changes):
    """Return the scenario of a file; changes take two underscores for the dot."""
    scenario = Scenario.load(SCENARIOS / f"{name}.toml")
    return scenario.replace({key.replace("__", "."): value for key, value in changes.items()}, folder=SCENARIOS)


def many(scenario, runs, months, first_seed=1):
    """Return a world of `runs` clusters of one scenario with seeds of their own, after `months`."""
    world = build([scenario] * runs, range(first_seed, first_seed + runs))
    return advance(world, months) if months else world


def shares_in(world):
    """Share of firms that cooperate, by cluster."""
    return world.clusters["cooperating"] / world.clusters["firms"]


def by_cluster(world, values):
    """Split an array over firms into one row for each of equally large clusters."""
    return np.asarray(values).reshape(len(world.clusters), -1)


def agrees(successes, runs, published, published_runs, chance):
    """Whether a count is one that the published share allows: Fisher's exact test at the level `chance`."""
    expected = round(published * published_runs)
    table = [[successes, runs - successes], [expected, published_runs - expected]]
    return stats.fisher_exact(table).pvalue > chance

"""Many runs on shared luck, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from klastersim.analysis.patterns.finding import Changes
from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.scenario import Scenario
from klastersim.world.build import build

#: What every pattern starts from.
BASE: Final = Scenario.preset("sentra")

#: Threads that runs are spread over; results do not depend on it.
THREADS: Final = 2

#: Runs under way at once: at most so many, of so many firms together, with so many months of measures kept.
MOST_RUNS: Final = 512
MOST_FIRMS: Final = 50_000
MOST_MONTHS: Final = 100_000

ALONE: Final[Changes] = {"programme.enabled": False}

#: Every replication is another cluster, drawn from what the evidence leaves open for places.
UNEQUAL: Final[Changes] = {"ensemble.unequal": True}


def ensemble(
    points: Sequence[Changes],
    replications: int,
    months: int,
    seed: int,
    names: Sequence[str] = ("active",),
) -> np.ndarray:
    """Run every point with the same seeds.

    Parameters
    ----------
    points : sequence of mapping
        What the default scenario is changed in, for each point.
    replications : int
        Runs of each point; replication r of every point shares its luck.
    months : int
        Months to run.
    seed : int
        What the seeds of the replications are derived from.
    names : sequence of str
        Measures to return.

    Returns
    -------
    ndarray, shape (points, replications, months)
        A structured array of the measures.
    """
    scenarios = [BASE.replace(dict(point)) for point in points]
    # Point after point within a replication: the threads' halves then take about as long as each other.
    runs = [(scenario, one) for one in seeds_of(replications, seed) for scenario in scenarios]
    told = measured(runs, months, names).reshape(replications, len(points), months)
    return np.swapaxes(told, 0, 1)


def seeds_of(replications: int, seed: int) -> list[int]:
    """Return the seed of each replication."""
    return [int(derive_seed(seed, r)) for r in range(replications)]


def measured(runs: Sequence[tuple[Scenario, int]], months: int, names: Sequence[str]) -> np.ndarray:
    """Run scenarios, each with its seed, and return a structured array of measures, shape (runs, months)."""
    told = np.zeros((len(runs), months), [(name, float) for name in names])
    for part in _chunks(runs, months):
        chunk = runs[part]
        world = build([scenario for scenario, _ in chunk], [seed for _, seed in chunk], months_kept=months)
        world = advance(world, months, threads=min(THREADS, len(chunk)))
        for name in names:
            told[name][part] = world.series[name][:, :months]
    return told


def _chunks(runs: Sequence[tuple[Scenario, int]], months: int) -> Iterator[slice]:
    """Yield slices of runs, few enough to be under way at once."""
    firms = max(scenario["cluster.firms"] for scenario, _ in runs)
    size = max(THREADS, min(MOST_RUNS, MOST_FIRMS // firms, MOST_MONTHS // months))
    for first in range(0, len(runs), size):
        yield slice(first, first + size)


def frozen(changes: Changes) -> tuple[tuple[str, bool | int | float | str], ...]:
    """Return changes as a key to remember results by."""
    return tuple(sorted(changes.items()))

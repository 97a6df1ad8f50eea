"""What each mechanism does in the whole model: all of it against all but one, on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from klastersim.analysis.patterns.finding import ALPHA, Changes
from klastersim.analysis.patterns.intervals import Interval, mean_interval, paired_interval
from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.engine.structure import structure_of
from klastersim.scenario import Scenario
from klastersim.scenario.whole import KNOCKOUTS
from klastersim.world.build import build
from klastersim.world.layout import World

#: Seed of the runs, fixed before any was made.
SEED: Final = 21_400

#: Months to run, and how many of them, at the end, are read.
MONTHS: Final = 120
WINDOW: Final = 36

#: Runs with and without each mechanism, unless others are asked for.
RUNS: Final = 60

#: Replications that are under way at once, and threads that they are spread over.
BATCH: Final = 8
THREADS: Final = 2

#: Where the whole model is looked at. At the defaults next to none of its clusters is active, since turnover ends
#: activity; where nobody closes but for losses, from the cooperating start and with more trust, many are.
PLACES: Final[Mapping[str, Changes]] = {
    "at its defaults": {},
    "cooperating start, mean trust 0.7, no exit but for losses": {
        "start.kind": "cooperating",
        "ties.trust": 0.7,
        "growth.exit_hazard": 0.0,
    },
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is compared.

    Attributes
    ----------
    name : str
        Of the measure.
    label : str
        In words.
    relative : bool
        Whether the difference is told as a share of the mean of the whole model.
    """

    name: str
    label: str
    relative: bool = False


MEASURES: Final = (
    Measure("active", "active"),
    Measure("acting", "in a collective act"),
    Measure("collective_share", "collective share of sales"),
    Measure("value_added", "value added", relative=True),
    Measure("profit", "profit", relative=True),
    Measure("jobs", "jobs", relative=True),
    Measure("productivity", "value added a worker", relative=True),
    Measure("profit_gini", "Gini of profits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one mechanism does to one measure: with it less without it.

    Attributes
    ----------
    place, mechanism, measure : str
        Where, of what, on what.
    estimate : float or None
        Mean difference; None where the measure is not defined in enough pairs of runs.
    low, high : float or None
        Bounds; None where there are none.
    defined, differ : int
        Pairs of runs in which the measure is defined, and in which it differs at all.
    """

    place: str
    mechanism: str
    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    defined: int
    differ: int

    @property
    def told(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0.0 or self.high < 0.0)


def effects(
    names: Sequence[str] = tuple(KNOCKOUTS),
    runs: int = RUNS,
    seed: int = SEED,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[list[Effect], dict[str, dict[str, float | None]]]:
    """Compare the whole model with itself without one mechanism at a time.

    Parameters
    ----------
    names : sequence of str
        Mechanisms, of `KNOCKOUTS`.
    runs, seed : int
        Runs with and without each, and what their luck is derived from, which both share.
    progress : callable
        Told how many runs are done.

    Returns
    -------
    tuple of (list of Effect, dict of dict)
        Effects by place, mechanism and measure; means of the whole model by place and measure.
    """
    found: list[Effect] = []
    means: dict[str, dict[str, float | None]] = {}
    done = 0
    progress(done)
    for place, changes in PLACES.items():
        whole = Scenario.preset("whole").replace(dict(changes))
        scenarios = [whole, *(whole.replace(dict(KNOCKOUTS[name])) for name in names)]
        parts = []
        for part in _measured(scenarios, runs, seed):
            parts.append(part)
            done += part.size
            progress(done)
        told = np.concatenate(parts, axis=1)
        means[place] = {each.name: _mean(told[each.name][0]) for each in MEASURES}
        rate = ALPHA / max(1, len(names))
        for k, name in enumerate(names, 1):
            found += [_effect(place, name, each, told[each.name][0], told[each.name][k], rate) for each in MEASURES]
    return found, means


def total(names: Sequence[str], runs: int) -> int:
    """Return how many runs a comparison takes."""
    return len(PLACES) * (1 + len(names)) * runs


def _measured(scenarios: Sequence[Scenario], runs: int, seed: int) -> Iterator[np.ndarray]:
    """Yield measures of a few replications of all scenarios at a time, shape (scenarios, replications)."""
    for first in range(0, runs, BATCH):
        seeds = [int(derive_seed(seed, r)) for r in range(first, min(first + BATCH, runs))]
        # Scenario after scenario within a replication: the threads' halves then take about as long as each other.
        world = build([*scenarios] * len(seeds), np.repeat(seeds, len(scenarios)).tolist(), months_kept=WINDOW)
        world = advance(world, MONTHS, threads=THREADS)
        yield _read(world).reshape(len(seeds), len(scenarios)).T


def _read(world: World) -> np.ndarray:
    """Measures of each cluster of a world over its last months; whether it is active, and the Gini, in the last."""
    told = np.zeros(len(world.clusters), [(each.name, float) for each in MEASURES])
    for name in told.dtype.names or ():
        if name not in ("active", "profit_gini"):
            told[name] = world.series[name].mean(axis=1)
    told["active"] = world.clusters["active"]
    told["profit_gini"] = structure_of(world)["profit_gini"]
    return told


def _mean(values: np.ndarray) -> float | None:
    """Mean over the runs in which a measure is defined; None where there is none."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else None


def _effect(
    place: str, mechanism: str, measure: Measure, with_: np.ndarray, without: np.ndarray, alpha: float
) -> Effect:
    defined = ~(np.isnan(with_) | np.isnan(without))
    with_, without = with_[defined], without[defined]
    differences = with_ - without
    size = abs(float(with_.mean())) if measure.relative and defined.any() else 1.0
    estimate: float | None = None
    bounds: Interval | None = None
    if defined.any() and size != 0.0:
        estimate = float(differences.mean()) / size
        bounds = _interval(measure.name, with_, without, alpha)
    return Effect(
        place=place,
        mechanism=mechanism,
        measure=measure.name,
        estimate=estimate,
        low=None if bounds is None else bounds[0] / size,
        high=None if bounds is None else bounds[1] / size,
        defined=int(defined.sum()),
        differ=int(np.count_nonzero(differences)),
    )


def _interval(name: str, with_: np.ndarray, without: np.ndarray, alpha: float) -> Interval | None:
    """Interval of the mean difference; None where no pair differs, or too few runs tell of its spread."""
    if name == "active":
        return paired_interval(without > 0.0, with_ > 0.0, alpha)
    if len(with_) < 2 or np.ptp(with_ - without) == 0.0:
        return None
    return mean_interval(with_ - without, alpha)


def as_record(found: Sequence[Effect], means: Mapping[str, Mapping[str, float | None]], runs: int) -> dict[str, Any]:
    """Return what was found as plain values, ready for JSON."""
    return {
        "format": 1,
        "runs": runs,
        "months": MONTHS,
        "alpha": ALPHA,
        "places": {place: dict(changes) for place, changes in PLACES.items()},
        "whole": {place: dict(values) for place, values in means.items()},
        "effects": [{name: getattr(each, name) for name in (*Effect.__slots__, "told")} for each in found],
    }

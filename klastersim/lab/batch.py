"""What a worker does: it builds a batch of clusters, runs them together and reads what they came to."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import numpy as np

from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.engine.structure import structure_of
from klastersim.errors import InputError
from klastersim.indicators.state import CONSTRAINTS, binding_of, state_of
from klastersim.lab.plan import Done, Plan, Runs
from klastersim.lab.rows import TYPES, YEARLY, row_type
from klastersim.scenario import Scenario
from klastersim.world.build import build, bytes_needed
from klastersim.world.layout import MEASURES, STRUCTURES, VACANT, World

#: Workers from which on a firm is no longer micro, by the statistical size classes.
MICRO: Final = 5.0


class _Stage:
    """Where a batch is, and how long it was where."""

    def __init__(self) -> None:
        self.name = "build"
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def enter(self, name: str) -> None:
        now = time.perf_counter()
        if self.name:
            self.seconds[self.name] = self.seconds.get(self.name, 0.0) + now - self._since
        self.name, self._since = name, now


def largest(plan: Plan) -> tuple[int, int]:
    """Return the firms of the largest cluster, and the bytes of memory that it needs."""
    point = max(range(plan.points), key=plan.firms)
    scenario = plan.scenario(point)
    firms = scenario["cluster.firms"]
    return firms, bytes_needed(scenario, firms, plan.months)


def warm_up(plan: Plan) -> None:
    """Compile the kernels, or load them."""
    no_files = {"cluster.file": "", "ties.file": "", "decision.threshold_file": ""}
    small = plan.scenario(0).replace({"cluster.firms": 5, "start.held": 0, "ties.kind": "near", **no_files})
    advance(build([small] * 2, [1, 2]), 2)


def run_batch(plan: Plan, runs: Runs) -> Done:
    """Do some runs, together if all goes well, otherwise one by one to find out which fails."""
    stage = _Stage()
    try:
        return Done(runs, _run_together(plan, runs, stage), {}, stage.seconds)
    except Exception as error:
        if len(runs) == 1:
            return Done(runs, _blank(plan, runs[0]), {runs[0]: (stage.name, _message(error))}, stage.seconds)
    return Done.joined(runs, [run_batch(plan, runs[place : place + 1]) for place in range(len(runs))])


def lost(plan: Plan, runs: Runs) -> Done:
    """Return the row of a run that ended every worker that tried it."""
    why = ("worker", "the worker process died in this run, twice")
    return Done(runs, _blank(plan, runs[0]), {runs[0]: why}, {})


def _message(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}".rstrip(": ")


def _identify(plan: Plan, runs: Sequence[int]) -> np.ndarray:
    rows = np.zeros(len(runs), row_type(plan.years))
    for place, run in enumerate(runs):
        replication = run // plan.points + 1
        row = rows[place]
        row["run"], row["point"], row["replication"] = run, run % plan.points, replication
        row["seed"] = derive_seed(plan.seed, replication)
    return rows


def _blank(plan: Plan, run: int) -> np.ndarray:
    rows = _identify(plan, [run])
    for name in rows.dtype.names or ():
        if rows.dtype[name].kind == "f":
            rows[name] = np.nan
    rows["active"] = rows["self_sustaining"] = rows["type"] = -1
    return rows


def _run_together(plan: Plan, runs: Sequence[int], stage: _Stage) -> np.ndarray:
    """Do runs together, those of one length at a time."""
    lengths = [plan.length(run % plan.points) for run in runs]
    rows = np.zeros(len(runs), row_type(plan.years))
    for months in dict.fromkeys(lengths):
        alike = [place for place, length in enumerate(lengths) if length == months]
        rows[alike] = _of_length(plan, [runs[place] for place in alike], months, stage)
    return rows


def _of_length(plan: Plan, runs: Sequence[int], months: int, stage: _Stage) -> np.ndarray:
    stage.enter("build")
    rows = _identify(plan, runs)
    scenarios = [plan.scenario(int(point)) for point in rows["point"]]
    world = build(scenarios, [int(seed) for seed in rows["seed"]], months_kept=months)
    stage.enter("run")
    world = advance(world, months)
    stage.enter("read")
    _read(world, scenarios, months, rows)
    _read_years(world, months, plan.years, rows)
    stage.enter("")
    return rows


def _read(world: World, scenarios: Sequence[Scenario], months: int, rows: np.ndarray) -> None:
    """Fill the rows with what the clusters came to."""
    series = world.series[:, :months]
    last = series[:, -1]
    for name in MEASURES:
        rows[name] = last[name]
    for name in ("public_cost", "social_cost", "value_added"):
        # cumsum adds from the first month to the last, whatever the number of clusters; sum would not.
        rows[f"{name}_total"] = np.cumsum(series[name], axis=1)[:, -1]
    structure = structure_of(world)
    for name in STRUCTURES:
        rows[name] = structure[name]
    for c, scenario in enumerate(scenarios):
        state = state_of(series[c], scenario)
        row = rows[c]
        if not scenario["growth.enabled"]:
            row["jobs"] = np.nan
            row["investment"] = row["invested"] if scenario["functions.enabled"] else np.nan
        if not scenario["chain.enabled"]:
            row["local_inputs"] = np.nan
        row["type"] = TYPES.index(state.type)
        row["self_sustaining"] = -1 if state.self_sustaining is None else state.self_sustaining
        row["micro_profit"] = micro_profit(_firms(world, c))
        binding = binding_of(series[c])
        for name in CONSTRAINTS:
            share = binding[name]
            row[f"binding_{name}"] = np.nan if share is None else share


def _read_years(world: World, months: int, years: int, rows: np.ndarray) -> None:
    """Fill the rows with what the clusters did in each whole year."""
    for year in range(1, years + 1):
        told = world.series[:, 12 * (year - 1) : 12 * year] if 12 * year <= months else None
        values = (
            [np.nan] * len(YEARLY)
            if told is None
            else [
                told["active_own"][:, -1],
                told["active_own"].mean(axis=1),
                *(np.cumsum(told[name], axis=1)[:, -1] for name in ("value_added", "public_cost")),
            ]
        )
        for name, value in zip(YEARLY, values, strict=True):
            rows[f"year_{year}_{name}"] = value


def micro_profit(firms: np.ndarray) -> float:
    """Return the mean profit of the micro firms of a cluster in the last month; NaN where there are none.

    Parameters
    ----------
    firms : ndarray of `FIRM`
        The firms of one cluster.

    Returns
    -------
    float
        Rp million a firm.
    """
    micro = firms["profit"][(firms["standing"] != VACANT) & (firms["workers"] < MICRO)]
    return float(micro.mean()) if len(micro) else np.nan


def _firms(world: World, c: int) -> np.ndarray:
    first = int(world.clusters[c].first_firm)
    return world.firms[first : first + int(world.clusters[c].firms)]

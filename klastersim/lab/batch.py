"""What a worker does: it builds a batch of clusters, runs them together and reads what they came to."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from klastersim.compiled import derive_seed
from klastersim.engine.run import advance
from klastersim.errors import InputError
from klastersim.indicators.state import CONSTRAINTS, binding_of, state_of
from klastersim.lab.machine import memory
from klastersim.lab.plan import Done, Plan
from klastersim.lab.rows import ROW, TYPES
from klastersim.scenario import Scenario
from klastersim.simulation import gini
from klastersim.world.build import build, bytes_needed
from klastersim.world.layout import MEASURES, World


class _Stage:
    """Where a batch is, and how long it was where."""

    def __init__(self) -> None:
        self.name = "build"
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def enter(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + now - self._since
        self.name, self._since = name, now


def prepare(plan: Plan, workers: int) -> None:
    """Refuse what cannot fit in memory."""
    point = max(range(plan.points), key=lambda each: plan.scenario(each)["cluster.firms"])
    scenario = plan.scenario(point)
    firms = scenario["cluster.firms"]
    available = memory()
    needed = workers * bytes_needed(scenario, firms, plan.months)
    if needed > available:
        raise InputError(
            "sweep",
            "cluster.firms",
            firms,
            f"what fits in memory: {workers} at a time need about {needed / 2**30:.0f} GiB, the machine has "
            f"{available / 2**30:.0f} GiB",
            "Use fewer firms, or fewer workers.",
        )


def warm_up(plan: Plan) -> None:
    """Compile the kernels, or load them."""
    no_files = {"cluster.file": "", "ties.file": "", "decision.threshold_file": ""}
    small = plan.scenario(0).replace({"cluster.firms": 5, "start.held": 0, "ties.kind": "near", **no_files})
    advance(build([small] * 2, [1, 2]), 2)


def run_batch(plan: Plan, begin: int, end: int) -> Done:
    """Run the runs `begin` to `end - 1`, together if all goes well, otherwise one by one to find out which fails."""
    stage = _Stage()
    try:
        rows = _run_together(plan, range(begin, end), stage)
        return Done(begin, end, rows, {}, stage.seconds)
    except Exception as error:
        if end - begin == 1:
            rows = _blank(plan, begin)
            return Done(begin, end, rows, {begin: (stage.name, _message(error))}, stage.seconds)
    singles = [run_batch(plan, run, run + 1) for run in range(begin, end)]
    failures = {run: why for single in singles for run, why in single.failures.items()}
    return Done(begin, end, np.concatenate([single.rows for single in singles]), failures, stage.seconds)


def lost(plan: Plan, run: int) -> Done:
    """Return the row of a run that ended its worker."""
    why = ("worker", "the worker process died in this run, twice")
    return Done(run, run + 1, _blank(plan, run), {run: why}, {})


def _message(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}".rstrip(": ")


def _identify(plan: Plan, runs: Sequence[int]) -> np.ndarray:
    rows = np.zeros(len(runs), ROW)
    for place, run in enumerate(runs):
        replication = run // plan.points + 1
        row = rows[place]
        row["run"], row["point"], row["replication"] = run, run % plan.points, replication
        row["seed"] = derive_seed(plan.seed, replication)
    return rows


def _blank(plan: Plan, run: int) -> np.ndarray:
    rows = _identify(plan, [run])
    for name in ROW.names or ():
        if ROW[name].kind == "f":
            rows[name] = np.nan
    rows["active"] = rows["self_sustaining"] = rows["type"] = -1
    return rows


def _run_together(plan: Plan, runs: Sequence[int], stage: _Stage) -> np.ndarray:
    rows = _identify(plan, runs)
    scenarios = [plan.scenario(int(point)) for point in rows["point"]]
    world = build(scenarios, [int(seed) for seed in rows["seed"]], months_kept=plan.months)
    stage.enter("run")
    world = advance(world, plan.months)
    stage.enter("read")
    _read(world, scenarios, plan.months, rows)
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
    rows["jobs"] = np.nan
    rows["investment"] = np.where(world.params["functions_enabled"] != 0, last["invested"], np.nan)
    for c, scenario in enumerate(scenarios):
        state = state_of(series[c], scenario)
        row = rows[c]
        row["type"] = TYPES.index(state.type)
        row["self_sustaining"] = -1 if state.self_sustaining is None else state.self_sustaining
        spread = gini(np.array(_firms(world, c)["profit"]))
        row["profit_gini"] = np.nan if spread is None else spread
        binding = binding_of(series[c])
        for name in CONSTRAINTS:
            share = binding[name]
            row[f"binding_{name}"] = np.nan if share is None else share


def _firms(world: World, c: int) -> np.ndarray:
    first = int(world.clusters[c].first_firm)
    return world.firms[first : first + int(world.clusters[c].firms)]

"""How fast a sweep is, against Mesa's batch runner and against its own kernels, and how much memory its parent takes.

``python -m tests.benchmarks.benchmark_lab [--samples N] [--mesa N] [--runs N]``; without arguments what the study asks.
Wall-clock times of both runners are taken one after the other, on two processes each. Mesa's runner is given a sample
of the same points, from which the time of all follows. Nothing here is asserted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

from mesa.batchrunner import batch_run

from klastersim.agents import ClusterModel
from klastersim.lab.design import points_of
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.plan import Plan
from klastersim.lab.runner import Result, run_experiment
from tests.benchmarks.benchmark_engine import run_anew, show

FIRMS, MONTHS, WORKERS = 150, 144, 2

#: What is varied: eight parameters, so that a base sample takes ten runs.
VARIED: dict[str, Any] = {
    "ties.trust": "evidence",
    "market.potential": {"from": 0.75, "to": 48, "scale": "log"},
    "market.linkage": {"from": 0.002, "to": 0.2, "scale": "log"},
    "cluster.quality": "evidence",
    "cluster.free_riders": "evidence",
    "purchase.ceiling": "evidence",
    "orders.default_rate": "evidence",
    "orders.premium": "evidence",
}

#: Peak memory of the parent, in bytes, of so many runs; argument: runs.
MEMORY_OF = """
import resource, sys, tempfile
from pathlib import Path
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.runner import run_experiment
tables = {"months": 12, "replications": int(sys.argv[1]) // 10, "scenario": {"cluster": {"firms": 20}},
          "grid": {"ties": {"trust": [0.3, 0.4, 0.5, 0.6, 0.7]}, "market": {"potential": [1.0, 4.0]}}}
with tempfile.TemporaryDirectory() as place, Folder(Path(place) / "out") as folder:
    run_experiment(Experiment.from_dict(tables), folder, 2)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else 1024 * peak)
"""


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    """Return dotted keys as tables within tables."""
    tables: dict[str, Any] = {}
    for key, value in flat.items():
        section, name = key.split(".")
        tables.setdefault(section, {})[name] = value
    return tables


def sobol(samples: int) -> Experiment:
    """Return Saltelli's design of so many base samples, ten runs each."""
    return Experiment.from_dict(
        {
            "title": "Benchmark",
            "months": MONTHS,
            "replications": 1,
            "scenario": {"cluster": {"firms": FIRMS}},
            "sobol_indices": {"samples": samples, **nested(VARIED)},
        }
    )


def swept(experiment: Experiment) -> Result:
    """Run a sweep on two workers."""
    with tempfile.TemporaryDirectory() as place, Folder(Path(place) / "out") as folder:
        return run_experiment(experiment, folder, WORKERS, yes=True)


def batches(experiment: Experiment, count: int) -> float:
    """Return the seconds that Mesa's runner takes for so many of the points, evenly chosen, on two processes."""
    points = points_of(experiment.maps)
    plan = Plan(experiment.base, tuple(point.changes for point in points), MONTHS, experiment.seed)
    chosen = [plan.scenario(k * len(points) // count) for k in range(count)]
    begun = time.perf_counter()
    batch_run(
        ClusterModel, {"scenario": chosen, "months": MONTHS}, number_processes=WORKERS, max_steps=MONTHS,
        display_progress=False,
    )  # fmt: skip
    return time.perf_counter() - begun


def speed(samples: int, count: int) -> None:
    """Print the time of the sweep, what part of it is kernels and building, and how many times faster it is."""
    experiment = sobol(samples)
    swept(sobol(2))  # compiles, or loads, what is not there yet
    result = swept(experiment)
    wall = result.seconds["wall"]
    show(f"Sobol, {result.runs:,} runs", f"{wall:.0f} s", f"{FIRMS} firms x {MONTHS} months, {WORKERS} workers")
    show("kernels and building", f"{1.0 - result.outside:.0%}", "of the time of both workers")
    few, many = batches(experiment, WORKERS), batches(experiment, WORKERS + count)
    show("Mesa's batch runner", f"{many:.0f} s", f"{WORKERS + count} of these runs, {WORKERS} processes")
    for name, each in (("start left out", (many - few) / count), ("start counted", many / (WORKERS + count))):
        ratio = each * result.runs / wall
        show(
            f"the sweep, {name}",
            f"{ratio:.0f} times faster",
            f"Mesa's runner would take {each * result.runs / 3600.0:.1f} h",
        )


def memory(runs: int) -> None:
    """Print the peak memory of the parent of a small sweep, and of one a hundred times as large."""
    peaks = [int(run_anew(MEMORY_OF, str(count))) / 1e6 for count in (runs // 100, runs)]
    show(
        "the parent's peak memory", f"{peaks[0]:.0f} and {peaks[1]:.0f} MB", f"{runs // 100:,} and {runs:,} small runs"
    )
    show("of a hundred times the runs", f"{peaks[1] / peaks[0]:.2f} times", "flat at 1")


def main() -> None:
    """Measure what was asked for; memory first, since a process begins with the peak of the one that started it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1024, help="base samples, ten runs each; a power of two")
    parser.add_argument("--mesa", type=int, default=24, help="further runs of Mesa's runner")
    parser.add_argument("--runs", type=int, default=100_000, help="runs of the larger sweep whose memory is measured")
    asked = parser.parse_args()
    memory(asked.runs)
    speed(asked.samples, asked.mesa)


if __name__ == "__main__":
    main()

"""Run an experiment: every point, every replication, over worker processes, into tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import points_of, swept_keys
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.machine import check_workers, usable_processors
from klastersim.lab.pairs import Pairs
from klastersim.lab.plan import Plan
from klastersim.lab.summary import Summary, as_csv
from klastersim.lab.workers import Task, Workers

RUNS: Final = "runs.parquet"
SUMMARY: Final = "summary.csv"

#: Work in a batch: enough to make its way to a worker and back cheap, little enough to spread evenly and to show
#: progress. A fraction of a second in a passive cluster, some seconds in a busy one.
FIRM_MONTHS: Final = 500_000
MOST_IN_BATCH: Final = 512

#: Failures whose message is shown.
MOST_SHOWN: Final = 5


@dataclass
class Result:
    """What came of an experiment.

    Attributes
    ----------
    digest : str
        Digest of the table of runs.
    summary : list of dict
        A row for each point.
    costs : dict of tuple of str to CostOfActivation, or None
        By map and arm: what activation cost against the map's first arm; None with too few replications.
    runs : int
        Runs in all.
    failures : dict of int to tuple of str
        Stage and message of the first failed runs.
    failed : int
        How many failed.
    workers : int
        Worker processes, no more than there was work for.
    seconds : dict of str to float
        ``wall``, of which ``start`` passed before the first run; and, added over workers, ``build``, ``run`` and
        ``read``.
    """

    digest: str = ""
    summary: list[dict[str, Any]] = field(default_factory=list)
    costs: dict[tuple[str, str], CostOfActivation | None] = field(default_factory=dict)
    runs: int = 0
    failures: dict[int, tuple[str, str]] = field(default_factory=dict)
    failed: int = 0
    workers: int = 1
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def outside(self) -> float:
        """Share of the time of all workers that went neither into building clusters nor into their months."""
        inside = self.seconds.get("build", 0.0) + self.seconds.get("run", 0.0)
        return 1.0 - inside / (self.workers * self.seconds["wall"])


def run_experiment(
    experiment: Experiment,
    folder: Folder,
    workers: int | None = None,
    *,
    batch: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
    announce: Callable[[str], None] = lambda message: None,
) -> Result:
    """Run an experiment and write its tables.

    Parameters
    ----------
    experiment : Experiment
        What to run.
    folder : Folder
        Open; gets runs.parquet and summary.csv.
    workers : int, optional
        Worker processes; as many as there are processors by default. The results do not depend on it.
    batch : int, optional
        Runs sent to a worker at a time; chosen by their size by default. The results do not depend on it.
    progress : callable
        Is told how many runs are done; 0 as the first begin.
    announce : callable
        Is told what takes long.

    Returns
    -------
    Result
        What came of it.
    """
    from klastersim.lab.table import RunsTable, digest_table, swept_values

    begun = time.perf_counter()
    workers = usable_processors() if workers is None else check_workers(workers)
    points = points_of(experiment.maps)
    swept = swept_values(experiment.base, points, swept_keys(experiment.maps))
    plan = Plan(experiment.base, tuple(point.changes for point in points), experiment.months, experiment.seed)
    summary, pairs = Summary(points, swept), Pairs(points)
    batch = batch or batch_size(plan, experiment.runs, workers)
    workers = min(workers, -(-experiment.runs // batch))
    result = Result(runs=experiment.runs, workers=workers)
    with (
        folder.writing(RUNS) as path,
        Workers(plan, workers) as pool,
    ):
        pool.ask("prepare", workers)
        # In one worker, so that not all compile the same. Whether code is there already, only loading it tells.
        pool.ask("warm_up", if_long=lambda: announce("compiling kernels (first run only, about half a minute)"))
        result.seconds["start"] = time.perf_counter() - begun
        progress(0)
        with RunsTable(path, points, swept, experiment.record()) as table:
            for done in pool.run(tasks(experiment.runs, batch)):
                table.add(done)
                summary.add(done)
                pairs.add(done.rows)
                _take_up(result, done.failures, done.seconds)
                progress(done.end)
        result.digest = digest_table(path)
    result.summary, result.costs = summary.rows(), pairs.costs()
    folder.write(SUMMARY, as_csv(result.summary))
    result.seconds["wall"] = time.perf_counter() - begun
    return result


def batch_size(plan: Plan, runs: int, workers: int) -> int:
    """Return how many runs to send to a worker at a time."""
    by_work = round(FIRM_MONTHS / (plan.mean_firms * plan.months))
    by_share = -(-runs // (4 * workers))
    return max(1, min(by_work, by_share, MOST_IN_BATCH))


def tasks(runs: int, batch: int) -> Iterator[Task]:
    """Cut runs into batches, in order.

    Examples
    --------
    >>> list(tasks(5, 2))
    [(0, 2), (2, 4), (4, 5)]
    """
    for begin in range(0, runs, batch):
        yield begin, min(begin + batch, runs)


def _take_up(result: Result, failures: dict[int, tuple[str, str]], seconds: dict[str, float]) -> None:
    result.failed += len(failures)
    for run, why in failures.items():
        if len(result.failures) < MOST_SHOWN:
            result.failures[run] = why
    for stage, spent in seconds.items():
        result.seconds[stage] = result.seconds.get(stage, 0.0) + spent

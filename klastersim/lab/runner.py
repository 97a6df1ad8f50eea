"""Run an experiment: every point, every replication, over worker processes, into tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from klastersim.errors import KlastersimError
from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import Point, points_of, swept_keys
from klastersim.lab.experiment import Experiment
from klastersim.lab.folder import Folder
from klastersim.lab.forecast import beyond, beyond_memory, refuse_unless
from klastersim.lab.machine import check_workers, usable_processors
from klastersim.lab.pairs import Pairs
from klastersim.lab.plan import Done, Plan, Runs
from klastersim.lab.rounds import batch_size, cut, rounds
from klastersim.lab.summary import Summary, as_csv
from klastersim.lab.workers import Pool, Workers
from klastersim.scenario import Value

if TYPE_CHECKING:
    from klastersim.lab.store import Store
    from klastersim.lab.table import Columns, FinishedTable, RunsTable

RUNS: Final = "runs.parquet"
SUMMARY: Final = "summary.csv"

#: Failures whose message is shown.
MOST_SHOWN: Final = 5

#: Finished batches kept in memory until those before them are there; others wait on disk.
MOST_AHEAD: Final = 16


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
    shares, added : dict of tuple of str to Estimate, or None
        By map and arm: the share active over all its places, and what it adds to that of the map's first arm.
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
        ``read``. What an earlier try spent is not in it.
    """

    digest: str = ""
    summary: list[dict[str, Any]] = field(default_factory=list)
    costs: dict[tuple[str, str], CostOfActivation | None] = field(default_factory=dict)
    shares: dict[tuple[str, str], Estimate | None] = field(default_factory=dict)
    added: dict[tuple[str, str], Estimate | None] = field(default_factory=dict)
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

    def take_up(self, done: Done) -> None:
        """Count a batch, its failures and its time."""
        self.runs += len(done.runs)
        self.failed += len(done.failures)
        for run, why in done.failures.items():
            if len(self.failures) < MOST_SHOWN:
                self.failures[run] = why
        for stage, spent in done.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent

    def conclude(self, summary: Summary, pairs: Pairs) -> None:
        """Take what was found of all runs."""
        self.summary = summary.rows()
        self.costs, self.shares, self.added = pairs.costs(), pairs.shares(), pairs.added()


def run_experiment(
    experiment: Experiment,
    folder: Folder,
    workers: int | None = None,
    *,
    batch: int | None = None,
    retry_failed: bool = False,
    afresh: bool = False,
    yes: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    headline: Callable[[float], None] = lambda active: None,
    announce: Callable[[str], None] = lambda message: None,
    backend: Callable[[Plan, int], Pool] = Workers,
) -> Result:
    """Run an experiment and write its tables, going on from what an earlier try left in the folder.

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
    retry_failed : bool
        Whether to do again the batches in which runs failed.
    afresh : bool
        Whether to throw away what the folder holds unfinished of something else.
    yes : bool
        Whether to go on with what is beyond memory, disk or a day.
    progress : callable
        Is told how many runs are done; first, as runs begin, how many were done before.
    headline : callable
        Is told the share of the runs so far that ended active.
    announce : callable
        Is told what takes long.
    backend : callable
        Makes the pool of workers from a plan and their number.

    Returns
    -------
    Result
        What came of it.

    Raises
    ------
    InputError
        If the folder holds something else unfinished, or the sweep is beyond the machine and `yes` is not given.
    """
    from klastersim.lab.store import Store
    from klastersim.lab.table import Columns, RunsTable, digest_table, swept_values

    begun = time.perf_counter()
    workers = usable_processors() if workers is None else check_workers(workers)
    points = points_of(experiment.maps)
    swept = swept_values(experiment.base, points, swept_keys(experiment.maps))
    plan = plan_of(experiment, points)
    record = experiment.record()
    columns = Columns(points, swept, record, experiment.years)
    with folder.writing(RUNS) as path:
        size = batch or batch_size(plan, experiment.runs)
        store = Store(folder.workplace, columns, record, size, afresh)
        sweep = _Sweep(experiment, folder, store, points, swept)
        if retry_failed:
            sweep.forget_failed(columns)
        sweep.result.workers = workers = min(workers, -(-experiment.runs // store.batch))
        with backend(plan, workers) as pool, RunsTable(path, columns) as table:
            refuse_unless(yes, beyond_memory(plan, pool, workers), announce)
            # In one worker, so that not all compile the same. Whether code is there already, only loading it tells.
            pool.ask("warm_up", if_long=lambda: announce("compiling kernels (first run only, about 40 seconds)"))
            missing = experiment.runs - store.batches * store.batch
            limits = beyond(plan, columns, folder.workplace, pool, workers, missing, store.batch)
            refuse_unless(yes, limits, announce)
            sweep.result.seconds["start"] = time.perf_counter() - begun
            sweep.go(pool, table, progress, headline)
        sweep.result.digest = digest_table(path)
    result = sweep.finish()
    folder.write(SUMMARY, as_csv(result.summary))
    result.seconds["wall"] = time.perf_counter() - begun
    return result


def plan_of(experiment: Experiment, points: Sequence[Point]) -> Plan:
    """Return what workers are told of an experiment with these points."""
    lengths = tuple(experiment.months_of(each) for each in experiment.maps for _ in range(each.size))
    changes = tuple(point.changes for point in points)
    return Plan(experiment.base, changes, max(lengths), experiment.seed, lengths, experiment.years)


def read_result(experiment: Experiment, folder: Path, digest: str) -> Result:
    """Return what finished results say, from the table of runs alone.

    Parameters
    ----------
    experiment : Experiment
        What was run.
    folder : Path
        Where its results are.
    digest : str
        What the digest of the table is to be.

    Raises
    ------
    KlastersimError
        If it is another: the table was changed since.
    """
    from klastersim.lab.table import Columns, digest_table, read_runs, swept_values

    path = folder / RUNS
    if digest_table(path) != digest:
        told = "was changed since it was written: its digest is not that of provenance.json"
        raise KlastersimError(f"{path}: {told}. Make it anew with --force.")
    points = points_of(experiment.maps)
    swept = swept_values(experiment.base, points, swept_keys(experiment.maps))
    result, summary, pairs = Result(digest=digest), Summary(points, swept), Pairs(points)
    for done in read_runs(path, Columns(points, swept, {}, experiment.years)):
        result.take_up(done)
        summary.add(done)
        pairs.add(done.rows)
    result.conclude(summary, pairs)
    return result


class _Sweep:
    """A sweep under way: what is stored, and what has been taken up of it in the order of the runs."""

    def __init__(
        self,
        experiment: Experiment,
        folder: Folder,
        store: Store,
        points: Sequence[Point],
        swept: Mapping[str, list[Value]],
    ) -> None:
        self._experiment, self._folder, self._store = experiment, folder, store
        self._count = len(points)
        self._summary, self._pairs = Summary(points, swept), Pairs(points)
        self._old: FinishedTable | None = None
        self.result = Result()

    def forget_failed(self, columns: Columns) -> None:
        """Do batches with failed runs again, and take over the others, from the store or from finished results."""
        from klastersim.lab.table import FinishedTable

        self._store.drop_failed()
        finished = self._folder.path / RUNS
        if not self._store.batches and finished.is_file():
            self._old = FinishedTable(finished, columns)

    def go(
        self, pool: Pool, table: RunsTable, progress: Callable[[int], None], headline: Callable[[float], None]
    ) -> None:
        """Do all that is missing, and take up everything."""
        for runs in rounds(self._experiment, self._count, self._summary):
            self._take_over(runs)
            there = self.result.runs + sum(len(each) for each in self._cut(runs) if self._store.holds(each))
            self._keep(there)
            progress(there)
            for done in self._in_order(runs, pool, there, progress):
                table.add(done)
                self._summary.add(done)
                self._pairs.add(done.rows)
                self.result.take_up(done)
                headline(float(self._summary.active.sum() / max(1, self._summary.counts.sum())))

    def _cut(self, runs: Runs) -> Iterator[Runs]:
        return cut(runs, self._store.batch)

    def _keep(self, done: int) -> None:
        """Have what is stored kept, should the sweep be broken off now, and told how much that is."""
        place = self._folder.path
        told = f"{done:,} runs are kept in {place}; the same command goes on from there."
        self._folder.kept = told if self._store.batches else ""

    def _take_over(self, runs: Runs) -> None:
        """Store what finished results hold of a round, but for the batches in which a run failed."""
        if self._old is None:
            return
        for each in self._cut(runs):
            done = self._old.take(each)
            if done is not None and not done.failures:
                self._store.add(done)

    def _in_order(self, runs: Runs, pool: Pool, there: int, progress: Callable[[int], None]) -> Iterator[Done]:
        """Have the missing batches done, store each as it comes, and yield all batches in order."""
        ahead: dict[int, Done] = {}
        order = self._cut(runs)
        following = next(order, None)
        for done in pool.run(each for each in self._cut(runs) if not self._store.holds(each)):
            self._store.add(done)
            there += len(done.runs)
            self._keep(there)
            if len(ahead) < MOST_AHEAD:
                ahead[done.runs[0]] = done
            while following is not None and (ready := self._ready(following, ahead)) is not None:
                yield ready
                following = next(order, None)
            progress(there)
        while following is not None:
            ready = self._ready(following, ahead)
            if ready is None:  # its file was damaged
                (ready,) = pool.run([following])
                self._store.add(ready)
            yield ready
            following = next(order, None)

    def _ready(self, runs: Runs, ahead: dict[int, Done]) -> Done | None:
        return ahead.pop(runs[0], None) or (self._store.read(runs) if self._store.holds(runs) else None)

    def finish(self) -> Result:
        """Return what came of it."""
        self.result.conclude(self._summary, self._pairs)
        return self.result

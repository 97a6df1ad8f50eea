"""What a sweep will take of memory, disk and time, said before it begins."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from klastersim.errors import InputError
from klastersim.lab.machine import memory
from klastersim.lab.plan import Done, Plan
from klastersim.lab.workers import Pool

if TYPE_CHECKING:
    from klastersim.lab.table import Columns

DAY: Final = 86_400.0

#: Work in firm-months and potential orders below which a sweep is over before anybody would have asked.
WORTH_A_PILOT: Final = 1e9

#: Runs of the pilot, and the share of the whole work that it may be.
MOST_IN_PILOT: Final = 8
PILOT_SHARE: Final = 0.02


def beyond(
    plan: Plan, columns: Columns, folder: Path, pool: Pool, workers: int, runs: int, batch: int
) -> Iterator[InputError]:
    """Yield what of a sweep is beyond the disk, or beyond a day.

    Parameters
    ----------
    plan : Plan
        What is to be run.
    columns : Columns
        What a run leaves.
    folder : Path
        Where.
    pool : Workers
        Has the pilot done.
    workers, runs, batch : int
        Processes, runs that are missing, runs in a file.
    """
    work = [(plan.firms(point) + plan.orders(point)) * plan.length(point) for point in range(plan.points)]
    total = float(np.mean(work)) * runs
    if total < WORTH_A_PILOT:
        return
    chosen = _pilot_points(work, PILOT_SHARE * total)
    done: Done = pool.ask("run_batch", chosen)
    spent = sum(done.seconds.values()) / sum(work[point] for point in chosen)
    days = spent * total / workers / DAY
    if days > 1.0:
        problem = f"will take about {days:,.1f} days with {workers} workers, by a pilot of {len(chosen)} of its runs"
        yield _refusal(problem)
    needed = _bytes(done, columns, runs, batch)
    free = shutil.disk_usage(folder).free
    if needed > free:
        problem = f"will need about {needed / 2**30:,.1f} GiB of disk; {folder} has {free / 2**30:,.1f} GiB left"
        yield _refusal(problem)


def beyond_memory(plan: Plan, pool: Pool, workers: int) -> Iterator[InputError]:
    """Yield what of a sweep does not fit into memory; before anything is run."""
    firms, needed = pool.ask("largest")
    available = memory()
    if workers * needed <= available:
        return
    allowed = (
        f"what fits in memory: {workers} at a time need about {workers * needed / 2**30:.0f} GiB, the machine has "
        f"{available / 2**30:.0f} GiB"
    )
    remedy = "Use fewer firms, or fewer workers, or go on with --yes."
    yield InputError("sweep", "cluster.firms", firms, allowed, remedy)


def _pilot_points(work: Sequence[float], most: float) -> list[int]:
    """Return points spread evenly over all, as many as the pilot may do."""
    spread = np.linspace(0, len(work) - 1, min(MOST_IN_PILOT, len(work)))
    chosen: list[int] = []
    for point in sorted({round(place) for place in spread}):
        if not chosen or sum(work[each] for each in chosen) + work[point] <= most:
            chosen.append(point)
    return chosen


def _bytes(done: Done, columns: Columns, runs: int, batch: int) -> float:
    """Return the bytes that a sweep takes at its most: its files of batches, and the table made of them."""
    import pyarrow.parquet as pq

    table = columns.table(done.rows, done.failures)
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", write_statistics=False)
    a_row = table.nbytes / len(table)
    return (runs / batch) * len(file.getvalue()) + 2.0 * runs * a_row


def _refusal(problem: str) -> InputError:
    return InputError("sweep", problem=problem, remedy="Take fewer points or replications, or go on with --yes.")


def refuse_unless(yes: bool, problems: Iterator[InputError], announce: Any) -> None:
    """Raise the first problem; with `yes` announce them all instead."""
    for problem in problems:
        if not yes:
            raise problem
        announce(f"{problem} Going on, as --yes says.")

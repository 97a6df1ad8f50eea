"""The one process beside the server in which chances are counted, for all visitors in turn."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from klastersim.scenario import Scenario, Value

if TYPE_CHECKING:
    from klastersim.world.layout import World

#: Firms that are run in one go: a visitor waits no longer than this for another's.
FIRMS_AT_ONCE: Final = 2_000

_pool: ProcessPoolExecutor | None = None
_lock = Lock()


def at_once(firms: int) -> int:
    """Return how many clusters of so many firms are run in one go."""
    return max(1, FIRMS_AT_ONCE // firms)


def submit(task: Any, *arguments: Any) -> Future:
    """Hand the process something to do; the process is started with the first task, and again should it have died."""
    from solara.server.kernel_context import without_context  # not for the process itself, which needs no Solara

    global _pool
    with _lock:
        for _ in range(2):
            if _pool is None:
                _pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)
            try:
                # Solara ties a thread to the visitor in whose turn it begins; those of the pool outlast every visitor.
                with without_context():
                    return _pool.submit(task, *arguments)
            except BrokenProcessPool:
                _pool = None
    raise RuntimeError("the process that counts chances cannot be started")


class Errand:
    """What one visitor asks of the process for one choice, a task at a time, until it is called off.

    Attributes
    ----------
    waiting : Future or None
        The task that was asked for last.
    """

    def __init__(self) -> None:
        self._off = False
        self.waiting: Future | None = None

    async def ask(self, task: Any, *arguments: Any) -> Any:
        """Return what the process makes of a task.

        Raises
        ------
        asyncio.CancelledError
            If the errand is called off.
        """
        if self._off:
            raise asyncio.CancelledError
        self.waiting = submit(task, *arguments)
        answer = await asyncio.wrap_future(self.waiting)
        if self._off:
            raise asyncio.CancelledError
        return answer

    def call_off(self) -> None:
        """Ask no more, and wait no longer for a task that the process has not begun."""
        self._off = True
        if self.waiting is not None:
            self.waiting.cancel()


def close() -> None:
    """End the process; what it has not begun is dropped."""
    global _pool
    with _lock:
        if _pool is not None:
            _pool.shutdown(wait=False, cancel_futures=True)
            _pool = None


def _begin() -> None:
    """Leave the visitors' own runs the first turn on the processor, and the end of the process to the server."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        os.nice(5)


def replicate(
    scenario: Scenario, changes: Sequence[Mapping[str, Value]], months: int, seed: int, first: int, last: int
) -> list[list[tuple[bool, float, float, float]]]:
    """Run replications `first` to `last` - 1 of each point; parameters as for `turn_active`.

    Returns
    -------
    list of list of tuple
        By point and replication: whether it is active in the last month, public cost and value added over the run in
        Rp million, and workers, mean of the last twelve months.
    """
    from klastersim.world.layout import YEAR

    world = _run(scenario, changes, months, seed, first, last, months)
    totals = [world.series[name].cumsum(axis=1)[:, -1].tolist() for name in ("public_cost", "value_added")]
    # The ring of months begins with the first, for it holds the whole run.
    jobs = world.series["jobs"][:, -YEAR:].mean(axis=1).tolist()
    rows = list(zip((world.clusters["active"] != 0).tolist(), *totals, jobs, strict=True))
    runs = last - first
    return [rows[at : at + runs] for at in range(0, len(rows), runs)]


def turn_active(
    scenario: Scenario, changes: Sequence[Mapping[str, Value]], months: int, seed: int, first: int, last: int
) -> list[int]:
    """Count active clusters over replications `first` to `last` - 1, the ones that a sweep with this seed has.

    Parameters
    ----------
    scenario : Scenario
        What the points change.
    changes : sequence of mapping
        One for each point.
    months, seed : int
        Of the runs.
    first, last : int
        Replications, from 1.

    Returns
    -------
    list of int
        By point: how many are active in the last month.
    """
    active = _run(scenario, changes, months, seed, first, last, 1).clusters["active"]
    return [int(count) for count in active.reshape(len(changes), last - first).sum(axis=1)]


def _run(
    scenario: Scenario,
    changes: Sequence[Mapping[str, Value]],
    months: int,
    seed: int,
    first: int,
    last: int,
    months_kept: int,
) -> World:
    """Run the replications of all points together, point after point."""
    from klastersim.compiled import derive_seed
    from klastersim.engine.run import advance
    from klastersim.world.build import build

    scenarios = [scenario.replace(change, where="map") if change else scenario for change in changes]
    seeds = [derive_seed(seed, replication) for replication in range(first, last)]
    clusters = [each for each in scenarios for _ in seeds]
    return advance(build(clusters, seeds * len(scenarios), months_kept=months_kept), months)

"""Worker processes: started by spawn, made again when one dies, ended with their parent."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import connection
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar

from klastersim.errors import KlastersimError
from klastersim.lab.plan import Done, Plan, Runs
from klastersim.lab.signals import held_back, let_through

#: Batches that each worker has waiting, so that none is idle while the parent writes.
WAITING: Final = 2

#: Deaths in a row, with nothing finished in between, after which it is not a run that kills its worker. Halving a batch
#: of 512 runs down to the one that does takes 11.
MOST_DEATHS: Final = 16

#: Seconds after which whoever waits wants to know for what. Loading compiled code takes less than one.
LONG: Final = 4.0

T = TypeVar("T")

_plan: Plan


def _begin(plan: Plan) -> None:
    """Prepare a worker: it leaves Ctrl-C to its parent, and does not outlive it."""
    global _plan
    _plan = plan
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    let_through()
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _call(name: str, *arguments: Any) -> Any:
    """Call a function of `klastersim.lab.batch`, which only workers import: it brings the compiler along."""
    return call_with(_plan, name, *arguments)


def call_with(plan: Plan, name: str, *arguments: Any) -> Any:
    """Call a function of `klastersim.lab.batch` with a plan."""
    return getattr(import_module("klastersim.lab.batch"), name)(plan, *arguments)


class Pool(Protocol):
    """What runs batches somewhere: processes here, or a cluster."""

    def __enter__(self) -> Pool:
        """Return itself, ready."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End what runs."""

    def ask(self, name: str, *arguments: Any, if_long: Callable[[], None] | None = None) -> Any:
        """Return what a function of `klastersim.lab.batch` returns in a worker."""

    def run(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Do batches and yield what came of each as soon as it is finished."""


class Batches:
    """Batches under way, which may be done in parts."""

    def __init__(self) -> None:
        self._parts: dict[int, tuple[Runs, list[Done]]] = {}

    def begin(self, runs: Runs) -> None:
        """Take note of a batch that is given away."""
        if not isinstance(runs, range | list):
            raise TypeError("a batch is a range or a list of runs")
        self._parts |= dict.fromkeys(runs, (runs, []))

    def finish(self, part: Done) -> Done | None:
        """Take what came of a batch or a part of it; return the batch if that was the last of it."""
        runs, parts = self._parts[part.runs[0]]
        parts.append(part)
        if sum(len(each.runs) for each in parts) < len(runs):
            return None
        for run in runs:
            del self._parts[run]
        return Done.joined(runs, parts)


def halves(runs: Runs) -> tuple[Runs, Runs]:
    """Return two parts of a batch."""
    middle = len(runs) // 2
    return runs[:middle], runs[middle:]


def _finished(futures: dict[Future[Done], Runs]) -> tuple[list[Done], list[Runs]]:
    """Wait for one of the futures at least; take out those that ended: what they came to, and which broke."""
    found, broken = [], []
    for future in wait(futures, return_when=FIRST_COMPLETED).done:
        runs = futures.pop(future)
        try:
            found.append(future.result())
        except BrokenProcessPool:
            broken.append(runs)
    return found, broken


class Workers:
    """Processes that run batches.

    Parameters
    ----------
    plan : Plan
        What they need to know.
    count : int
        How many.
    """

    def __init__(self, plan: Plan, count: int) -> None:
        self._plan = plan
        self._count = count
        self._deaths = 0
        self._start()

    def _start(self) -> None:
        self._pool = ProcessPoolExecutor(
            self._count, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(self._plan,)
        )
        # The pool makes a process for a task when all it has are busy: with a task for each, all start side by side.
        try:
            for _ in range(self._count):
                self._submit(int)
        except BrokenProcessPool:
            pass  # one died at once: whoever asks for something is told
        except BaseException:
            self._end()
            raise

    def _submit(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Give the pool a task; it may start a process for it."""
        with held_back():
            return self._pool.submit(work, *arguments)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        """End all workers: what they finished is here, what they are at is not wanted."""
        # All of them: one that waits for its next task holds a lock, and if only that one ended, the others would wait
        # for the lock, and the pool for them, for ever.
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def ask(self, name: str, *arguments: Any, if_long: Callable[[], None] | None = None) -> Any:
        """Return what a function of `klastersim.lab.batch` returns in a worker.

        Parameters
        ----------
        name : str
            The function.
        *arguments
            What it is given besides the plan.
        if_long : callable, optional
            Is called if it takes longer than `LONG`.
        """
        try:
            future = self._submit(_call, name, *arguments)
            if if_long is not None and not wait([future], LONG).done:
                if_long()
            return future.result()
        except BrokenProcessPool:
            raise KlastersimError("A worker process died before it could do anything.") from None

    def run(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Do batches and yield what came of each as soon as it is finished, in whatever order that is.

        A worker's death ends the whole pool. It is made again; the batches under way are then done one at a time, so
        that a second death tells which of them is to blame. That one is halved until the run is found, which becomes
        a failed row.

        Parameters
        ----------
        batches : iterable of range or list of int
            Numbers of runs; taken up as workers become free.
        """
        rest = iter(batches)
        under_way = Batches()
        futures: dict[Future[Done], Runs] = {}
        suspects: deque[Runs] = deque()
        accused: set[int] = set()
        while True:
            if suspects:
                if not futures:
                    self._give(suspects.popleft(), futures)
            else:
                for runs in itertools.islice(rest, max(0, self._count * WAITING - len(futures))):
                    under_way.begin(runs)
                    self._give(runs, futures)
            if not futures:
                return
            alone = len(futures) == 1
            finished, broken = _finished(futures)
            if finished:
                self._deaths = 0
            if broken:
                broken += futures.values()
                futures.clear()
                self._again()
                finished += self._divide(broken, alone, suspects, accused)
            for done in finished:
                batch = under_way.finish(done)
                if batch is not None:
                    yield batch

    def _divide(self, broken: list[Runs], alone: bool, suspects: deque[Runs], accused: set[int]) -> list[Done]:
        """Put batches under way when a worker died among the suspects; return the run that is found to be to blame."""
        for runs in sorted(broken, key=lambda each: each[0], reverse=True):
            if alone and len(runs) > 1:
                suspects.extendleft(reversed(halves(runs)))
            elif alone and runs[0] in accused:
                return [self.ask("lost", runs)]
            else:
                suspects.appendleft(runs)
            accused.update(runs)
        return []

    def _give(self, runs: Runs, futures: dict[Future[Done], Runs]) -> None:
        try:
            future = self._submit(_call, "run_batch", runs)
        except BrokenProcessPool as error:  # a worker died while it was idle
            future = Future()
            future.set_exception(error)
        futures[future] = runs

    def _again(self) -> None:
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise KlastersimError(f"Worker processes died {self._deaths} times in a row. Is there enough memory?")
        self._end()
        self._start()

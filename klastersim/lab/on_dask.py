"""The same batches on a Dask cluster: one that is started here, or one that is there already."""

from __future__ import annotations

import itertools
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Final

from klastersim.errors import InputError, KlastersimError
from klastersim.lab.plan import Done, Plan, Runs
from klastersim.lab.provenance import versions
from klastersim.lab.workers import LONG, Batches, call_with, halves

LOCAL: Final = "local"
SCHEMES: Final = ("tcp", "tls", "ucx", "ws", "wss")

#: Deaths of workers that a batch is forgiven before it is taken for their cause.
FORGIVEN: Final = 3

#: Batches that each worker of the cluster has waiting.
WAITING: Final = 2

#: Seconds between looks at whether the cluster works for us, and after which it is not waited for any longer.
LOOK: Final = 5.0
MOST_IDLE: Final = 30.0

#: Clusters of our own that may be made, one after the other: halving a batch of 512 down to one run takes 10.
MOST_STARTS: Final = 12

#: Seconds to wait for a scheduler to answer, and for its workers to come.
PATIENCE: Final = 30.0


def check_dask(address: str) -> str:
    """Return where a cluster is, or refuse what is no such place.

    Parameters
    ----------
    address : str
        "local", or the address of a scheduler, such as tcp://10.0.0.5:8786.

    Raises
    ------
    InputError
        If it is neither, or Dask is not installed.
    """
    scheme, found, rest = address.partition("://")
    if address != LOCAL and not (found and scheme in SCHEMES and rest):
        allowed = '"local" or the address of a scheduler, such as tcp://10.0.0.5:8786'
        raise InputError("sweep", "--dask", address, allowed)
    if find_spec("distributed") is None:
        remedy = "Install it with: pip install 'klastersim[dask]'."
        raise InputError("sweep", "--dask", address, problem="needs Dask, which is not installed", remedy=remedy)
    return address


def backend(address: str) -> Callable[[Plan, int], DaskWorkers]:
    """Return what makes workers on a cluster for `run_experiment`."""
    return lambda plan, count: DaskWorkers(plan, count, address)


class DaskWorkers:
    """Workers of a Dask cluster, which do what processes here would.

    Parameters
    ----------
    plan : Plan
        What they need to know.
    count : int
        Processes, where the cluster is started here.
    address : str
        "local", or the address of a scheduler.

    Raises
    ------
    InputError
        If the cluster cannot be reached, or its workers have other versions of what determines the numbers.
    """

    def __init__(self, plan: Plan, count: int, address: str) -> None:
        self._plan, self._count, self._address = plan, count, address
        self._name = f"klastersim-{secrets.token_hex(8)}"  # others may use the same cluster
        self._starts = 0
        logging.getLogger("distributed").setLevel(logging.ERROR)
        self._start()

    def _start(self) -> None:
        import dask
        from distributed import Client, LocalCluster

        self._starts += 1
        with ExitStack() as ending:
            ending.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": FORGIVEN}))
            where: Any = self._address
            if self._address == LOCAL:
                where = ending.enter_context(
                    LocalCluster(
                        n_workers=self._count, threads_per_worker=1, processes=True, dashboard_address=":0",
                        memory_limit=0, silence_logs=50,
                    )
                )  # fmt: skip
            try:
                self._client = ending.enter_context(Client(where, timeout=PATIENCE))
                self._client.wait_for_workers(1, timeout=PATIENCE)
            except OSError as error:
                problem = f"cannot be reached, or has no workers ({error})"
                raise InputError("sweep", "--dask", self._address, problem=problem) from None
            self._refuse_other_versions()
            self._client.register_plugin(_holding(self._plan), name=self._name)
            self._ending = ending.pop_all()

    def _refuse_other_versions(self) -> None:
        try:
            found = self._client.run(versions)
        except Exception as error:
            problem = f"has workers that cannot run klastersim ({type(error).__name__}: {error})"
            raise InputError("sweep", "--dask", self._address, problem=problem, remedy="Install it there.") from None
        here = versions()
        for worker, there in found.items():
            unequal = [
                f"{name} {there.get(name)} instead of {here[name]}" for name in here if there.get(name) != here[name]
            ]
            if unequal:
                problem = f"has a worker, {worker}, with {', '.join(unequal)}"
                remedy = "Numbers may depend on it: install the same versions there."
                raise InputError("sweep", "--dask", self._address, problem=problem, remedy=remedy)

    def __enter__(self) -> DaskWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._ending:
            self._client.cancel(list(self._client.futures))
            with suppress(Exception):  # a cluster that is gone holds no plan either
                self._client.unregister_worker_plugin(self._name)

    def ask(self, name: str, *arguments: Any, if_long: Callable[[], None] | None = None) -> Any:
        """Return what a function of `klastersim.lab.batch` returns in a worker; parameters as for `Workers.ask`."""
        from distributed import wait

        future = self._submit(name, *arguments)
        if if_long is not None:
            try:
                wait(future, timeout=LONG)
            except TimeoutError:
                if_long()
        try:
            return future.result()
        except Exception as error:
            raise KlastersimError(f"The Dask cluster failed ({type(error).__name__}: {error}).") from None

    def _submit(self, name: str, *arguments: Any) -> Any:
        return self._client.submit(_call, self._name, name, *arguments, pure=False)

    def _wait(self, futures: Iterable[Any]) -> bool:
        """Wait for one of the futures at least; return whether there is one, rather than all being forgotten.

        A cluster that loses workers may forget what they were at: then it has workers, but none of them works for us.
        """
        from distributed import wait

        waiting = list(futures)
        keys = {future.key for future in waiting}
        idle = 0.0
        while idle < MOST_IDLE:
            try:
                wait(waiting, timeout=LOOK, return_when="FIRST_COMPLETED")
            except TimeoutError:
                busy = any(key in keys for held in self._client.processing().values() for key in held)
                idle = 0.0 if busy else idle + LOOK
            else:
                return True
        return False

    def _give_again(self, futures: dict[Any, Runs]) -> None:
        """Give away again what the cluster has forgotten; doing a run twice changes nothing.

        A cluster of our own whose nannies gave up after too many deaths is made again.
        """
        held = list(futures.items())
        if not self._client.nthreads():
            if self._address != LOCAL or self._starts > MOST_STARTS:
                raise KlastersimError("The Dask cluster has no workers any more.")
            self._ending.close()
            self._start()
        futures.clear()
        for future, runs in held:
            with suppress(Exception):  # its cluster may be gone
                future.cancel()
            futures[self._submit("run_batch", runs)] = runs

    def run(self, batches: Iterable[Runs]) -> Iterator[Done]:
        """Do batches and yield what came of each as soon as it is finished, in whatever order that is.

        A worker that is killed costs its batch some time: the cluster gives it to another. Batches on which several
        workers died are done again one at a time, so that a further death tells which is to blame. That one is halved
        until the run is found, which becomes a failed row.

        Parameters
        ----------
        batches : iterable of range or list of int
            Numbers of runs.
        """
        rest = iter(batches)
        under_way = Batches()
        futures: dict[Any, Runs] = {}
        suspects: deque[Runs] = deque()
        while True:
            alone = bool(suspects) and not futures
            if alone:
                runs = suspects.popleft()
                futures[self._submit("run_batch", runs)] = runs
            elif not suspects:
                room = WAITING * max(1, sum(self._client.nthreads().values())) - len(futures)
                for runs in itertools.islice(rest, max(0, room)):
                    under_way.begin(runs)
                    futures[self._submit("run_batch", runs)] = runs
            if not futures:
                return
            for done in self._finished(futures, suspects, alone):
                batch = under_way.finish(done)
                if batch is not None:
                    yield batch

    def _finished(self, futures: dict[Any, Runs], suspects: deque[Runs], alone: bool) -> list[Done]:
        """Wait for one of the futures at least, and take out those that ended; suspects are those that killed workers.

        With `alone`, the one future there is was given away with nothing beside it, until something comes of it.
        """
        from distributed import KilledWorker

        found: list[Done] = []
        while not found:
            if not self._wait(futures):
                self._give_again(futures)
                continue
            for future in [each for each in futures if each.done()]:
                runs = futures.pop(future)
                try:
                    found.append(future.result(timeout=PATIENCE))
                except TimeoutError:
                    # What it came to died with the worker that held it, and the cluster may wait for it for ever.
                    future.cancel()
                    futures[self._submit("run_batch", runs)] = runs
                except KilledWorker:
                    if not alone:
                        suspects.append(runs)
                    elif len(runs) > 1:
                        suspects.extendleft(reversed(halves(runs)))
                    else:
                        found.append(call_with(self._plan, "lost", runs))
                except Exception as error:
                    raise KlastersimError(f"The Dask cluster failed ({type(error).__name__}: {error}).") from None
            if not futures:
                break
        return found


def _holding(plan: Plan) -> Any:
    """Return what makes each worker hold the plan, also those that come later."""
    from distributed import WorkerPlugin

    plugin: Any = WorkerPlugin()
    plugin.plan = plan
    return plugin


def _call(plugin: str, name: str, *arguments: Any) -> Any:
    """Call a function of `klastersim.lab.batch` in a worker of the cluster, with the plan that it holds."""
    from distributed import get_worker

    held: Any = get_worker().plugins[plugin]
    return call_with(held.plan, name, *arguments)

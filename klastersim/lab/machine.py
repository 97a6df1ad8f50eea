"""What the machine has to work with."""

from __future__ import annotations

import os
from typing import Final

from klastersim.errors import InputError

#: Memory of a worker process before it has anything to do: Python, NumPy and the compiler.
BYTES_A_WORKER: Final = 200 * 2**20

MOST_WORKERS: Final = 1_024


def usable_processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> int:
    """Return the bytes of memory of the machine; more than any has where the system does not tell."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 2**60


def check_workers(workers: int) -> int:
    """Return a number of workers, or refuse one that cannot be."""
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= MOST_WORKERS:
        raise InputError("sweep", "--workers", workers, f"a whole number from 1 to {MOST_WORKERS}")
    most = memory() // BYTES_A_WORKER
    if workers > most:
        allowed = f"what fits in memory: the machine has {memory() / 2**30:.0f} GiB, enough to start {most}"
        remedy = f"More than {usable_processors()}, one for each processor, gain nothing."
        raise InputError("sweep", "--workers", workers, allowed, remedy)
    return workers

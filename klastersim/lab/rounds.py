"""Which runs are done, in what order, and when a point has had enough of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from klastersim.lab.experiment import Experiment
from klastersim.lab.plan import Plan, Runs
from klastersim.lab.summary import Summary, Z, wilson

#: Work in a batch: enough to make its way to a worker and back cheap, little enough to spread evenly, to show progress
#: and to lose if all is broken off. A fraction of a second in a passive cluster, some seconds in a busy one.
FIRM_MONTHS: Final = 500_000
MOST_IN_BATCH: Final = 512

#: Batches into which even a small sweep is cut, for workers to share.
LEAST_BATCHES: Final = 16

#: Replications between looks at the intervals: a fifth of those that are there, but not fewer than this.
LEAST_STEP: Final = 10


def batch_size(plan: Plan, runs: int) -> int:
    """Return how many runs to send to a worker at a time; it does not depend on how many workers there are."""
    by_work = round(FIRM_MONTHS / (plan.mean_firms * plan.months))
    return max(1, min(by_work, -(-runs // LEAST_BATCHES), MOST_IN_BATCH))


def cut(runs: Runs, batch: int) -> Iterator[Runs]:
    """Cut runs into batches, in order.

    Examples
    --------
    >>> list(cut(range(5), 2))
    [range(0, 2), range(2, 4), range(4, 5)]
    """
    for begin in range(0, len(runs), batch):
        yield runs[begin : begin + batch]


def rounds(experiment: Experiment, points: int, summary: Summary) -> Iterator[Runs]:
    """Yield runs to do: all at once, or with a precision only those that are still needed, round by round.

    A round begins when the one before has been taken up in the summary. So which runs are done follows from the results
    alone, not from how many workers there are or which of them was faster.

    Parameters
    ----------
    experiment : Experiment
        With or without a precision.
    points : int
        Number of points.
    summary : Summary
        What was found so far.
    """
    if experiment.precision is None:
        yield range(points * experiment.replications)
        return
    begin, wanted = 0, list(range(points))
    for end in looks(experiment.precision, experiment.replications):
        yield [replication * points + point for replication in range(begin, end) for point in wanted]
        begin = end
        wanted = [point for point in wanted if half_width(summary, point) > experiment.precision]
        if not wanted:
            return


def looks(precision: float, most: int) -> Iterator[int]:
    """Yield the numbers of replications after which to look at the intervals, the last of them `most`.

    The first is the smallest that can do, at a point at which all runs agree.

    Examples
    --------
    >>> list(looks(0.1, 50))
    [16, 26, 36, 46, 50]
    """
    count = 1
    while count < most and _half(0, count) > precision:
        count = max(count + 1, min(most, int(Z * Z * (0.5 / precision - 1.0))))
    while count < most:
        yield count
        count += max(LEAST_STEP, count // 5)
    yield most


def half_width(summary: Summary, point: int) -> float:
    """Return half the width of the 95 % interval of P(active) at a point."""
    return _half(int(summary.active[point]), int(summary.counts[point]))


def _half(active: int, runs: int) -> float:
    low, high = wilson(active, runs)
    return (high - low) / 2.0

"""What the runs of each design point came to: how many turned active, with an interval, and means."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from klastersim.lab.design import Point
from klastersim.lab.plan import Done
from klastersim.lab.rows import FINAL
from klastersim.scenario import Value

#: 97.5 % quantile of the normal distribution: intervals of 95 %.
Z: Final = 1.959963984540054


def wilson(successes: int, trials: int) -> tuple[float, float]:
    r"""Return Wilson's 95 % interval of a share.

    .. math:: \frac{p + z^2 / 2n \pm z \sqrt{p (1 - p) / n + z^2 / 4n^2}}{1 + z^2 / n}

    Parameters
    ----------
    successes, trials : int
        How many of how many; without trials nothing is known.

    Returns
    -------
    tuple of float
        Lower and upper end.

    Examples
    --------
    >>> low, high = wilson(0, 40)
    >>> round(low, 4), round(high, 4)
    (0.0, 0.0876)
    """
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    base = 1.0 + Z * Z / trials
    centre = (share + Z * Z / (2.0 * trials)) / base
    half = Z / base * math.sqrt(share * (1.0 - share) / trials + Z * Z / (4.0 * trials * trials))
    return (0.0 if successes == 0 else centre - half), (1.0 if successes == trials else centre + half)


class Summary:
    """Counts and sums by point, taken up as runs finish; a failed run counts only among the failed.

    Parameters
    ----------
    points : sequence of Point
        The points of the experiment.
    swept : mapping of str to list
        Values of the swept parameters at every point.
    """

    def __init__(self, points: Sequence[Point], swept: Mapping[str, list[Value]]) -> None:
        self._points = points
        self._swept = swept
        self.counts = np.zeros(len(points), np.int64)
        self.active = np.zeros(len(points), np.int64)
        self.failed = np.zeros(len(points), np.int64)
        self._told = np.zeros((len(points), len(FINAL)), np.int64)
        self._sums = np.zeros((len(points), len(FINAL)))

    def add(self, done: Done) -> None:
        """Take up a batch; batches come in the order of the runs, so that sums do not depend on their size."""
        rows = done.rows
        np.add.at(self.failed, rows["point"][rows["active"] < 0], 1)
        rows = rows[rows["active"] >= 0]
        np.add.at(self.counts, rows["point"], 1)
        np.add.at(self.active, rows["point"], rows["active"])
        for place, name in enumerate(FINAL):
            told = ~np.isnan(rows[name])
            np.add.at(self._told[:, place], rows["point"][told], 1)
            np.add.at(self._sums[:, place], rows["point"][told], rows[name][told])

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each point; None for what no run told."""
        found = []
        for number, point in enumerate(self._points):
            count, active = int(self.counts[number]), int(self.active[number])
            low, high = wilson(active, count)
            row: dict[str, Any] = {"map": point.map, "arm": point.arm}
            row |= {key: values[number] for key, values in self._swept.items()}
            row |= {
                "n": count,
                "failed": int(self.failed[number]),
                "p_active": active / count if count else None,
                "p_active_low": low if count else None,
                "p_active_high": high if count else None,
            }
            for place, name in enumerate(FINAL):
                told = int(self._told[number, place])
                row[f"mean_{name}"] = float(self._sums[number, place]) / told if told else None
            found.append(row)
        return found


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a decimal point whatever the locale, and nothing where nothing is known."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _written(value) for key, value in row.items()})
    return text.getvalue()


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value

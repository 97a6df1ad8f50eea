"""How points respond: means over replications at each point of a map, what chance leaves in them, growing samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes, mean_over, words
from klastersim.lab.design import Map

#: Growing parts of a design at which convergence is shown.
STEPS = 6


@dataclass(frozen=True)
class Response:
    """What the points of a map under one arm came to.

    Attributes
    ----------
    map : Map
        The map.
    what : str
        Words for the output.
    values : ndarray of float, shape (places,)
        Mean over replications; NaN where none was finished.
    chance : float
        Variance that chance leaves in such a mean, mean over the places; NaN with a single replication.
    """

    map: Map
    what: str
    values: np.ndarray
    chance: float

    @property
    def keys(self) -> list[str]:
        """Parameters that are varied, in the order of the design."""
        return [axis.key for axis in self.map.axes]

    @property
    def problem(self) -> dict[str, Any]:
        """The unit cube, as SALib wants to be told of it."""
        count = len(self.keys)
        return {"num_vars": count, "names": self.keys, "bounds": [[0.0, 1.0]] * count}


def response_of(outcomes: Outcomes, name: str, arm: int) -> Response:
    """Return how the points of a map respond under an arm.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of the map.
    name : str
        An output.
    arm : int
        Number of the arm.
    """
    values = outcomes[name][arm]
    count = (~np.isnan(values)).sum(axis=1)
    means = mean_over(values, axis=1)
    squares = np.where(np.isnan(values), 0.0, (values - means[:, None]) ** 2).sum(axis=1)
    several = count > 1
    chance = float((squares[several] / (count[several] - 1) / count[several]).mean()) if several.any() else np.nan
    return Response(outcomes.map, words(name)[0], np.asarray(means), chance)


def blocks_of(values: np.ndarray, size: int) -> np.ndarray:
    """Return which blocks of so many points were finished whole: a trajectory, or the points of one base sample."""
    return ~np.isnan(values.reshape(-1, size)).any(axis=1)


def growing(most: int, least: int = 4) -> list[int]:
    """Return growing sizes up to the whole, each about twice the one before.

    Examples
    --------
    >>> growing(64)
    [4, 8, 16, 32, 64]
    >>> growing(3)
    [3]
    """
    sizes = [most]
    while sizes[0] // 2 >= least and len(sizes) < STEPS:
        sizes.insert(0, sizes[0] // 2)
    return sizes

"""Cases of scenario discovery: places that stay passive under every arm, and those kept back to judge rules by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes, mean_over
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Axis
from klastersim.lab.summary import wilson

#: A place is of interest where no arm turned so large a share of its runs active.
HALF: Final = 0.5

#: Of so many places one is kept back: rules are made of the others and judged by these.
KEPT_BACK: Final = 3


@dataclass(frozen=True)
class Cases:
    """Places and whether they are of interest.

    Attributes
    ----------
    axes : tuple of Axis
        What is varied.
    values : mapping of str to ndarray, shape (places,)
        Values by parameter: numbers, or words.
    passive : ndarray of bool, shape (places,)
        Whether under no arm half of the runs were active.
    kept_back : ndarray of bool, shape (places,)
        Every third place.
    """

    axes: tuple[Axis, ...]
    values: Mapping[str, np.ndarray]
    passive: np.ndarray
    kept_back: np.ndarray

    @property
    def numbers(self) -> list[Axis]:
        """What is varied along a line."""
        return [axis for axis in self.axes if axis.is_number]

    def frame(self, where: np.ndarray) -> Any:
        """Return the values of some places as a table: numbers with a point, words as they are."""
        import pandas as pd

        numbers = {axis.key for axis in self.numbers}
        return pd.DataFrame(
            {
                key: values[where].astype(float) if key in numbers else values[where]
                for key, values in self.values.items()
            }
        )


def cases_of(outcomes: Outcomes) -> Cases:
    """Return the places of a map at which every arm was finished.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map of sampled points.
    """
    shares = np.asarray(mean_over(outcomes["active"], axis=2))
    told = ~np.isnan(shares).any(axis=0)
    rows = [row for row, there in zip(outcomes.map.coordinates(), told, strict=True) if there]
    values = {axis.key: np.array([row[axis.key] for row in rows]) for axis in outcomes.map.axes}
    passive = shares[:, told].max(axis=0) < HALF
    return Cases(outcomes.map.axes, values, passive, np.arange(len(passive)) % KEPT_BACK == KEPT_BACK - 1)


@dataclass(frozen=True)
class Quality:
    """How good a rule is: the share of the cases of interest that it covers, and the share of what it covers that are.

    Attributes
    ----------
    coverage, density : Estimate
        With Wilson's 95 % intervals.
    places : int
        Places that it covers.
    """

    coverage: Estimate
    density: Estimate
    places: int


def quality_of(inside: np.ndarray, passive: np.ndarray) -> Quality:
    """Return coverage and density of a rule over some places.

    Parameters
    ----------
    inside, passive : ndarray of bool, shape (places,)
        What the rule covers, and what is of interest.
    """
    both = int((inside & passive).sum())
    return Quality(_share(both, int(passive.sum())), _share(both, int(inside.sum())), int(inside.sum()))


def _share(part: int, whole: int) -> Estimate:
    return Estimate(part / whole if whole else float("nan"), *wilson(part, whole))

"""The runs of a map as arrays: by arm, place and replication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from klastersim.indicators.catalogue import INDICATORS
from klastersim.indicators.intervals import Estimate, student_quantile
from klastersim.lab.design import Map
from klastersim.lab.experiment import Experiment
from klastersim.lab.pairs import FEWEST
from klastersim.lab.rows import yearly
from klastersim.lab.summary import wilson

#: What is read of every run, beside what a file asks for.
ALWAYS: Final = (
    "active",
    "profit_gini",
    "micro_profit",
    "value_added_total",
    "public_cost_total",
    "social_cost_total",
)

#: What the whole society is left with: value added less what public money and owners' time cost.
NET: Final = "net_value"

#: Words for outputs in sentences, with the form of their numbers.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "active": ("P(active)", "+.3f"),
    "acting": ("share of firms in a collective act", "+.3f"),
    "profit_gini": ("Gini of profits", "+.3f"),
    "micro_profit": ("profit of a micro firm [Rp million]", "+.3f"),
    "value_added_total": ("value added in all [Rp million]", "+,.0f"),
    "public_cost_total": ("public cost in all [Rp million]", "+,.1f"),
    "social_cost_total": ("social cost in all [Rp million]", "+,.1f"),
    NET: ("value added less social cost [Rp million]", "+,.0f"),
}


@dataclass(frozen=True)
class Outcomes:
    """Runs of one map.

    Attributes
    ----------
    map : Map
        The map.
    values : mapping of str to ndarray of float, shape (arms, places, replications)
        By output; NaN where nothing was told. Only replications that all points of the experiment have.
    """

    map: Map
    values: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        """Return an output; `NET` is computed of three others."""
        if name == NET:
            return np.asarray(self.values["value_added_total"] - self.values["social_cost_total"])
        return self.values[name]

    def by_year(self, name: str, years: int) -> np.ndarray:
        """Return what is told of every year, shape (arms, places, replications, years); NaN where nothing is."""
        return np.stack([self.values[f"year_{year}_{name}"] for year in range(1, years + 1)], axis=-1)

    @property
    def replications(self) -> int:
        """Number of replications."""
        return int(self.values["active"].shape[2])


def outcomes_of(experiment: Experiment, path: Path) -> dict[str, Outcomes]:
    """Read the runs of an experiment.

    Parameters
    ----------
    experiment : Experiment
        What was run.
    path : Path
        Its table of runs.

    Returns
    -------
    dict of str to Outcomes
        By the name of a map.
    """
    names = list(dict.fromkeys([*ALWAYS, *experiment.outputs, *yearly(experiment.years)]))
    points = sum(each.size for each in experiment.maps)
    told, values = _read(path, names, points, experiment.replications)
    whole = told.all(axis=0)
    found, begin = {}, 0
    for each in experiment.maps:
        shape = (len(each.arms), each.places, int(whole.sum()))
        end = begin + each.size
        found[each.name] = Outcomes(each, {name: values[name][begin:end, whole].reshape(shape) for name in names})
        begin = end
    return found


def _read(path: Path, names: Iterable[str], points: int, replications: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return which runs there are, and their values, by point and replication."""
    import pyarrow.parquet as pq

    told = np.zeros((points, replications), bool)
    values = {name: np.full((points, replications), np.nan) for name in names}
    for batch in pq.ParquetFile(path).iter_batches(columns=["run", *names]):
        replication, point = np.divmod(batch["run"].to_numpy(), points)
        told[point, replication] = True
        for name in names:
            values[name][point, replication] = batch[name].cast("float64").to_numpy(zero_copy_only=False)
    return told, values


def mean_of(values: np.ndarray) -> Estimate | None:
    """Return the mean of what replications told, with Student's interval over them.

    Parameters
    ----------
    values : ndarray of float, shape (replications,)
        NaN where a replication told nothing.

    Returns
    -------
    Estimate or None
        None with fewer than six. Of shares that agree in all replications the interval takes in what Wilson's leaves
        open of others; of other numbers it has no width there.
    """
    values = values[~np.isnan(values)]
    count = len(values)
    if count < FEWEST:
        return None
    value = float(values.mean())
    half = student_quantile(count - 1) * float(values.std(ddof=1)) / count**0.5
    return Estimate(value, value - half, value + half)


def share_of(values: np.ndarray) -> Estimate | None:
    """Return `mean_of` shares, or of differences of shares, never quite sure where all replications agree."""
    found = mean_of(values)
    if found is None or found.low < found.high:
        return found
    open_yet = wilson(0, int((~np.isnan(values)).sum()))[1]
    return Estimate(found.value, max(-1.0, found.value - open_yet), min(1.0, found.value + open_yet))


def mean_over(values: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    """Return the mean of what was told; NaN where nothing was."""
    told = ~np.isnan(values)
    count = told.sum(axis=axis)
    total = np.where(told, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def is_yes_or_no(name: str) -> bool:
    """Tell whether an output is 0 or 1 in each run, so that its mean is a share."""
    return name in INDICATORS and INDICATORS[name].unit == "0 or 1"


def words(name: str) -> tuple[str, str]:
    """Return words for an output, and the form of changes of it."""
    if name in WORDS:
        return WORDS[name]
    if name in INDICATORS:
        label = INDICATORS[name].label
        return f"{label[:1].lower()}{label[1:]} [{INDICATORS[name].unit}]", "+.3g"
    return name, "+.3g"

"""At which ratio of unit costs groups and single firms do equally well, for each rupiah of public money spent."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes, mean_of, mean_over, share_of
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Axis, Map
from klastersim.lab.finding import Finding
from klastersim.lab.pairs import FEWEST
from klastersim.scenario import Scenario, Value, parameter

#: Name of the finding.
BREAK_EVEN: Final = "break_even"

RATIO: Final = "prices.group_ratio"
ENABLED, CHANNEL = "programme.enabled", "programme.channel"
NONE, SINGLE, GROUP = "none", "individual", "group"

#: By what the channels are compared, in words.
COMPARED: Final[Mapping[str, str]] = {"value_added_total": "value added", "active": "P(active)"}

#: What is gained for a rupiah is no guide to equal spending where one spends so much more than the other, as a share.
UNEQUAL: Final = 0.25

COLUMNS: Final = (
    "by",
    "where",
    "break-even ratio",
    "95 % interval",
    "groups less single firms, lowest ratio",
    "the same, highest ratio",
    "public cost, single firms",
    "public cost, groups",
)


@dataclass(frozen=True)
class Line:
    """Groups against single firms along the ratios, where all else is held.

    Attributes
    ----------
    name : str
        By what they are compared, one of `COMPARED`.
    place : mapping of str to value
        What else is varied, held here.
    ratios : tuple of float
        Ratios of unit costs, rising.
    differences : sequence of Estimate
        What groups gain for a rupiah spent less what single firms do, at each ratio.
    spent : ndarray of float, shape (2, ratios)
        Mean public cost of single firms and of groups, Rp million.
    """

    name: str
    place: Mapping[str, Value]
    ratios: tuple[float, ...]
    differences: Sequence[Estimate]
    spent: np.ndarray

    @property
    def is_comparable(self) -> bool:
        """Whether both spend about the same at every ratio."""
        return bool((np.abs(self.spent[1] / self.spent[0] - 1.0) <= UNEQUAL).all())

    @property
    def low(self) -> float:
        """Up to here groups do surely better; 0 where they nowhere do, infinite where they do everywhere."""
        sure = [each.low for each in self.differences]
        return self._passed(sure) if sure[0] > 0.0 else 0.0

    @property
    def high(self) -> float:
        """From here on single firms do surely better; infinite where they nowhere do, 0 where they do everywhere."""
        sure = [each.high for each in self.differences]
        if sure[-1] >= 0.0:
            return math.inf
        back = max((k for k, each in enumerate(sure) if each >= 0.0), default=-1)
        return self._between(sure, back) if back >= 0 else 0.0

    @property
    def value(self) -> float:
        """Where the difference first falls to zero; 0 or infinite where it is on one side of it everywhere."""
        middle = [each.value for each in self.differences]
        return self._passed(middle) if middle[0] > 0.0 else 0.0

    def _passed(self, values: Sequence[float]) -> float:
        """Ratio at which values that begin above zero first fall to it."""
        first = next((k for k, each in enumerate(values) if each <= 0.0), None)
        return math.inf if first is None else self._between(values, first - 1)

    def _between(self, values: Sequence[float], k: int) -> float:
        """Ratio between the k-th and the next at which values pass zero, interpolated along its logarithm."""
        part = values[k] / (values[k] - values[k + 1])
        begin, end = math.log(self.ratios[k]), math.log(self.ratios[k + 1])
        return math.exp(begin + part * (end - begin))

    def winner(self, k: int) -> str:
        """Return who surely does better at the k-th ratio and on to the end of the ratios; nothing where none does."""
        if not self.is_comparable:
            return ""
        return GROUP if self.ratios[k] <= self.low else SINGLE if self.ratios[k] >= self.high else ""


@dataclass(frozen=True)
class BreakEven:
    """Lines of a map by what is compared, and the axes that tell them apart."""

    axes: tuple[Axis, ...]
    lines: Mapping[str, Sequence[Line]]


def break_even_of(outcomes: Outcomes, base: Scenario) -> Finding | None:
    """Return the ratio of unit costs at which channels break even, at every place of a grid.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map.
    base : Scenario
        What its points start from.

    Returns
    -------
    Finding or None
        None of any but a grid over the ratio, with an arm for each channel and one without a programme.
    """
    arms = roles_of(outcomes.map, base)
    if arms is None:
        return None
    title = "Ratio of unit costs at which groups and single firms break even"
    if outcomes.replications < FEWEST:
        return Finding(BREAK_EVEN, title, ["Not identified with fewer than six replications."])
    rest = tuple(axis for axis in outcomes.map.axes if axis.key != RATIO)
    found = BreakEven(rest, {name: _lines(outcomes, name, arms, rest) for name in COMPARED})
    lines = [line for of_name in found.lines.values() for line in of_name]
    note = (
        "Gain of each channel over the same clusters without a programme, on the same luck, for each rupiah of public "
        "money spent (value added), or for each Rp 100 million (P(active)); so both are compared at equal public cost "
        f"spent. Where they differ in that by over {UNEQUAL:.0%} nothing is said. The interval holds the ratios "
        "at which Student's 95 % interval over replications of the difference holds zero, between the ratios that were "
        "run interpolated along the logarithm; an end is open where none of these is surely on the other side."
    )
    return Finding(BREAK_EVEN, title, [_told(line) for line in lines], COLUMNS, [_row(line) for line in lines], note,
                   data=found)  # fmt: skip


def roles_of(each: Map, base: Scenario) -> tuple[int, int, int] | None:
    """Return the arms without a programme, for single firms and for groups; None where a map has not just these."""
    axis = next((axis for axis in each.axes if axis.key == RATIO), None)
    if axis is None or not each.is_grid or min(map(float, axis.values)) <= 0.0:
        return None
    number = {}
    for k, arm in enumerate(each.arms):
        enabled, channel = (arm.changes.get(key, base[key]) for key in (ENABLED, CHANNEL))
        number[str(channel) if enabled else NONE] = k
    if set(number) != {NONE, SINGLE, GROUP} or len(each.arms) != len(number):
        return None
    return number[NONE], number[SINGLE], number[GROUP]


def _lines(outcomes: Outcomes, name: str, arms: tuple[int, int, int], rest: Sequence[Axis]) -> list[Line]:
    """Compare the channels by one output, at each place of the other axes."""
    axes = outcomes.map.axes
    where = next(k for k, axis in enumerate(axes) if axis.key == RATIO)
    order = np.argsort([float(value) for value in axes[where].values])
    ratios = tuple(float(axes[where].values[k]) for k in order)
    none, *channels = arms
    shape = (len(outcomes.map.arms), *(len(axis.values) for axis in axes), outcomes.replications)

    def by_place(values: np.ndarray) -> np.ndarray:
        """Arrays by arm, place, ratio and replication."""
        moved = np.moveaxis(values.reshape(shape), where + 1, -2)
        return np.asarray(moved.reshape(shape[0], -1, len(ratios), shape[-1])[:, :, order])

    values, cost = by_place(outcomes[name]), by_place(outcomes["public_cost_total"])
    unit = 1.0 if name == "value_added_total" else 100.0
    lines = []
    for place, held in enumerate(itertools.product(*(axis.values for axis in rest))):
        spent = np.stack([mean_over(cost[arm, place], axis=1) for arm in channels])
        with np.errstate(divide="ignore", invalid="ignore"):
            single, group = (
                unit * (values[arm, place] - values[none, place]) / spent[k][:, None] for k, arm in enumerate(channels)
            )
            differences = [_difference(each, name) for each in group - single]
        if all(each is not None for each in differences):
            keys = (axis.key for axis in rest)
            told = [each for each in differences if each is not None]
            lines.append(Line(name, dict(zip(keys, held, strict=True)), ratios, told, spent))
    return lines


def _difference(values: np.ndarray, name: str) -> Estimate | None:
    values = np.where(np.isfinite(values), values, np.nan)
    found = mean_of(values)
    if found is None or name != "active" or found.low < found.high:
        return found
    return share_of(values)


def _where(line: Line) -> str:
    return ", ".join(f"{key} = {value:.3g}" if isinstance(value, float) else f"{key} = {value}"
                     for key, value in line.place.items()) or "everywhere"  # fmt: skip


def _told(line: Line) -> str:
    """Say where the channels break even, or that it is not identified, and why."""
    lowest, highest = line.ratios[0], line.ratios[-1]
    begin = f"By {COMPARED[line.name]}, {_named(line)}: "
    if not line.is_comparable:
        return begin + "not identified, one channel spends much more than the other."
    if math.isinf(line.low):
        return begin + f"groups do better at every ratio from {lowest:.3g} to {highest:.3g}."
    if line.high == 0.0:
        return begin + f"single firms do better at every ratio from {lowest:.3g} to {highest:.3g}."
    if line.low == 0.0 and math.isinf(line.high):
        return begin + f"not identified from {lowest:.3g} to {highest:.3g}, no ratio is surely on either side."
    if line.low == 0.0:
        return (
            begin
            + f"single firms do better from a ratio of {line.high:.2f} on; whether groups do below is not identified."
        )
    if math.isinf(line.high):
        return (
            begin
            + f"groups do better up to a ratio of {line.low:.2f}; whether single firms do above is not identified."
        )
    return (
        begin
        + f"the channels break even at a ratio of {line.value:.2f} (95 % interval {line.low:.2f} to {line.high:.2f})."
    )


def _named(line: Line) -> str:
    if not line.place:
        return "over all places"
    parts = []
    for key, value in line.place.items():
        label = parameter(key).label.partition(" (")[0]
        shown = f"{value:.3g}" if isinstance(value, float) else str(value)
        parts.append(f"{label[:1].lower()}{label[1:]} {shown}")
    return ", ".join(parts)


def _row(line: Line) -> list[str]:
    single, group = line.spent
    return [
        COMPARED[line.name],
        _where(line),
        _ratio(line, line.value) if line.is_comparable else "not identified",
        f"{_end(line.low)} to {_end(line.high)}" if line.is_comparable else "-",
        _difference_told(line.differences[0]),
        _difference_told(line.differences[-1]),
        f"{single.mean():,.0f}",
        f"{group.min():,.0f} to {group.max():,.0f}",
    ]


def _ratio(line: Line, value: float) -> str:
    if line.low == 0.0 and math.isinf(line.high):
        return "not identified"
    if value == 0.0:
        return f"below {line.ratios[0]:.3g}"
    return f"above {line.ratios[-1]:.3g}" if math.isinf(value) else f"{value:.2f}"


def _end(value: float) -> str:
    return "open" if value == 0.0 or math.isinf(value) else f"{value:.2f}"


def _difference_told(found: Estimate) -> str:
    return f"{found.value:+.2f} ({found.low:+.2f} to {found.high:+.2f})"

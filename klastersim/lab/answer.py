"""The answer of a phase map in sentences computed from its numbers: where the chance of turning active is one half."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import CostOfActivation
from klastersim.lab.design import Arm, Axis, Map
from klastersim.lab.finding import Findings
from klastersim.lab.summary import wilson
from klastersim.scenario import parameter

if TYPE_CHECKING:
    from klastersim.lab.experiment import Experiment
    from klastersim.lab.runner import Result

HALF = 0.5

#: Arms up to which each has sentences of its own.
MOST_ARMS = 12
NOTHING: Findings = MappingProxyType({})
MONEY = " Public money per additional active cluster"


@dataclass(frozen=True)
class Phase:
    """Chance of turning active over the grid of one map, under one arm.

    Attributes
    ----------
    map : Map
        The map.
    arm : Arm
        The arm.
    runs, active : ndarray of int, shape of the grid
        Runs, and those active at the end; the axes in the order of the map.
    """

    map: Map
    arm: Arm
    runs: np.ndarray
    active: np.ndarray

    @property
    def chance(self) -> np.ndarray:
        """P(active); NaN where no run was finished."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.active / self.runs)

    @property
    def unsure(self) -> np.ndarray:
        """Whether the 95 % interval holds one half."""
        ends = [wilson(int(k), int(n)) for k, n in zip(self.active.ravel(), self.runs.ravel(), strict=True)]
        return np.array([low <= HALF <= high for low, high in ends]).reshape(self.runs.shape)


def phases_of(each: Map, summary: Sequence[Mapping[str, Any]]) -> list[Phase]:
    """Return the grids of a map, or its points in a row, one for each arm, from the rows of the summary."""
    shape = tuple(len(axis.values) for axis in each.axes) if each.is_grid else (each.places,)
    found = []
    for arm in each.arms:
        rows = [row for row in summary if row["map"] == each.name and row["arm"] == arm.name]
        runs = np.array([row["n"] for row in rows], np.int64)
        active = np.array([round((row["p_active"] or 0.0) * row["n"]) for row in rows], np.int64)
        found.append(Phase(each, arm, runs.reshape(shape), active.reshape(shape)))
    return found


def positions(axis: Axis) -> np.ndarray:
    """Return where values stand along an axis: by their logarithm on a log axis, in equal steps if they are words."""
    if not axis.is_number:
        return np.arange(len(axis.values), dtype=float)
    values = np.array(axis.values, dtype=float)
    return np.log(values) if axis.scale == "log" else values


def crossing(axis: Axis, chance: np.ndarray) -> float | None:
    """Return the first value along an axis at which the chance passes one half, interpolated; None where it does not.

    Examples
    --------
    >>> crossing(Axis("market.potential", (1.0, 4.0), "log", ""), np.array([0.0, 1.0]))
    2.0
    """
    above = chance >= HALF
    places = positions(axis)
    for place in range(len(chance) - 1):
        if above[place] != above[place + 1]:
            part = (HALF - chance[place]) / (chance[place + 1] - chance[place])
            found = float(places[place] + part * (places[place + 1] - places[place]))
            return float(f"{math.exp(found) if axis.scale == 'log' else found:.12g}")
    return None


def said(each: Map, result: Result) -> list[str]:
    """Return what a map says, computed from the numbers.

    Parameters
    ----------
    each : Map
        The map.
    result : Result
        What came of its experiment.

    Returns
    -------
    list of str
        Of a grid, where each arm passes one half and how it moves that line; of other points, the share active under
        each arm and what each adds to the first, with intervals.
    """
    if each.is_grid and each.axes:
        return sentences(phases_of(each, result.summary), result.costs)
    if len(each.arms) > MOST_ARMS:
        return [_range_of(each, result)]
    found = [f"{_upper(arm.title)}: {_share(each, result.shares[each.name, arm.name])}" for arm in each.arms]
    first = each.arms[0]
    for arm in each.arms[1:]:
        names = each.name, arm.name
        cost = result.costs.get(names)
        if cost is None:
            paid = _paid(cost) if names in result.costs else ""
        else:
            paid = _per_cluster(cost) if cost.per_cluster else f"{MONEY}: not identified."
            paid += _per_value_added(cost) + _per_job(cost)
        found.append(f"{_upper(arm.title)} against {first.title}: {_adds(result.added[names])}{paid}")
    return found


def _range_of(each: Map, result: Result) -> str:
    """Say how far apart the arms are, where they are too many for a sentence each; a table has them all."""
    told = [(found.value, arm) for arm in each.arms if (found := result.shares[each.name, arm.name]) is not None]
    if not told:
        return "No replication was finished."
    ends = [min(told, key=lambda pair: pair[0])[1], max(told, key=lambda pair: pair[0])[1]]
    shares = [_share(each, result.shares[each.name, arm.name]).rstrip(".") for arm in ends]
    if shares[0] == shares[1]:
        return f"All {len(each.arms)} arms have {shares[0]}."
    words = [f"{share} ({arm.title})" for share, arm in zip(shares, ends, strict=True)]
    return f"Of {len(each.arms)} arms the least has {words[0]}, the most {words[1]}."


def verdict(experiment: Experiment, result: Result, findings: Findings = NOTHING) -> str:
    """Return whether the numbers agree with what the experiment expects; nothing if it says not what."""
    expected = experiment.expected
    if expected is None:
        return ""
    if not expected.factor:
        return expected.verdict(result.added.get((expected.map, expected.arm)))
    told = [each.estimates for each in findings.get(expected.map, ()) if expected.factor in each.estimates]
    return expected.verdict(told[0][expected.factor], told[0]) if told else expected.verdict(None)


def _share(each: Map, found: Estimate | None) -> str:
    if found is None:
        return "no replication was finished."
    over = f", over {each.places:,} points" if each.places > 1 else ""
    return f"P(active) = {found.value:.3f} (95 % interval {found.low:.3f} to {found.high:.3f}){over}."


def _adds(found: Estimate | None) -> str:
    if found is None:
        return "not identified with fewer than six replications."
    interval = f"{found.value:+.3f} (95 % interval {found.low:+.3f} to {found.high:+.3f})"
    if found.low <= 0.0 <= found.high:
        return f"no difference identified, P(active) moves by {interval}."
    return f"P(active) moves by {interval}."


def sentences(
    phases: Sequence[Phase], costs: Mapping[tuple[str, str], CostOfActivation | None] | None = None
) -> list[str]:
    """Return what a map says: where each arm passes one half, and what each moved against the first, and at what cost.

    Parameters
    ----------
    phases : sequence of Phase
        The arms of one map.
    costs : mapping of tuple of str to CostOfActivation or None
        By map and arm; what it leaves out cost nothing.

    Returns
    -------
    list of str
        One for each arm, then one for each arm but the first.
    """
    along = direction(phases)
    found = [f"{_upper(phase.arm.title)}: {_where_half(phase, along)}" for phase in phases]
    for phase in phases[1:]:
        names = phase.map.name, phase.arm.name
        paid = _paid(costs[names]) if costs and names in costs else ""
        found.append(_moved(phases[0], phase, along) + paid)
    return found


def _where_half(phase: Phase, along: int) -> str:
    chance = phase.chance
    if np.isnan(chance).all():
        return "no run was finished."
    reached = int((chance >= HALF).sum())
    if not reached:
        return f"P(active) = 1/2 is not reached on these axes; the most is {_extreme(phase, np.nanargmax(chance))}."
    if not (chance < HALF).any():
        return f"P(active) is at least 1/2 on the whole map; the least is {_extreme(phase, np.nanargmin(chance))}."
    summary = f"P(active) is at least 1/2 at {reached} of {chance.size} points"
    if len(phase.map.axes) > 2 or not any(half_line(phase, along)):
        return f"{summary}, most at {_extreme(phase, np.nanargmax(chance))}."
    return f"{summary}; {_line(phase, along)}."


def _line(phase: Phase, along: int) -> str:
    """Say where the line of one half runs: its place on one axis for the outermost values of the other."""
    places = half_line(phase, along)
    name = _named(phase.map.axes[along])
    if len(phase.map.axes) == 1:
        return f"it passes 1/2 at {name} = {places[0]:.3g}"
    other = phase.map.axes[1 - along]
    crossed = [(value, place) for value, place in zip(other.values, places, strict=True) if place is not None]
    ends = [crossed[0], crossed[-1]] if len(crossed) > 1 else crossed
    words = " and ".join(f"{place:.3g} where {other.key} = {_number(value)}" for value, place in ends)
    rest = len(places) - len(crossed)
    tail = f", and is not passed at {rest} of {len(places)} values of {other.key}" if rest else ""
    return f"it passes 1/2 at {name} = {words}{tail}"


def half_line(phase: Phase, along: int) -> list[float | None]:
    """Return where the line of one half is along an axis, for each value of the other axis if there is one."""
    axis = phase.map.axes[along]
    rows = np.moveaxis(phase.chance, along, -1).reshape(-1, len(axis.values))
    return [crossing(axis, row) if axis.is_number else None for row in rows]


def direction(phases: Sequence[Phase]) -> int:
    """Return the axis of a map along which one half is passed most often, in all its arms taken together."""
    parts = []
    for along in range(len(phases[0].map.axes)):
        places = [place for phase in phases for place in half_line(phase, along)]
        parts.append(sum(place is not None for place in places) / len(places))
    return parts.index(max(parts))


def _named(axis: Axis) -> str:
    return f"{_lower(parameter(axis.key).label.partition(' (')[0])} ({axis.key})"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _upper(title: str) -> str:
    return title[:1].upper() + title[1:]


def _extreme(phase: Phase, place: Any) -> str:
    index = np.unravel_index(int(place), phase.runs.shape)
    runs, active = int(phase.runs[index]), int(phase.active[index])
    low, high = wilson(active, runs)
    at = ", ".join(f"{axis.key} = {_number(axis.values[i])}" for axis, i in zip(phase.map.axes, index, strict=True))
    return f"{active / runs:.2f} (95 % interval {low:.2f} to {high:.2f}, {runs} runs) at {at}"


def _moved(base: Phase, phase: Phase, along: int) -> str:
    """Say what an arm changed against the first one, point by point on the same luck."""
    change = phase.chance - base.chance
    if np.isnan(change).all():
        return f"{_upper(phase.arm.title)} against {base.arm.title}: nothing to compare."
    gained = int(((phase.chance >= HALF) & (base.chance < HALF)).sum())
    dropped = int(((phase.chance < HALF) & (base.chance >= HALF)).sum())
    best = np.unravel_index(int(np.nanargmax(np.abs(change))), change.shape)
    at = ", ".join(f"{axis.key} = {_number(axis.values[i])}" for axis, i in zip(phase.map.axes, best, strict=True))
    return (
        f"{_upper(phase.arm.title)} against {base.arm.title}: P(active) moves by {np.nanmean(change):+.3f} on "
        f"average over the map and by {change[best]:+.2f} at most (at {at}); {gained} of {change.size} points rise to "
        f"1/2 or more, {dropped} fall below{_shift(base, phase, along)}."
    )


def _shift(base: Phase, phase: Phase, along: int) -> str:
    """Say by how much the line of one half moves, on average over the values at which both have one."""
    if len(phase.map.axes) > 2:
        return ""
    axis = phase.map.axes[along]
    both = zip(half_line(base, along), half_line(phase, along), strict=True)
    pairs = [(old, new) for old, new in both if old is not None and new is not None]
    if not pairs:
        return ""
    if axis.scale == "log":
        factor = math.exp(math.fsum(math.log(new / old) for old, new in pairs) / len(pairs))
        return f"; the line of 1/2 moves to {factor:.2f} times the {_named(axis)}"
    step = round(math.fsum(new - old for old, new in pairs) / len(pairs), 3) + 0.0  # never -0.000
    return f"; the line of 1/2 moves by {step:+.3f} in {_named(axis)}"


def _paid(cost: CostOfActivation | None) -> str:
    """Say what public money each additional active cluster cost over the whole map."""
    if cost is None:
        return f"{MONEY}: not identified with fewer than six replications."
    return _per_cluster(cost) + _per_value_added(cost) + _per_job(cost)


def _per_cluster(cost: CostOfActivation) -> str:
    if cost.per_cluster is None:
        added = f"{cost.added.value:+.3f} (95 % interval {cost.added.low:+.3f} to {cost.added.high:+.3f})"
        return f"{MONEY}: not identified, the share active moves by {added}."
    if cost.per_cluster.high < 0.0:
        return f"{MONEY}: none, less is spent."
    value, low, high = (_money(each) for each in (cost.per_cluster.value, cost.per_cluster.low, cost.per_cluster.high))
    return (
        f" Over the whole map this takes Rp {value} million of public money per additional active cluster "
        f"(95 % interval {low} to {high})."
    )


def _per_value_added(cost: CostOfActivation) -> str:
    """Say what each rupiah of value added cost, over the whole horizon and map."""
    if cost.per_value_added is None:
        return " Public money per rupiah of value added: not identified, no rise is sure."
    if cost.per_value_added.high < 0.0:
        return " Public money per rupiah of value added: none, less is spent."
    value, low, high = (f"{each:.3g}" for each in astuple(cost.per_value_added))
    return (
        f" Over the whole run each additional rupiah of value added cost the public {value} "
        f"(95 % interval {low} to {high})."
    )


def _per_job(cost: CostOfActivation) -> str:
    """Say what each job in the last month cost, where jobs are surely added: where workers are fixed none can be."""
    if cost.per_job is None:
        return ""
    value, low, high = (_money(each) for each in astuple(cost.per_job))
    return f" Each additional job in the last month cost the public Rp {value} million (95 % interval {low} to {high})."


def _money(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"


def _number(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)

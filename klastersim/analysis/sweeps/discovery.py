"""Scenario discovery: in which region clusters stay passive whatever is done, in words, judged on places kept back."""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from klastersim.analysis.sweeps.cases import Cases, Quality, cases_of, quality_of
from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.analysis.sweeps.tree import Leaf, leaves_of
from klastersim.errors import InputError
from klastersim.indicators.intervals import Estimate, student_quantile
from klastersim.lab.design import Axis
from klastersim.lab.finding import Finding
from klastersim.scenario import parameter

#: Part of the places peeled off at a step, and the least part a box may hold.
PEEL: Final = 0.05
LEAST_MASS: Final = 0.05

#: Above no and below yes.
INTEREST: Final = 0.01

#: A limit that chance would set in more than one of twenty cases is no rule.
CHANCE: Final = 0.05

#: Fewest cases, of interest and not, of which rules are made.
FEWEST_CASES: Final = 5

COLUMNS: Final = (
    "rule",
    "coverage",
    "density",
    "places",
    "coverage, kept back",
    "density, kept back",
    "places, kept back",
)


@dataclass(frozen=True)
class Limit:
    """What a box says of one parameter: ends, or the words that are left."""

    axis: Axis
    low: float
    high: float
    words: tuple[str, ...] = ()

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Tell for which values it holds."""
        return np.isin(values, self.words) if self.words else (values >= self.low) & (values <= self.high)

    def told(self) -> str:
        """Return it in words: of two ends only those that leave something out."""
        label = parameter(self.axis.key).label.partition(" (")[0]
        name = f"{label[:1].lower()}{label[1:]} ({self.axis.key})"
        if self.words:
            return f"{name} is {' or '.join(self.words)}"
        low, high = float(self.axis.values[0]), float(self.axis.values[-1])
        parts = [f"at least {self.low:.3g}"] * (self.low > low) + [f"at most {self.high:.3g}"] * (self.high < high)
        return f"{name} is {' and '.join(parts)}"


@dataclass(frozen=True)
class Discovery:
    """A box, and how it was come to.

    Attributes
    ----------
    limits : sequence of Limit
        What it says; empty where nothing says more than the whole.
    learned, kept_back : Quality
        On the places it was made of, and on those kept back.
    coverages, densities : sequence of float
        Along the peeling.
    leaves : sequence of Leaf
        What a tree says instead.
    axes : tuple of Axis
        What was varied.
    base : float
        Share of all places that are of interest.
    """

    limits: Sequence[Limit]
    learned: Quality
    kept_back: Quality
    coverages: Sequence[float]
    densities: Sequence[float]
    leaves: Sequence[Leaf]
    axes: tuple[Axis, ...]
    base: float


def check_discovery() -> None:
    """Refuse where the library is not installed.

    Raises
    ------
    InputError
        With what to install.
    """
    from importlib.util import find_spec

    if find_spec("ema_workbench") is None:
        remedy = "pip install 'klastersim[discovery]'"
        raise InputError("[analysis]", "kind", "discovery", problem="needs ema-workbench", remedy=remedy)


def discovery_of(outcomes: Outcomes, density: float) -> Finding:
    """Return when clusters stay passive under every arm of a map.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map of sampled points.
    density : float
        Share of the places in a box that are to be passive; the widest box that has it is taken.
    """
    title = "When clusters stay passive whatever is done"
    cases = cases_of(outcomes)
    learned = ~cases.kept_back
    count = int(cases.passive[learned].sum())
    if min(count, int(learned.sum()) - count) < FEWEST_CASES:
        told = (
            f"Not identified: of {int(learned.sum()):,} places {count:,} stay passive, too few of one kind for rules."
        )
        return Finding("discovery", title, [told], estimates=_shifts(cases))
    found = discover(cases, density)
    note = (
        f"A place is of interest where under none of the {len(outcomes.map.arms)} arms half of its "
        f"{outcomes.replications} runs were active in the last month. Rules were made of two thirds of the "
        "places and are "
        "judged by every third, kept back. Box: PRIM (Friedman and Fisher 1999), 5 % peeled at a step, the "
        "widest box that "
        f"has a density of {density:.0%}, without limits that chance would set (p above {CHANCE:g}); tree: CART "
        "of at most "
        "three questions. Wilson's 95 % intervals."
    )
    rows = [_row("box: " + _rule(found.limits), found.learned, found.kept_back)]
    rows += [_row("tree: " + leaf.rule, leaf.learned, leaf.kept_back) for leaf in found.leaves]
    return Finding("discovery", title, _sentences(found), COLUMNS, rows, note, _shifts(cases), found)


def discover(cases: Cases, density: float) -> Discovery:
    """Find the box and the tree of some cases."""
    check_discovery()
    learned = ~cases.kept_back
    limits, coverages, densities = _box(cases, learned, density)
    inside = np.ones(len(cases.passive), bool)
    for limit in limits:
        inside &= limit.holds(cases.values[limit.axis.key])
    qualities = [quality_of(inside[part], cases.passive[part]) for part in (learned, cases.kept_back)]
    return Discovery(
        limits,
        qualities[0],
        qualities[1],
        coverages,
        densities,
        leaves_of(cases),
        cases.axes,
        float(cases.passive.mean()),
    )


def _box(cases: Cases, learned: np.ndarray, density: float) -> tuple[list[Limit], list[float], list[float]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of optional parts of the library, which are not used
        from ema_workbench.analysis.prim import Prim
    logging.getLogger("EMA").setLevel(logging.ERROR)
    # The first versions want to be told from where on a case is of interest, and give no box of lower density.
    options = {"threshold": INTEREST} if "threshold" in inspect.signature(Prim).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        algorithm = Prim(cases.frame(learned), cases.passive[learned], peel_alpha=PEEL, mass_min=LEAST_MASS, **options)
        box = algorithm.find_box()
    path = box.peeling_trajectory
    coverages, densities = (path[name].astype(float).tolist() for name in ("coverage", "density"))
    enough = [k for k, each in enumerate(densities) if each >= density]
    chosen = max(enough, key=lambda k: coverages[k]) if enough else int(np.argmax(densities))
    chances = vars(box).get("qp") or vars(box)["p_values"]
    return _limits(cases, box.box_lims[chosen], chances[chosen]), coverages, densities


def _limits(cases: Cases, ends: Any, chances: Mapping[str, Sequence[float]]) -> list[Limit]:
    """Return the limits of a box that chance would not set; an end that leaves nothing out is that of the axis."""
    found = []
    for axis in cases.axes:
        if axis.key not in chances:
            continue
        low, high = ends[axis.key]
        if not axis.is_number:
            if min(each for each in chances[axis.key] if each >= 0.0) <= CHANCE:
                found.append(Limit(axis, 0.0, 0.0, tuple(sorted(map(str, low)))))
            continue
        sure = [0.0 <= each <= CHANCE for each in chances[axis.key]]
        first, last = float(axis.values[0]), float(axis.values[-1])
        if any(sure):
            found.append(Limit(axis, float(low) if sure[0] else first, float(high) if sure[1] else last))
    return found


def _rule(limits: Sequence[Limit]) -> str:
    return ", and ".join(limit.told() for limit in limits) or "no limit that chance would not set"


def _row(rule: str, learned: Quality, kept_back: Quality) -> list[str]:
    cells = [rule]
    for quality in (learned, kept_back):
        cells += [_percent(quality.coverage), _percent(quality.density), f"{quality.places:,}"]
    return cells


def _percent(found: Estimate) -> str:
    return "-" if found.value != found.value else f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%})"


def _sentences(found: Discovery) -> list[str]:
    base = f"{found.base:.0%} of all places stay passive whatever is done."
    if not found.limits:
        return [base, "No region in which more do is identified."]
    told = [base, f"Clusters stay passive whatever is done where {_rule(found.limits)}."]
    kept = found.kept_back
    told.append(
        f"On places kept back this covers {_percent(kept.coverage)} of those that stay passive, and "
        f"{_percent(kept.density)} of what it covers do."
    )
    if not kept.density.low > found.base:
        told.append("Not identified: on places kept back the rule is not surely better than none.")
    leaves = [leaf for leaf in found.leaves if leaf.passive]
    if leaves:
        best = max(leaves, key=lambda leaf: leaf.learned.coverage.value)
        told.append(
            f"The tree says of most of them: {best.rule}; kept back, density {_percent(best.kept_back.density)}."
        )
    return told


def _shifts(cases: Cases) -> dict[str, Estimate]:
    """Return how far passive places lie from the others on each axis, in parts of its range; below 0: further down."""
    found = {}
    for axis in cases.numbers:
        values = cases.values[axis.key].astype(float)
        if axis.scale == "log":
            values = np.log(values)
        spread = float(np.ptp(values)) or 1.0
        here, there = values[cases.passive] / spread, values[~cases.passive] / spread
        if min(len(here), len(there)) < 2:
            continue
        change = float(here.mean() - there.mean())
        half = student_quantile(min(len(here), len(there)) - 1) * float(
            np.sqrt(here.var(ddof=1) / len(here) + there.var(ddof=1) / len(there))
        )
        found[axis.key] = Estimate(change, change - half, change + half)
    return found

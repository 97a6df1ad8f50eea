"""Effects of two-level factors and of their pairs, from a factorial design of arms or of places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import NET, Outcomes, is_yes_or_no, mean_of, mean_over, share_of, words
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Map
from klastersim.lab.finding import Finding, interval, is_sure
from klastersim.scenario import Value, parameter

#: Name of the finding.
EFFECTS: Final = "effects"

ASKED: Final = ("active", "profit_gini", "micro_profit")


@dataclass(frozen=True)
class Factor:
    """Something at two levels.

    Attributes
    ----------
    key : str
        Parameter.
    low, high : value
        Its levels.
    signs : ndarray of float, shape (cells,)
        -1 where a cell has the low level, 1 where it has the high one.
    """

    key: str
    low: Value
    high: Value
    signs: np.ndarray

    @property
    def title(self) -> str:
        """What a reader is told."""
        label = parameter(self.key).label
        if isinstance(self.low, bool):
            return label
        low, high = (level if isinstance(level, str) else f"{level:g}" for level in (self.low, self.high))
        return f"{label}: {high} against {low}"


@dataclass(frozen=True)
class Effects:
    """Effects on one output and on others.

    Attributes
    ----------
    titles : sequence of str
        Of the factors, then of their pairs where the design tells them apart.
    outputs : sequence of str
        What the effects are on.
    estimates : mapping of str to sequence of Estimate or None
        By output, in the order of the titles.
    """

    titles: Sequence[str]
    outputs: Sequence[str]
    estimates: Mapping[str, Sequence[Estimate | None]]


def factors_of(each: Map) -> tuple[tuple[Factor, ...], bool]:
    """Return the two-level factors that the arms of a map, or else its places, combine; and whether the arms do.

    Parameters
    ----------
    each : Map
        Any map.

    Returns
    -------
    tuple of Factor
        Empty where there is no design of two or more factors each of which is balanced within the others.
    bool
        Whether cells are arms.
    """
    arms = _orthogonal([dict(arm.changes) for arm in each.arms])
    if arms:
        return arms, True
    return (_orthogonal(list(each.coordinates())) if each.kind in ("factorial", "fractional_factorial") else ()), False


def _orthogonal(cells: Sequence[Mapping[str, Value]]) -> tuple[Factor, ...]:
    keys = list(cells[0])
    if len(cells) < 4 or any(list(cell) != keys for cell in cells):
        return ()
    factors = []
    for key in keys:
        levels = list(dict.fromkeys(cell[key] for cell in cells))
        if len(levels) > 2:
            return ()
        if len(levels) == 2:
            low, high = sorted(levels) if all(isinstance(level, int | float) for level in levels) else levels
            signs = np.array([1.0 if cell[key] == high else -1.0 for cell in cells])
            factors.append(Factor(key, low, high, signs))
    contrasts = [np.ones(len(cells)), *(factor.signs for factor in factors)]
    if len(factors) < 2 or any(a @ b for a, b in combinations(contrasts, 2)):
        return ()
    return tuple(factors)


def effects_of(outcomes: Outcomes, asked: Sequence[str] = ()) -> Finding | None:
    """Return what each factor does, and each pair beyond its two, with intervals over replications.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map.
    asked : sequence of str
        Outputs beside those that are always told.

    Returns
    -------
    Finding or None
        None where neither arms nor places are a design of two-level factors.
    """
    factors, of_arms = factors_of(outcomes.map)
    if not factors:
        return None
    outputs = [*ASKED, *(name for name in asked if name not in ASKED)]
    if {"value_added_total", "social_cost_total"} <= set(asked):
        outputs.append(NET)
    pairs = _separable_pairs(factors)
    signs = [factor.signs for factor in factors] + [a.signs * b.signs for a, b in pairs]
    titles = [factor.title for factor in factors] + [f"{a.title} x {b.title}" for a, b in pairs]
    cells = {name: mean_over(outcomes[name], axis=1 if of_arms else 0) for name in outputs}
    estimates = {name: [_contrast(cells[name], each, name) for each in signs] for name in outputs}
    named = {
        factor.key: found for factor, found in zip(factors, estimates["active"], strict=False) if found is not None
    }
    told = [words(name) for name in outputs]
    rows = [
        [title, *(_cell(estimates[name][k], form) for name, (_, form) in zip(outputs, told, strict=True))]
        for k, title in enumerate(titles)
    ]
    return Finding(
        EFFECTS, "Effects and interactions" if pairs else "Effects", _sentences(titles, estimates, len(factors)),
        ("factor", *(word for word, _ in told)), rows, _note(len(titles), bool(pairs)), named,
        Effects(titles, outputs, estimates),
    )  # fmt: skip


def _separable_pairs(factors: Sequence[Factor]) -> list[tuple[Factor, Factor]]:
    """Return all pairs, if the design mixes none of them with a factor or with another pair."""
    pairs = list(combinations(factors, 2))
    columns = [factor.signs for factor in factors] + [a.signs * b.signs for a, b in pairs]
    if any(a @ b for a, b in combinations(columns, 2)) or any(column.sum() for column in columns):
        return []
    return pairs


def _contrast(cells: np.ndarray, signs: np.ndarray, name: str) -> Estimate | None:
    """Return the mean of the high cells less that of the low ones."""
    values = np.asarray(2.0 * signs @ cells / len(signs))
    return share_of(values) if is_yes_or_no(name) else mean_of(values)


def _cell(found: Estimate | None, form: str) -> str:
    return "not identified" if found is None else f"{found.value:{form}} ({found.low:{form}} to {found.high:{form}})"


def _sentences(titles: Sequence[str], estimates: Mapping[str, Sequence[Estimate | None]], mains: int) -> list[str]:
    told = list(zip(titles, estimates["active"], strict=True))
    if any(effect is None for _, effect in told):
        return ["No effect is identified with fewer than six replications."]
    sure = [(title, effect) for title, effect in told if effect is not None and is_sure(effect)]
    pairs = {title for title, _ in told[mains:]}
    found = []
    for title, effect in sure:
        word = "together they move P(active) beyond their two effects by" if title in pairs else "P(active) moves by"
        found.append(f"{title}: {word} {interval(effect)}.")
    named = {title for title, _ in sure}
    unsure = [f"{title} {_cell(effect, '+.3f')}" for title, effect in told[:mains] if title not in named]
    if unsure:
        found.append(f"No effect on P(active) identified (with 95 % intervals): {'; '.join(unsure)}.")
    if pairs and not pairs & named:
        found.append(f"None of the {len(pairs)} pairs is identified to do more or less than its two factors.")
    return found + _worth(titles[:mains], estimates)


def _worth(titles: Sequence[str], estimates: Mapping[str, Sequence[Estimate | None]]) -> list[str]:
    """Say of each factor whether it is worth more than it costs, where both are known."""
    if NET not in estimates:
        return []
    found = []
    for title, net in zip(titles, estimates[NET], strict=False):
        if net is None:
            continue
        words = "its use exceeds its cost" if net.low > 0.0 else "its cost exceeds its use"
        if not is_sure(net):
            words = "whether its use exceeds its cost is not identified"
        found.append(f"{title}: {words}, value added less social cost moves by {interval(net, '+,.0f')} Rp million.")
    return found


def _note(count: int, pairs: bool) -> str:
    mixed = "" if pairs else " This design tells no pairs apart: what two factors do together may stand in no row."
    return (
        "Mean of the runs with a factor at its second level less that of the others; of a pair, half the difference of "
        "one's effect at the two levels of the other. Student's 95 % intervals over replications, on the same "
        "luck; among "
        f"{count} intervals about {0.05 * count:.1f} miss.{mixed}"
    )

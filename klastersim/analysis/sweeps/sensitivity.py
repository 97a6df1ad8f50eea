"""What sensitivity analysis tells, in a form that tables, sentences and figures share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klastersim.analysis.sweeps.outcomes import Outcomes, words
from klastersim.indicators.intervals import Estimate
from klastersim.lab.finding import interval
from klastersim.scenario import parameter


@dataclass(frozen=True)
class Sensitivity:
    """Two measures of how much each parameter matters, the one to rank by first, and how the first converged.

    Attributes
    ----------
    what : str
        Words for what they matter for.
    keys : sequence of str
        Parameters, those that matter most first.
    measures : sequence of str
        Words for the two measures.
    first, second : mapping of str to Estimate
        By parameter.
    sizes : sequence of int
        Growing parts of the design: trajectories, or base samples.
    unit : str
        Word for these.
    path : mapping of str to sequence of Estimate
        The first measure at each of them.
    floor : float
        What the first measure shows of a parameter that only shuffles chance; NaN if that is not known.
    """

    what: str
    keys: Sequence[str]
    measures: tuple[str, str]
    first: Mapping[str, Estimate]
    second: Mapping[str, Estimate]
    sizes: Sequence[int]
    unit: str
    path: Mapping[str, Sequence[Estimate]]
    floor: float


def titled(title: str, short: str, outcomes: Outcomes, name: str, arm: int) -> tuple[str, str]:
    """Return the title of a finding and its short name, for one of several outputs and arms."""
    arms = outcomes.map.arms
    if len(arms) > 1:
        title, short = f"{title}: {arms[arm].title}", f"{short}-{arm + 1}"
    if name != "active":
        short = f"{short}-{name}"
    return f"{title}, {words(name)[0]}", short


def ranked(first: Mapping[str, Estimate]) -> list[str]:
    """Return parameters by how much they matter, most first; ties in alphabetical order."""
    return sorted(first, key=lambda key: (-first[key].value, key))


def matter(found: Sensitivity) -> list[str]:
    """Return the parameters whose interval lies above zero, and above what chance alone shows."""
    least = found.floor if found.floor == found.floor else 0.0
    return [key for key in found.keys if found.first[key].low > least]


def sentences(found: Sensitivity) -> list[str]:
    """Say which parameters matter, which cannot be told from none, and whether the ranking has settled."""
    told = matter(found)
    named = [f"{_named(key)} {interval(found.first[key], '.3f')}" for key in told[:6]]
    first = found.measures[0]
    lines = [
        f"By {first}, these matter most for {found.what}: {'; '.join(named)}."
        if named
        else f"By {first}, none is identified to matter for {found.what}."
    ]
    rest = [key for key in found.keys if key not in told]
    if rest:
        lines.append(f"{len(rest)} of {len(found.keys)} cannot be told from none: {_listed(rest)}.")
    lines.append(_settled(found))
    return lines


def _named(key: str) -> str:
    label = parameter(key).label.partition(" (")[0]
    return f"{label[:1].lower()}{label[1:]} ({key})"


def _listed(keys: Sequence[str]) -> str:
    most = 12
    return ", ".join(keys[:most]) + (f" and {len(keys) - most} more" if len(keys) > most else "")


def _settled(found: Sensitivity) -> str:
    """Compare the whole with half of it: the three that matter most, and the largest change of a measure."""
    if len(found.sizes) < 2:
        return f"Convergence cannot be shown with {found.sizes[-1]} {found.unit}."
    here, half = ({key: found.path[key][k].value for key in found.keys} for k in (-1, -2))
    change = max(abs(here[key] - half[key]) for key in found.keys)
    top = [sorted(found.keys, key=lambda key: (-each[key], key))[:3] for each in (here, half)]
    same = "the same three lead" if set(top[0]) == set(top[1]) else f"others led then ({', '.join(top[1])})"
    return (
        f"From {found.sizes[-2]:,} to {found.sizes[-1]:,} {found.unit} no measure moved by more than {change:.3f}; "
        f"{same}."
    )


def rows_of(found: Sensitivity, form: str = ".3f") -> list[list[str]]:
    """Return the table: parameter, both measures with intervals."""
    return [
        [f"{parameter(key).label} ({key})", *(_cell(each[key], form) for each in (found.first, found.second))]
        for key in found.keys
    ]


def _cell(found: Estimate, form: str) -> str:
    if found.low == found.high:
        return f"{found.value:{form}}"
    return f"{found.value:{form}} ({found.low:{form}} to {found.high:{form}})"

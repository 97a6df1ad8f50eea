"""Two sweeps side by side: what was asked differently, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from klastersim.indicators.intervals import Estimate
from klastersim.lab.experiment import Experiment
from klastersim.lab.provenance import differing
from klastersim.lab.results import Results, changed_versions
from klastersim.lab.runner import Result, read_result


@dataclass(frozen=True)
class Comparison:
    """How two sweeps differ.

    Attributes
    ----------
    same_numbers : bool
        Whether their digests are equal.
    settings : list of str
        Keys of the records that differ.
    versions : dict of str to tuple of str
        Versions of libraries that differ.
    shares : dict of tuple of str to tuple of Estimate or None
        The share active by map and arm, in the one and in the other; None where it has no such arm.
    common : int
        Points that both have.
    apart : list of dict
        Points whose 95 % intervals do not meet, with both chances.
    """

    same_numbers: bool
    settings: list[str]
    versions: dict[str, tuple[str, str]]
    shares: dict[tuple[str, str], tuple[Estimate | None, Estimate | None]]
    common: int
    apart: list[dict[str, Any]]


def compare(one: Results, other: Results) -> Comparison:
    """Compare the results of two sweeps.

    Parameters
    ----------
    one, other : Results
        Of sweeps.

    Returns
    -------
    Comparison
        How they differ.
    """
    first, second = (
        read_result(Experiment.from_record(each.record), each.folder, each.digest) for each in (one, other)
    )
    without = ({**each.record, "versions": None} for each in (one, other))
    shares = {names: (first.shares.get(names), second.shares.get(names)) for names in {**first.shares, **second.shares}}
    pairs = _common(first, second)
    return Comparison(
        one.digest == other.digest,
        differing(*without),
        changed_versions(one.record, other.record),
        shares,
        len(pairs),
        [_apart(here, there) for here, there in pairs if _are_apart(here, there)],
    )


def _common(first: Result, second: Result) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Return the points that have a name in both: the same map, arm and values of what both vary."""
    keys = [key for key in first.summary[0] if "." in key and key in second.summary[0]]
    held = {_place(row, keys): row for row in second.summary}
    found = ((row, held.get(_place(row, keys))) for row in first.summary)
    return [(row, there) for row, there in found if there is not None]


def _place(row: Mapping[str, Any], keys: Sequence[str]) -> tuple[Any, ...]:
    return row["map"], row["arm"], *(row[key] for key in keys)


def _are_apart(here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    if here["p_active"] is None or there["p_active"] is None:
        return False
    return bool(here["p_active_low"] > there["p_active_high"] or there["p_active_low"] > here["p_active_high"])


def _apart(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    place = {key: value for key, value in here.items() if key in ("map", "arm") or "." in key}
    return {**place, "p_active": here["p_active"], "p_active_there": there["p_active"]}


def told(found: Comparison) -> list[str]:
    """Return a comparison in sentences."""
    lines = ["The numbers are the same." if found.same_numbers else "The numbers differ."]
    if found.settings:
        lines.append(f"Asked differently: {', '.join(found.settings)}.")
    if found.versions:
        changes = ", ".join(f"{name} {then} and {now}" for name, (then, now) in found.versions.items())
        lines.append(f"Versions: {changes}.")
    for (name, arm), (here, there) in found.shares.items():
        lines.append(f"{name}, {arm}: P(active) {_estimate(here)} and {_estimate(there)}.")
    if not found.common:
        lines.append("They have no point in common.")
    else:
        lines.append(
            f"Of {found.common:,} points that both have, {len(found.apart):,} have 95 % intervals that do not meet; by "
            "chance alone fewer than one in a hundred would."
        )
    return lines


def _estimate(found: Estimate | None) -> str:
    return "not there" if found is None else f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"

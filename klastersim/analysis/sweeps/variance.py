"""Sobol indices: what part of the variance of an output each parameter accounts for, alone and in all."""

from __future__ import annotations

import math
import warnings
from typing import Any, Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.analysis.sweeps.response import Response, blocks_of, growing, response_of
from klastersim.analysis.sweeps.sensitivity import Sensitivity, ranked, rows_of, sentences, titled
from klastersim.indicators.intervals import Estimate
from klastersim.lab.finding import Finding, interval

RESAMPLES: Final = 400
SEED: Final = 1

#: Fewest base samples of which indices are told.
FEWEST_SAMPLES: Final = 8

MEASURES: Final = ("total index (ST)", "first-order index (S1)")


def variance_indices(outcomes: Outcomes, name: str, arm: int) -> Finding:
    """Return the Sobol indices of an output under an arm.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map with Saltelli's design.
    name : str
        An output.
    arm : int
        Number of the arm.
    """
    title, short = titled("Sobol indices", "indices", outcomes, name, arm)
    response = response_of(outcomes, name, arm)
    found, pairs = indices(response)
    if found is None:
        return Finding(short, title, [_why_not(response)])
    told = sentences(found) + _of_pairs(pairs)
    noise = response.chance / float(np.nanvar(response.values))
    if not math.isnan(noise):
        told.append(
            f"{noise:.0%} of the variance between points is chance left in their means; total indices share it."
        )
    note = (
        f"{found.sizes[-1]:,} base samples, means over {outcomes.replications} replications. S1: the part of "
        "the variance "
        f"of {found.what} that would go if the parameter were known; ST: the part that would be left if all "
        "others were. "
        "95 % intervals by drawing base samples anew."
    )
    return Finding(short, title, told, ("parameter", *MEASURES), rows_of(found), note, found.first, found)


def _why_not(response: Response) -> str:
    values = response.values[~np.isnan(response.values)]
    if len(values) and not values.std():
        return f"Not identified: {response.what} is {values[0]:.3f} at all points, there is no variance to account for."
    return f"Not identified: fewer than {FEWEST_SAMPLES} base samples were finished."


def indices(response: Response) -> tuple[Sensitivity | None, dict[tuple[str, str], Estimate]]:
    """Return first and total indices, and those of pairs where the design has them; None where they are undefined."""
    second = bool(response.map.settings["second_order"])
    size = (2 * len(response.keys) if second else len(response.keys)) + 2
    whole = blocks_of(response.values, size)
    values = response.values[np.repeat(whole, size)]
    if whole.sum() < FEWEST_SAMPLES or not _varies(values, size):
        return None, {}
    sizes = [n for n in growing(int(whole.sum()), FEWEST_SAMPLES) if _varies(values[: n * size], size)]
    steps = [_analyse(response, values[: n * size], second) for n in sizes]
    total = {key: _estimate(steps[-1], "ST", k) for k, key in enumerate(response.keys)}
    alone = {key: _estimate(steps[-1], "S1", k) for k, key in enumerate(response.keys)}
    path = {key: [_estimate(step, "ST", k) for step in steps] for k, key in enumerate(response.keys)}
    found = Sensitivity(response.what, ranked(total), MEASURES, total, alone, sizes, "base samples", path, math.nan)
    return found, _pairs(response, steps[-1]) if second else {}


def _varies(values: np.ndarray, size: int) -> bool:
    """Tell whether there is a variance to account for, in the two base samples, first and last of each block."""
    blocks = values.reshape(-1, size)
    return bool(np.ptp(blocks[:, [0, -1]]) > 0.0)


def _analyse(response: Response, values: np.ndarray, second: bool) -> Any:
    from SALib.analyze import sobol

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # some draws of samples may all be alike, and say nothing
        return sobol.analyze(response.problem, values, calc_second_order=second, num_resamples=RESAMPLES, seed=SEED)


def _estimate(told: Any, name: str, *place: int) -> Estimate:
    value, half = float(told[name][place]), float(told[f"{name}_conf"][place])
    return Estimate(value, value - half, value + half)


def _pairs(response: Response, told: Any) -> dict[tuple[str, str], Estimate]:
    count = len(response.keys)
    return {
        (response.keys[j], response.keys[k]): _estimate(told, "S2", j, k)
        for j in range(count)
        for k in range(j + 1, count)
    }


def _of_pairs(pairs: dict[tuple[str, str], Estimate]) -> list[str]:
    """Say which pairs account for more than their two alone."""
    sure = {names: each for names, each in pairs.items() if each.low > 0.0}
    best = sorted(sure, key=lambda names: -sure[names].value)[:3]
    if not pairs:
        return []
    if not best:
        return ["No pair accounts for more than its two alone, as far as identified."]
    named = [f"{a} with {b} {interval(sure[a, b], '.3f')}" for a, b in best]
    return [f"Together beyond themselves: {'; '.join(named)}."]

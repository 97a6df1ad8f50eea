"""Elementary effects of a Morris design."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.analysis.sweeps.response import Response, blocks_of, growing, response_of
from klastersim.analysis.sweeps.sensitivity import Sensitivity, ranked, rows_of, sentences, titled
from klastersim.indicators.intervals import Estimate
from klastersim.lab.finding import Finding
from klastersim.lab.sampling import METHODS

#: Draws of trajectories for an interval; enough that it does not hang on them.
RESAMPLES: Final = 1_000
SEED: Final = 1

MEASURES: Final = ("mean size of elementary effects (mu*)", "their spread (sigma)")


def elementary_effects(outcomes: Outcomes, name: str, arm: int) -> Finding:
    """Return what the screening of a map says of an output under an arm.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map whose design is Morris's.
    name : str
        An output.
    arm : int
        Number of the arm.

    Returns
    -------
    Finding
        An effect is what going over the whole of a parameter's range adds to the output, measured at one step of it.
    """
    title, short = titled("Screening by elementary effects", "screening", outcomes, name, arm)
    found = screened(response_of(outcomes, name, arm))
    if found is None:
        return Finding(short, title, ["Not identified: fewer than two trajectories were finished."])
    return Finding(
        short,
        title,
        sentences(found),
        ("parameter", *MEASURES),
        rows_of(found),
        _note(found, outcomes),
        found.first,
        found,
    )


def _note(found: Sensitivity, outcomes: Outcomes) -> str:
    note = (
        f"{found.sizes[-1]:,} trajectories, means over {outcomes.replications} replications. mu*: mean absolute "
        "change of "
        f"{found.what} per range of the parameter; sigma: how much it differs from place to place, by curvature "
        "or by what "
        "other parameters are. 95 % intervals by drawing trajectories anew."
    )
    if math.isnan(found.floor):
        return note
    return (
        f"{note} A parameter that did nothing but shuffle chance would show {found.floor:.3f}, were points "
        "independent; as "
        "all share their luck it shows less."
    )


def screened(response: Response) -> Sensitivity | None:
    """Return the elementary effects of a response; None with fewer than two whole trajectories."""
    settings = response.map.settings
    size = len(response.keys) + 1
    whole = blocks_of(response.values, size)
    if whole.sum() < 2:
        return None
    kept = np.repeat(whole, size)
    cube, values = METHODS["morris"](len(response.keys), settings)[kept], response.values[kept]
    sizes = growing(int(whole.sum()))
    steps = [_analyse(response, cube[: n * size], values[: n * size]) for n in sizes]
    first = {key: _around(float(value), float(half)) for key, value, half in steps[-1][0]}
    path = {key: [_around(float(step[0][k][1]), float(step[0][k][2])) for step in steps]
            for k, key in enumerate(response.keys)}  # fmt: skip
    second = {key: Estimate(value, value, value) for key, value in steps[-1][1]}
    # The size of a step of the design, over which the noise of both of its ends is divided.
    step = settings["levels"] / (2.0 * (settings["levels"] - 1.0))
    floor = math.sqrt(2.0 / math.pi) * math.sqrt(2.0 * response.chance) / step
    return Sensitivity(response.what, ranked(first), MEASURES, first, second, sizes, "trajectories", path, floor)


def _analyse(
    response: Response, cube: np.ndarray, values: np.ndarray
) -> tuple[list[tuple[str, float, float]], list[tuple[str, float]]]:
    from SALib.analyze import morris

    told = morris.analyze(
        response.problem, cube, values, num_resamples=RESAMPLES, num_levels=response.map.settings["levels"], seed=SEED
    )
    star = list(zip(response.keys, np.asarray(told["mu_star"]), np.asarray(told["mu_star_conf"]), strict=True))
    spread = list(zip(response.keys, np.asarray(told["sigma"]).tolist(), strict=True))
    return star, spread


def _around(value: float, half: float) -> Estimate:
    return Estimate(value, max(0.0, value - half), value + half)

"""How often a pattern holds where the parameters are drawn from what the evidence leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from klastersim.analysis.patterns.catalogue import PATTERNS, Pattern
from klastersim.analysis.patterns.finding import Changes, Finding
from klastersim.scenario import PARAMETERS, Parameter
from klastersim.scenario.ranges import value_at

#: Draws, and the seed of the design.
DRAWS: Final = 200
SEED: Final = 20_500

#: False-alarm rate of a claim in one draw.
ALPHA: Final = 0.05

#: Share of a large order's value that a small one may reach at most where both are drawn.
SMALLER: Final = 0.9


def varied() -> tuple[Parameter, ...]:
    """Parameters that are drawn: all with a range but the levers, which a policy chooses."""
    return tuple(each for each in PARAMETERS if each.range is not None and each.kind != "lever")


def latin_hypercube(draws: int, dimensions: int, seed: int) -> np.ndarray:
    """Points in the unit cube, shape (draws, dimensions): each coordinate has one point in each of `draws` equal parts.

    Examples
    --------
    >>> points = latin_hypercube(4, 2, seed=1)
    >>> sorted((points[:, 0] * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    rng = np.random.default_rng(seed)
    columns = [(rng.permutation(draws) + rng.random(draws)) / draws for _ in range(dimensions)]
    return np.stack(columns, axis=1)


def drawn(draws: int = DRAWS, seed: int = SEED) -> list[Changes]:
    """Return draws of all varied parameters, made consistent.

    Parameters
    ----------
    draws : int
        How many.
    seed : int
        Of the design.

    Returns
    -------
    list of mapping
        What the default scenario is changed in.
    """
    parameters = varied()
    points = latin_hypercube(draws, len(parameters), seed)
    return [
        consistent({each.key: value_at(each, float(share)) for each, share in zip(parameters, point, strict=True)})
        for point in points
    ]


def consistent(values: Changes) -> Changes:
    """Return a draw in which nothing contradicts: shares of sizes within 1, small orders below large ones."""
    values = dict(values)
    values["cluster.small_share"] = min(
        float(values["cluster.small_share"]), 1.0 - float(values["cluster.micro_share"])
    )
    small = float(values["orders.low_weeks"]) * 12.0 / 52.0 * float(values["cluster.workers"])
    least = small * float(values["local.price"]) / SMALLER
    values["orders.high_value"] = max(float(values["orders.high_value"]), least)
    return values


Tally = Counter[str]


def shares(
    patterns: Sequence[Pattern] = PATTERNS,
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Callable[[int], None] = lambda done: None,
) -> dict[int, Tally]:
    """Count verdicts over draws.

    Parameters
    ----------
    patterns : sequence of Pattern
        What to look at; those without quick replications are left out.
    draws, seed : int
        Of the design.
    progress : callable
        Told how many draws are done.

    Returns
    -------
    dict of int to Counter
        For the place of each pattern, how many draws came to each verdict.
    """
    told: dict[int, Tally] = {place: Counter() for place, each in enumerate(patterns) if each.quick}
    for number, changes in enumerate(drawn(draws, seed), 1):
        for place, tally in told.items():
            tally[glance(patterns[place], changes).verdict] += 1
        progress(number)
    return told


def glance(pattern: Pattern, changes: Changes) -> Finding:
    """Look at a pattern in one draw."""
    return pattern.glance(changes, ALPHA)

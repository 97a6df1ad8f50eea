"""How often a pattern holds where the parameters are drawn from what the evidence leaves open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from klastersim.analysis.patterns.catalogue import PATTERNS, Pattern
from klastersim.analysis.patterns.finding import Changes, Finding
from klastersim.analysis.patterns.kept import Kept, Verdicts, record_of
from klastersim.lab.folder import Folder
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


def latin_hypercube(draws: int, names: Sequence[str], seed: int) -> np.ndarray:
    """Points in the unit cube, shape (draws, names): each coordinate has one point in each of `draws` equal parts.

    A coordinate depends on its own name alone, so that one more parameter leaves the draws of the others as they are.

    Examples
    --------
    >>> points = latin_hypercube(4, ["trust", "skill"], seed=1)
    >>> sorted((points[:, 0] * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    columns = []
    for name in names:
        rng = np.random.default_rng([seed, *name.encode()])
        columns.append((rng.permutation(draws) + rng.random(draws)) / draws)
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
    points = latin_hypercube(draws, [each.key for each in parameters], seed)
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
    folder: Folder | None = None,
) -> dict[int, Tally]:
    """Count verdicts over draws.

    Parameters
    ----------
    patterns : sequence of Pattern
        What to look at; those without quick replications are left out.
    draws, seed : int
        Of the design.
    progress : callable
        Told how many draws are done; first, how many were done before.
    folder : Folder, optional
        Open and lasting: keeps what is found, gives back what it holds of these draws, and gets a table in the end.

    Returns
    -------
    dict of int to Counter
        For the place of each pattern, how many draws came to each verdict.

    Raises
    ------
    InputError
        If the folder holds unfinished draws of something else.
    """
    places = [place for place, each in enumerate(patterns) if each.quick]
    kept = None if folder is None else Kept(folder, patterns, record_of(patterns, draws, seed, ALPHA))
    found: dict[int, Verdicts] = {} if kept is None else dict(kept.found)
    progress(len(found))
    for number, changes in enumerate(drawn(draws, seed), 1):
        if number in found:
            continue
        found[number] = {place: glance(patterns[place], changes).verdict for place in places}
        if kept is not None:
            kept.keep(number, found[number])
        progress(len(found))
    if kept is not None:
        kept.write_table()
    return {place: Counter(verdicts[place] for verdicts in found.values()) for place in places}


def glance(pattern: Pattern, changes: Changes) -> Finding:
    """Look at a pattern in one draw."""
    return pattern.glance(changes, ALPHA)

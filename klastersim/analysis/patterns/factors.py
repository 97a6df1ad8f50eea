"""Pattern 6: what each of the four failure factors F1 to F4 does over unequal clusters, and each pair together."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from itertools import combinations, product
from typing import Final

import numpy as np

from klastersim.analysis.patterns.ensemble import UNEQUAL, ensemble, frozen
from klastersim.analysis.patterns.finding import ALPHA, Changes, Finding, judged
from klastersim.analysis.patterns.intervals import mean_interval
from klastersim.analysis.patterns.place import Key
from klastersim.analysis.patterns.spending import BUDGET, MONTHS, value_added
from klastersim.scenario.declaration import Value

#: The factors: the lever of each, where it is missing and where it is there.
FACTORS: Final[dict[str, tuple[str, Value, Value]]] = {
    "F1": ("programme.market_networks", False, True),
    "F2": ("programme.self_organisation", False, True),
    "F3": ("plan.local_room", 0.0, 1.0),
    "F4": ("plan.tailored", 0.0, 1.0),
}

WORDS: Final = {
    "F1": "market networks considered",
    "F2": "self-organisation used",
    "F3": "room for local government",
    "F4": "a tailor-made concept",
}

#: The four effects and the six interactions, as the factors of each.
TERMS: Final = tuple((name,) for name in FACTORS) + tuple(combinations(FACTORS, 2))

#: Levels of the factors at each of the sixteen arms, -1 or 1, in the order of `FACTORS`.
LEVELS: Final = np.array(list(product((-1, 1), repeat=len(FACTORS))))


@lru_cache(maxsize=16)
def _values(key: Key, replications: int, seed: int) -> np.ndarray:
    """Value added in each arm, rupiah for each rupiah of the budget; shape (arms, replications)."""
    base = {**UNEQUAL, "programme.budget": BUDGET, **dict(key)}
    points = [
        {
            **base,
            **{
                lever: there if level > 0 else missing
                for level, (lever, missing, there) in zip(row, FACTORS.values(), strict=True)
            },
        }
        for row in LEVELS
    ]
    return value_added(ensemble(points, replications, MONTHS, seed, ("value_added",))) / (3.0 * BUDGET)


def effect(term: tuple[str, ...], changes: Changes, replications: int, seed: int, alpha: float = ALPHA) -> Finding:
    """What a factor, or two together beyond what each does alone, adds to value added.

    Parameters
    ----------
    term : tuple of str
        One factor, or two.
    changes : mapping
        What the default scenario is changed in.
    replications, seed : int
        Unequal clusters, and what their luck is derived from.
    alpha : float
        False-alarm rate of either bound, over all effects and interactions together.

    Returns
    -------
    Finding
        The estimate is what having the factor adds, in the mean over the levels of the others; for two, half of how
        much more the one adds where the other is there.
    """
    values = _values(frozen(changes), replications, seed)
    places = [list(FACTORS).index(name) for name in term]
    signs = LEVELS[:, places].prod(axis=1)
    gains = values[signs > 0].mean(axis=0) - values[signs < 0].mean(axis=0)
    low, high = mean_interval(gains, alpha / len(TERMS))
    name = " with ".join(term)
    alone = len(term) == 1
    claim = (
        f"{WORDS[term[0]].capitalize()} adds value."
        if alone
        else f"{WORDS[term[0]].capitalize()} adds more value together with {WORDS[term[1]]}."
    )
    return Finding(
        pattern=6,
        part=name,
        claim=claim,
        quantity="value added, rupiah for each rupiah of the budget",
        estimate=float(gains.mean()),
        low=low,
        high=high,
        alpha=alpha,
        held=judged(low, high, 0.0),
        note=f"Mean over {replications} unequal clusters and the levels of the other factors.",
    )


def looks() -> dict[str, Callable[..., Finding]]:
    """Return the look at each effect and interaction, by its name."""
    return {" with ".join(term): partial(effect, term) for term in TERMS}

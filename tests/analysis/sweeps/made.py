"""Outcomes that are made up, so that what an analysis is to find is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from klastersim.analysis.sweeps.outcomes import ALWAYS, Outcomes
from klastersim.lab.design import Arm, Axis, Map
from klastersim.lab.sampling import sample

PLAIN = (Arm("base", "base", {}),)


def outcomes(each: Map, **values: Any) -> Outcomes:
    """Outcomes of a map; what is not given is not told."""
    shape = np.shape(values["active"])
    told = {name: np.full(shape, np.nan) for name in ALWAYS}
    return Outcomes(each, told | {name: np.asarray(value, float) for name, value in values.items()})


def factorial(factors: dict[str, Sequence[Any]]) -> Map:
    """A map whose arms combine factors."""
    axes = tuple(Axis(key, tuple(levels), "list", key) for key, levels in factors.items())
    rows = sample("factorial", axes, {})
    return Map("m", "A map", "", (), tuple(Arm(f"arm{k}", f"arm {k}", row) for k, row in enumerate(rows)))


def sampled(kind: str, axes: Sequence[Axis], arms: Sequence[Arm] = PLAIN, **settings: Any) -> Map:
    """A map of sampled places."""
    return Map("m", "A map", "", tuple(axes), tuple(arms), kind, settings, sample(kind, axes, settings))


def at_places(each: Map, of: Callable[[dict[str, Any]], float], replications: int = 1) -> np.ndarray:
    """What a function says of every place, the same under every arm and in every replication."""
    values = np.array([of(row) for row in each.coordinates()])
    return np.broadcast_to(values[None, :, None], (len(each.arms), len(values), replications)).copy()

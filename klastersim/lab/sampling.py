"""Points drawn from ranges: from the unit cube, where the methods place them, to values of parameters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from klastersim.lab.design import DIGITS, Axis
from klastersim.scenario import Value, parameter

Cube = np.ndarray


def sample(kind: str, axes: Sequence[Axis], settings: Mapping[str, Any]) -> tuple[dict[str, Value], ...]:
    """Return the points of a design.

    Parameters
    ----------
    kind : str
        One of `METHODS`.
    axes : sequence of Axis
        Ranges: values between the first and the last, or any of those listed.
    settings : mapping
        What the method wants to know, such as ``samples`` and ``seed``.

    Returns
    -------
    tuple of dict
        Values by parameter; equal for equal arguments and library versions.
    """
    cube = METHODS[kind](len(axes), settings)
    columns = [[value_at(axis, place) for place in cube[:, k].tolist()] for k, axis in enumerate(axes)]
    keys = [axis.key for axis in axes]
    return tuple(dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True))


def value_at(axis: Axis, place: float) -> Value:
    """Return the value at a place from 0 to 1 along an axis: of words each has an equal part of it.

    Examples
    --------
    >>> value_at(Axis("market.potential", (1.0, 4.0), "log", ""), 0.5)
    2.0
    >>> value_at(Axis("ties.kind", ("near", "all"), "list", ""), 0.5)
    'all'
    """
    if axis.scale == "list":
        return axis.values[min(int(place * len(axis.values)), len(axis.values) - 1)]
    low, high = float(axis.values[0]), float(axis.values[-1])
    whole = isinstance(parameter(axis.key).default, int)
    if whole:  # each whole number has an equal part
        low, high = low - 0.5, high + 0.5
    if axis.scale == "log":
        found = math.exp(math.log(low) + place * (math.log(high) - math.log(low)))
    else:
        found = low + place * (high - low)
    if whole:
        return min(int(axis.values[-1]), max(int(axis.values[0]), math.floor(found + 0.5)))
    return min(float(axis.values[-1]), max(float(axis.values[0]), float(f"{found:.{DIGITS}g}")))


def _latin_hypercube(count: int, settings: Mapping[str, Any]) -> Cube:
    from scipy.stats.qmc import LatinHypercube

    return LatinHypercube(count, rng=np.random.default_rng(settings["seed"])).random(settings["samples"])


def _sobol(count: int, settings: Mapping[str, Any]) -> Cube:
    from scipy.stats.qmc import Sobol

    return Sobol(count, rng=np.random.default_rng(settings["seed"])).random(settings["samples"])


def _problem(count: int) -> dict[str, Any]:
    return {"num_vars": count, "names": [str(k) for k in range(count)], "bounds": [[0.0, 1.0]] * count}


def _sobol_indices(count: int, settings: Mapping[str, Any]) -> Cube:
    from SALib.sample import sobol

    second, seed = settings["second_order"], settings["seed"]
    return np.asarray(sobol.sample(_problem(count), settings["samples"], calc_second_order=second, seed=seed))


def _morris(count: int, settings: Mapping[str, Any]) -> Cube:
    from SALib.sample import morris

    levels, seed = settings["levels"], settings["seed"]
    return np.asarray(morris.sample(_problem(count), settings["trajectories"], num_levels=levels, seed=seed))


def _factorial(count: int, settings: Mapping[str, Any]) -> Cube:
    """Return all corners of the cube, the last axis turning fastest."""
    numbers = np.arange(2**count)
    return np.stack([(numbers >> (count - 1 - k)) & 1 for k in range(count)], axis=1).astype(float)


def _fractional_factorial(count: int, settings: Mapping[str, Any]) -> Cube:
    """Return corners by a folded Hadamard matrix: main effects are free of each other and of pairs (resolution IV)."""
    from SALib.sample import ff

    return np.asarray(ff.sample(_problem(count), seed=0))[:, :count]


#: How each kind of design places its points in the unit cube.
METHODS: Final[Mapping[str, Callable[[int, Mapping[str, Any]], Cube]]] = {
    "latin_hypercube": _latin_hypercube,
    "sobol": _sobol,
    "sobol_indices": _sobol_indices,
    "morris": _morris,
    "factorial": _factorial,
    "fractional_factorial": _fractional_factorial,
}

#: Designs of corners: each parameter at two levels.
CORNERS: Final = ("factorial", "fractional_factorial")

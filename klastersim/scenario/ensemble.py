"""Unequal sentra: one scenario that means another cluster for every seed."""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist
from typing import Final

from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.declaration import Value
from klastersim.scenario.places import PLACES, SIZES, held_keys
from klastersim.scenario.ranges import value_at
from klastersim.scenario.scenario import Scenario
from klastersim.scenario.sizes import shares_at

#: Share of sentra above the upper end of the range of sizes, were none cut.
LARGER: Final = 0.025

#: Significant digits of what is drawn: free of the last bits, in which machines differ.
DIGITS: Final = 6


def one_of(scenario: Scenario, seed: int) -> Scenario:
    """Return the sentra that a seed draws.

    Every drawn value is a function of the seed and its key alone, so what is held changes nothing in the rest.

    Parameters
    ----------
    scenario : Scenario
        Any.
    seed : int
        Seed of the run.

    Returns
    -------
    Scenario
        The scenario itself, unless ``ensemble.unequal`` is on; then one in which it is off, and what places differ in
        is drawn: all of `PLACES` but what is held, or is not at its default.

    Raises
    ------
    InputError
        If a drawn value contradicts one that is held.
    """
    if not scenario["ensemble.unequal"]:
        return scenario
    free = drawn_keys(scenario)
    changes: dict[str, Value] = {key: _drawn(key, seed) for key in PLACES if key in free}
    if "cluster.firms" in changes:
        changes["cluster.firms"] = max(int(changes["cluster.firms"]), scenario["start.held"])
    if free.issuperset((*SIZES, "cluster.workers")):
        changes |= shares_at(float(changes["cluster.workers"]))
    where = f"ensemble, seed {seed}"
    return scenario.replace({**changes, "ensemble.unequal": False, "ensemble.held": ""}, where=where)


def drawn_keys(scenario: Scenario) -> frozenset[str]:
    """Return the keys whose values each seed draws; none, unless ``ensemble.unequal`` is on."""
    if not scenario["ensemble.unequal"]:
        return frozenset()
    held = {*held_keys(scenario["ensemble.held"]), *(["cluster.firms"] if scenario["cluster.file"] else [])}
    keys = (*PLACES, *SIZES)
    return frozenset(key for key in keys if key not in held and scenario[key] == CATALOGUE[key].default)


def _drawn(key: str, seed: int) -> Value:
    share = _share(key, seed)
    if key == "cluster.firms":
        return _firms(share)
    value = value_at(CATALOGUE[key], share)
    return value if isinstance(value, int) else float(f"{value:.{DIGITS}g}")


def _share(key: str, seed: int) -> float:
    """Return a number from 0 to below 1 that a seed draws for a key."""
    digest = hashlib.sha256(f"{seed}:{key}".encode()).digest()
    return (int.from_bytes(digest[:8], "little") >> 11) * 2.0**-53


def _firms(share: float) -> int:
    """Return a size: lognormal, the median at the default, cut at the ends of the range."""
    declared = CATALOGUE["cluster.firms"]
    if declared.range is None:
        raise ValueError("cluster.firms has no range")
    low, high = declared.range
    median = math.log(float(declared.default))
    spread = (math.log(high) - median) / NormalDist().inv_cdf(1.0 - LARGER)
    drawn = math.exp(NormalDist(median, spread).inv_cdf(max(share, 2.0**-54)))
    return int(min(high, max(low, round(drawn, DIGITS))))

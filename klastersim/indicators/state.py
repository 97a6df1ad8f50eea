"""The state of a cluster and where its orders are lost, read from its monthly measures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from klastersim.scenario import Scenario
from klastersim.world.layout import SUSTAINED, YEAR

#: What makes an active cluster dynamic, and a dynamic one advanced (after Tambunan 2005).
DYNAMIC_SHARE = 0.20
ADVANCED_QUALITY = 0.70
ADVANCED_DENSITY = 0.50

#: Tests of an order in their sequence, each with the constraint that binds where it fails.
#: Whether the parties gain by an order is a matter of prices and no constraint of theirs.
STAGES = {
    "reached": "market",
    "organised": "trust",
    "skilled": "skill",
    "financed": "capital",
    "taken": "price",
    "delivered": "trust",
}
CONSTRAINTS = ("market", "trust", "skill", "capital")


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What a cluster is.

    Attributes
    ----------
    type : str
        "artisanal" (not active), "active", "dynamic" (active, and a fifth of sales is collective) or "advanced"
        (dynamic, mean quality at least 0.7, and firms would work together on half of the ties).
    active : bool
        Whether it is active in the last month.
    self_sustaining : bool or None
        Whether it is active over months 49 to 60 after the programme's end; None without a programme or where fewer
        months follow it.
    """

    type: str
    active: bool
    self_sustaining: bool | None


def programme_runs(scenario: Scenario) -> bool:
    """Whether a scenario has a programme that spends anything."""
    return bool(scenario["programme.enabled"]) and scenario["programme.budget"] > 0.0


def state_of(series: np.ndarray, scenario: Scenario) -> ClusterState:
    """Read the state of a cluster from its measures, shape (months,)."""
    last = series[-1]
    active = bool(last["active"])
    kind = "artisanal"
    if active:
        kind = "active"
        if last["collective_share"] >= DYNAMIC_SHARE:
            kind = "dynamic"
            if last["quality"] >= ADVANCED_QUALITY and last["trust_density"] >= ADVANCED_DENSITY:
                kind = "advanced"
    sustained = None
    if programme_runs(scenario) and len(series) >= scenario["programme.end"] + SUSTAINED:
        sustained = bool(series[scenario["programme.end"] + SUSTAINED - 1]["active"])
    return ClusterState(kind, active, sustained)


def _counts(series: np.ndarray) -> dict[str, tuple[float, float]]:
    """Orders that passed each test and orders put to it, over the last twelve months."""
    year = series[-YEAR:]
    total = {name: float(sum(year[name].tolist())) for name in ("potential", "due", *STAGES)}
    return {
        "reached": (total["reached"], total["potential"]),
        "organised": (total["organised"], total["reached"]),
        "skilled": (total["skilled"], total["organised"]),
        "financed": (total["financed"], total["skilled"]),
        "taken": (total["taken"], total["financed"]),
        "delivered": (total["delivered"], total["due"]),
    }


def funnel_of(series: np.ndarray) -> dict[str, float | None]:
    """Pass rate of each test over the last twelve months; None where no order was put to it."""
    return {stage: passed / put if put else None for stage, (passed, put) in _counts(series).items()}


def binding_of(series: np.ndarray) -> dict[str, float | None]:
    r"""Share of each constraint in the shortfall of orders over the last twelve months.

    .. math:: \frac{-\log p_k}{\sum_j -\log p_j}, \qquad p_k = \frac{x_k + 1/2}{n_k + 1}

    None for all where no order was possible.
    """
    counts = _counts(series)
    if not counts["reached"][1]:
        return dict.fromkeys(CONSTRAINTS)
    shortfall = dict.fromkeys(CONSTRAINTS, 0.0)
    for stage, constraint in STAGES.items():
        passed, put = counts[stage]
        # A test to which no order was put tells nothing.
        if put and constraint in shortfall:
            shortfall[constraint] -= math.log((passed + 0.5) / (put + 1.0))
    total = math.fsum(shortfall.values())
    return {name: value / total for name, value in shortfall.items()}

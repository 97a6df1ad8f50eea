"""The values of a scenario as attributes."""

from __future__ import annotations

from types import SimpleNamespace

from klastersim import Scenario

#: Values of parameters that an older catalogue lacks: share of the price, Rp million.
DEFAULTS = {"orders.allowance": 1.0 - (1.0 - 0.05) * (1.0 - 0.15 * 0.1), "programme.loan_least": 5.0}


def read(scenario: Scenario) -> SimpleNamespace:
    """Return the values of a scenario, one attribute per key with underscores for dots.

    Ties and thresholds from files, and clusters where everybody knows everybody, are for cases with known answers and
    are left out.
    """
    values = {**DEFAULTS, **{key: scenario[key] for key in scenario}}
    if values["ties.kind"] not in ("near", "random") or values["decision.threshold_file"]:
        raise ValueError("the plain model draws its ties (near or random) and thresholds")
    return SimpleNamespace(**{key.replace(".", "_"): value for key, value in values.items()})

"""The values of a scenario as attributes."""

from __future__ import annotations

from types import SimpleNamespace

from klastersim import Scenario


def read(scenario: Scenario) -> SimpleNamespace:
    """Return the values of a scenario, one attribute per key with underscores for dots.

    Ties and thresholds from files, and clusters where everybody knows everybody, are for cases with known answers and
    are left out.
    """
    values = {key: scenario[key] for key in scenario}
    if values["ties.kind"] not in ("near", "random") or values["decision.threshold_file"]:
        raise ValueError("the plain model draws its ties (near or random) and thresholds")
    return SimpleNamespace(**{key.replace(".", "_"): value for key, value in values.items()})

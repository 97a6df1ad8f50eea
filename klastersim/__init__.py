"""Simulate how clusters of small firms turn active or stay passive, and what policy does to that."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from klastersim.agents import SME, ClusterModel, LargeFirm, LocalGovernment, SupportBody, Trader
    from klastersim.errors import InputError, KlastersimError
    from klastersim.scenario import Scenario
    from klastersim.simulation import Run, Twin, simulate, twin

__version__ = "0.1.0"

__all__ = [
    "SME",
    "ClusterModel",
    "InputError",
    "KlastersimError",
    "LargeFirm",
    "LocalGovernment",
    "Run",
    "Scenario",
    "SupportBody",
    "Trader",
    "Twin",
    "simulate",
    "twin",
]

_HOMES = {
    "klastersim.agents": ("SME", "ClusterModel", "LargeFirm", "LocalGovernment", "SupportBody", "Trader"),
    "klastersim.errors": ("InputError", "KlastersimError"),
    "klastersim.scenario": ("Scenario",),
    "klastersim.simulation": ("Run", "Twin", "simulate", "twin"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: numba and Mesa are slow to import."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""What a visitor has chosen: where to start from, what differs from it, and the luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Final

from klastersim.errors import InputError, said
from klastersim.scenario import PRESETS, Scenario, Value
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.simulation import MOST_MONTHS, MOST_SEED, check_whole

#: Length of a run unless another one is chosen.
MONTHS: Final = 240

#: What a page can run while somebody waits.
MOST: Final[Mapping[str, float]] = {"cluster.firms": 8_000, "market.potential": 1_000.0, "ties.degree": 100.0}


@cache
def offered() -> tuple[str, ...]:
    """Return the presets that are small enough for a page."""
    scenarios = {name: Scenario.preset(name) for name in PRESETS}
    return tuple(
        name for name, scenario in scenarios.items() if all(scenario[key] <= most for key, most in MOST.items())
    )


@dataclass(frozen=True)
class Choice:
    """A scenario as a visitor made it. Never changed: each change gives another.

    Attributes
    ----------
    base : Scenario
        A preset, or what was uploaded.
    changes : dict of str to value
        Dotted keys that differ from the base, in the order of the catalogue.
    seed, months : int
        Of the run.
    uploaded : bool
        Whether the base is no preset: then no link leads to it.
    """

    base: Scenario
    changes: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 1
    months: int = MONTHS
    uploaded: bool = False

    @classmethod
    def preset(cls, name: str) -> Choice:
        """Start from a preset; InputError where there is none of that name."""
        return cls(Scenario.preset(name))

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario to run."""
        return self.base.replace(self.changes, where="dashboard") if self.changes else self.base

    def title(self, language: str) -> str:
        """Return what the base is called."""
        if self.uploaded:
            return self.base.title
        preset = PRESETS[self.base.name]
        return preset.title_id if language == "id" else preset.title

    def __getitem__(self, key: str) -> Any:
        """Return a value of the scenario by its dotted key."""
        return self.scenario[key]

    def __eq__(self, other: object) -> bool:
        """Whether the other one leads to the same run."""
        if not isinstance(other, Choice):
            return NotImplemented
        return (self.seed, self.months) == (other.seed, other.months) and self.scenario == other.scenario

    def __hash__(self) -> int:
        """Hash what decides the run."""
        return hash((self.seed, self.months, self.scenario))

    def change(self, changes: Mapping[str, Any], seed: int | None = None, months: int | None = None) -> Choice:
        """Return a choice in which some values differ.

        Parameters
        ----------
        changes : mapping of str to value
            Dotted keys and their new values.
        seed, months : int, optional
            New ones, if they change.

        Returns
        -------
        Choice
            Checked: its scenario is consistent.

        Raises
        ------
        InputError
            If a value cannot be used, or contradicts another.
        """
        scenario = self.scenario.replace(changes, where="dashboard")
        for key, most in MOST.items():
            if scenario[key] > most:
                raise InputError(
                    "dashboard",
                    key,
                    scenario[key],
                    problem=said("is above {most}, the most of this page", most=f"{most:g}"),
                )
        new_seed = self.seed if seed is None else seed
        new_months = self.months if months is None else months
        check_whole("seed", new_seed, 0, MOST_SEED, where="dashboard")
        check_whole("months", new_months, 1, MOST_MONTHS, where="dashboard")
        differing = {key: scenario[key] for key in CATALOGUE if scenario[key] != self.base[key]}
        return replace(self, changes=differing, seed=new_seed, months=new_months)

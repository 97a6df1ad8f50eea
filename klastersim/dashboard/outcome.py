"""What came of a choice: the run, and its twin without the programme on the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from klastersim.dashboard.choice import Choice
from klastersim.figures.run_data import RunData, run_data
from klastersim.indicators.firm_effects import FirmEffects
from klastersim.indicators.state import programme_runs
from klastersim.simulation import Run, Twin, simulate, twin
from klastersim.world.layout import YEAR


@dataclass(frozen=True)
class Outcome:
    """A choice and its run.

    Attributes
    ----------
    choice : Choice
        What was run.
    run : Run
        The run.
    pair : Twin or None
        The run beside its twin, where a programme spends anything.
    """

    choice: Choice
    run: Run
    pair: Twin | None

    @classmethod
    def of(cls, choice: Choice) -> Outcome:
        """Run a choice."""
        if not programme_runs(choice.scenario):
            return cls(choice, simulate(choice.scenario, choice.months, choice.seed), None)
        pair = twin(choice.scenario, choice.seed, choice.months)
        return cls(choice, pair.with_, pair)

    @property
    def without(self) -> Run | None:
        """The twin without the programme."""
        return self.pair.without if self.pair else None

    @cached_property
    def data(self) -> RunData:
        """What figures show of it."""
        return run_data(self.run, self.without)

    @cached_property
    def cost(self) -> float:
        """Public money spent over the run, Rp million."""
        return total(self.run, "public_cost")

    @cached_property
    def effects(self) -> FirmEffects | None:
        """Firms that gained or lost by the programme."""
        return self.pair.firm_effects if self.pair else None


def total(run: Run, name: str) -> float:
    """Return a measure summed over the run."""
    return float(np.cumsum(run.measures[name])[-1])


def last_year(run: Run, name: str) -> float:
    """Return the mean of a measure over the last twelve months."""
    return float(run.measures[name][-YEAR:].mean())

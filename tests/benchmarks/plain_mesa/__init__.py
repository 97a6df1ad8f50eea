"""A plain Mesa model of the same mechanisms, written the usual way: the baseline of the benchmark.

Agents, dictionaries and Python arithmetic, as one would write docs/model.md down directly; nothing of the engine, the
rules or its chance. Its runs are not those of the engine with the same seed, but alike in distribution. It has the
mechanisms of the foundation only (R1, R2, R4, R7, R9 to R13): compare it with scenarios in which the others are off.
"""

from __future__ import annotations

from klastersim import Scenario
from tests.benchmarks.plain_mesa.model import PlainCluster

__all__ = ["PlainCluster", "run"]


def run(scenario: Scenario, seed: int, months: int) -> PlainCluster:
    """Run a scenario and return the model at its end; `datacollector` holds the monthly measures.

    Parameters
    ----------
    scenario : Scenario
        What to run; its ties are drawn (`ties.kind` near or random).
    seed : int
        Seed of all chance.
    months : int
        Months to run.
    """
    model = PlainCluster(scenario, seed)
    for _ in range(months):
        model.step()
    return model

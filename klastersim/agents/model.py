"""The Mesa model of one cluster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import mesa
import numpy as np

from klastersim.agents.bodies import INSTRUMENTS, LocalGovernment, SupportBody
from klastersim.agents.buyers import Buyer, LargeFirm, Trader
from klastersim.agents.month import MONTH, Phase
from klastersim.agents.sme import SME, is_kind_of_sme
from klastersim.agents.state import State
from klastersim.agents.ties import Tie
from klastersim.engine.month import has_room
from klastersim.engine.structure import structure_of
from klastersim.errors import InputError, KlastersimError
from klastersim.scenario import Scenario
from klastersim.scenario.ensemble import one_of
from klastersim.world.ends import ends_of
from klastersim.world.layout import MEASURES, STRUCTURE, STRUCTURES, World

MOST_SEED = 2**63 - 1


class ClusterModel(mesa.Model):
    """A cluster of SMEs as a Mesa model: each step is a month.

    It gives the same numbers as the array driver, bit for bit, unless a subclass of SME decides otherwise.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    seed : int, default 1
        Seed of all chance, 0 to 2**63 - 1. Mesa's own `random` and `rng`, which the model itself does not use, are
        seeded by it too.
    sme : type, default SME
        SME or a subclass: what stands on the sites.
    months : int, default 240
        Months after which `running` is False; `step` goes on beyond.
    model_reporters : mapping, optional
        Further reporters for the data collector, beside one for each monthly measure
        (:mod:`klastersim.indicators.catalogue`; the Gini of profits and the clustering of trust only where you ask for
        them, by `measure`).
    agent_reporters, agenttype_reporters : mapping, optional
        As Mesa's data collector takes them.

    Attributes
    ----------
    config : Scenario
        The scenario (Mesa 3.5 keeps the name `scenario` for itself).
    parameters : object
        Its values as numbers, one attribute per key with underscores for dots; they cannot be changed.
    smes : tuple of SME
        By site.
    large_firms, traders : tuple
        Buyers, by number.
    buyers : tuple of Buyer
        Large firms, then traders.
    government : LocalGovernment
        Pays for the programme.
    bodies : dict of str to SupportBody
        Deliver it, by kind.
    ties : list of Tie
        By number; it grows as firms become acquainted.
    datacollector : mesa.DataCollector
        Collects at the end of each month.

    Raises
    ------
    InputError
        Where an argument is out of its bounds.

    Examples
    --------
    ::

        class Stubborn(SME):
            def decide(self):
                return self.cooperates


        model = ClusterModel(Scenario.preset("sentra"), seed=1, sme=Stubborn)
        for _ in range(120):
            model.step()
        model.datacollector.get_model_vars_dataframe()["trust"]
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 1,
        sme: type[SME] = SME,
        months: int = 240,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        agenttype_reporters: Mapping[type, Mapping[str, Any]] | None = None,
    ) -> None:
        _check(scenario, seed, sme, months)
        scenario = one_of(scenario, int(seed))
        super().__init__(rng=int(seed))
        self.config = scenario
        self.horizon = int(months)
        self.state = State(scenario, int(seed), self.horizon)
        self.parameters = self.state.parameters
        self.ties: list[Tie] = []
        self._note_ties()
        self._populate(sme)
        self._inside = False
        self.datacollector = mesa.DataCollector(
            model_reporters={name: partial(_measured, name=name) for name in MEASURES} | dict(model_reporters or {}),
            agent_reporters=dict(agent_reporters or {}),
            agenttype_reporters={kind: dict(each) for kind, each in (agenttype_reporters or {}).items()},
        )

    def _populate(self, sme: type[SME]) -> None:
        """Create the agents."""
        p = self.parameters
        large, buyers = p.market_large_firms, p.market_large_firms + p.market_traders
        self.smes: tuple[SME, ...] = tuple(sme(self, site) for site in range(len(self.world.firms)))
        self.large_firms = tuple(LargeFirm(self, number) for number in range(large))
        self.traders = tuple(Trader(self, number) for number in range(large, buyers))
        self.government = LocalGovernment(self)
        self.bodies = {kind: SupportBody(self, kind) for kind in (*INSTRUMENTS, "bank")}

    @property
    def buyers(self) -> tuple[Buyer, ...]:
        """Large firms, then traders."""
        return (*self.large_firms, *self.traders)

    @property
    def world(self) -> World:
        """The arrays behind the agents; rings of orders and months are made anew as they grow."""
        return self.state.world

    @property
    def month(self) -> int:
        """The month under way, or the last one run; 0 before the first."""
        return self.state.cluster.month[0]

    @property
    def groups(self) -> list[list[SME]]:
        """Members of each group of this month, by site."""
        groups: list[list[SME]] = [[] for _ in range(int(self.state.cluster.groups[0]))]
        for sme in self.smes:
            if sme.group >= 0:
                groups[sme.group].append(sme)
        return groups

    def measure(self, name: str) -> float:
        """Return a measure of the last month run; NaN before the first.

        Parameters
        ----------
        name : str
            One of :mod:`klastersim.indicators.catalogue`.
        """
        if name not in MEASURES and name not in STRUCTURES:
            raise InputError("ClusterModel.measure", "name", name, f"one of {', '.join((*MEASURES, *STRUCTURES))}")
        if not self.month:
            return float("nan")
        if name in STRUCTURES:
            return float(structure_of(self.world)[name][0])
        return getattr(self.state.series, name)[self.month - 1]

    def step(self) -> None:
        """Run one month, phase by phase."""
        if self._inside:
            raise KlastersimError(f"month {self.month} was not finished because of an error: build the model anew.")
        self._inside = True
        month = self.month + 1
        self.state.keep_month(month)
        for phase in MONTH:
            self.perform(phase, month)
        self._inside = False
        self.running = month < self.horizon
        self.datacollector.collect(self)

    def perform(self, phase: Phase, month: int) -> None:
        """Let a phase of a month be acted by its agents, or settled."""
        if phase.actors:
            for agent in self.visits(getattr(self, phase.actors)):
                getattr(agent, phase.method)()
        elif phase.kernel is has_room:
            while not self.state.settle(has_room, month):
                self.state.make_room()
        else:
            self.state.settle(phase.kernel, month)
            self._note_ties()

    def visits(self, agents: Sequence[Any]) -> Iterable[Any]:
        """Return the agents in the order in which they act a phase; the result does not depend on it."""
        return agents

    def _note_ties(self) -> None:
        """Let ties that a settlement formed be seen."""
        known = len(self.ties)
        if self.state.cluster.ties[0] > known:
            ends = ends_of(self.state.world)[known:].tolist()
            self.ties += [Tie(self, known + k, lower, upper) for k, (lower, upper) in enumerate(ends)]

    def close(self) -> None:
        """Let go of a model that is no longer needed.

        Mesa before 3.5 keeps every model with agents in memory for good; after this it can be freed. Add no agents
        then.
        """
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _measured(model: ClusterModel, name: str) -> float:
    return model.measure(name)


def _check(scenario: Any, seed: Any, sme: Any, months: Any) -> None:
    """Refuse arguments that cannot be used."""
    if not isinstance(scenario, Scenario):
        raise InputError("ClusterModel", "scenario", scenario, "a Scenario", 'Try Scenario.preset("sentra").')
    if not _is_whole(seed) or not 0 <= seed <= MOST_SEED:
        raise InputError("ClusterModel", "seed", seed, f"a whole number from 0 to {MOST_SEED}")
    if not _is_whole(months) or months < 1:
        raise InputError("ClusterModel", "months", months, "a whole number of at least 1")
    if not is_kind_of_sme(sme):
        raise InputError("ClusterModel", "sme", sme, "SME or a subclass of it")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def run_agents(scenario: Scenario, seed: int, months: int, sme: type[SME] = SME) -> tuple[World, np.ndarray]:
    """Run a scenario with agents.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    seed : int
        Seed of all chance, 0 to 2**63 - 1.
    months : int
        Months to run.
    sme : type, default SME
        What stands on the sites.

    Returns
    -------
    World
        The state at the end, with SME equal to that of the array driver bit for bit.
    ndarray of STRUCTURE, shape (months,)
        The structure of the cluster as each month ended.
    """
    model = ClusterModel(scenario, seed, sme, months)
    noted = np.zeros(months, STRUCTURE)
    try:
        for month in range(months):
            model.step()
            noted[month] = structure_of(model.world)[0]
        return model.world, noted
    finally:
        model.close()

"""Run a scenario, alone or beside its twin without the programme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from klastersim.engine.run import advance
from klastersim.engine.structure import advance_noting, structure_of
from klastersim.errors import InputError, said
from klastersim.indicators.digest import digest_of
from klastersim.indicators.firm_effects import FirmEffects, firm_effects, followed, noted
from klastersim.indicators.outcomes import (
    OUTCOMES,
    Deadweight,
    Leverage,
    deadweight_of,
    gain_left_of,
    is_measured,
    leverage_of,
    measure_of,
    persistence_of,
    window_before,
)
from klastersim.indicators.own_effects import OwnEffects, own_effects
from klastersim.indicators.state import ClusterState, binding_of, funnel_of, state_of
from klastersim.scenario import Scenario
from klastersim.scenario.ensemble import one_of
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import MEASURES, STRUCTURES, WINDOW, World
from klastersim.world.machines import own_capital

if TYPE_CHECKING:
    import pandas as pd

    from klastersim.agents import SME

#: Bounds of what may be asked.
MOST_MONTHS = 1_200
MOST_SEED = 2**63 - 1
MOST_SAMPLED = 1_000
DRIVERS = ("arrays", "agents")

#: Social types of owners, as `klastersim.rules.cooperation` numbers them.
SOCIAL_TYPES = ("free rider", "conditional", "hump-shaped", "other")

#: What public money is spent on, as the engine numbers it.
SPENT_ON = ("training", "finance", "market", "trust", "equipment", "planning")

#: What owners' time is given to besides.
FORUMS = "forums"

#: Columns of a run's table of firms.
FIRM_COLUMNS = (
    "workers quality working_capital cooperates social collateral group expected_gain last_act last_order_act "
    "supported profit income technology body value_before value_after born standing "
    "stage specialised division_gain"
).split()


@dataclass(frozen=True)
class Run:
    """A finished run; what it tells is computed when asked.

    Attributes
    ----------
    scenario : Scenario
        What was run; of an ensemble, the sentra that the seed drew.
    seed, months : int
        Seed and length of the run.
    driver : str
        "arrays" or "agents".
    world : World
        The state at the end.
    noted : ndarray, optional
        The structure by month, where agents acted the run or files were read for it, which may be others by now.
    """

    scenario: Scenario
    seed: int
    months: int
    driver: str
    world: World
    noted: np.ndarray | None = None

    @property
    def measures(self) -> np.ndarray:
        """Monthly measures as a structured array, shape (months,)."""
        return np.asarray(self.world.series[0, : self.months])

    @cached_property
    def series(self) -> pd.DataFrame:
        """Monthly measures, indexed by month; ``klastersim.indicators.catalogue`` tells what each column means.

        The last two columns are those of `structure`.
        """
        import pandas as pd

        columns = {name: self.measures[name] for name in MEASURES}
        frame = pd.DataFrame(columns | {name: self.structure[name] for name in STRUCTURES})
        frame.index = pd.RangeIndex(1, self.months + 1, name="month")
        return frame

    @cached_property
    def firms(self) -> pd.DataFrame:
        """Firms at the end, indexed by site."""
        import pandas as pd

        frame = pd.DataFrame({name: np.array(self.world.firms[name]) for name in FIRM_COLUMNS})
        for name in ("cooperates", "collateral", "specialised"):
            frame[name] = frame[name].astype(bool)
        frame["social"] = [SOCIAL_TYPES[number] for number in frame["social"]]
        frame["capital"] = own_capital(self.world)
        for buyer in range(int(self.world.clusters[0].buyers)):
            frame[f"relation_{buyer}"] = self.world.relations[:, buyer]
        frame.index.name = "site"
        return frame

    @cached_property
    def state(self) -> ClusterState:
        """The state of the cluster at the end."""
        return state_of(self.measures, self.scenario)

    @cached_property
    def funnel(self) -> dict[str, float | None]:
        """Pass rates of orders over the last twelve months."""
        return funnel_of(self.measures)

    @cached_property
    def binding(self) -> dict[str, float | None]:
        """Share of each constraint in the shortfall of orders over the last twelve months."""
        return binding_of(self.measures)

    @cached_property
    def final(self) -> dict[str, float | None]:
        """Indicators in the last month.

        Jobs are None where workers are fixed, investment there without functions, the local share of inputs without a
        value chain.
        """
        last = self.measures[-1]
        values: dict[str, float | None] = {name: float(last[name]) for name in MEASURES}
        structure = structure_of(self.world)[0]
        values |= {name: None if np.isnan(structure[name]) else float(structure[name]) for name in STRUCTURES}
        if not self.scenario["growth.enabled"]:
            values["jobs"] = None
            values["investment"] = values["invested"] if self.scenario["functions.enabled"] else None
        if not self.scenario["chain.enabled"]:
            values["local_inputs"] = None
        return values

    @cached_property
    def cost_by_instrument(self) -> dict[str, float]:
        """Public cost since the opening by instrument, and of planning and seats, Rp million."""
        return {name: float(cost) for name, cost in zip(SPENT_ON, self.world.clusters["spent"][0], strict=True)}

    @cached_property
    def social_cost_by_instrument(self) -> dict[str, float]:
        """Public cost since the opening and what owners' time cost, by instrument, and of forums, Rp million."""
        time = self.world.clusters["time_cost"][0]
        public = [*self.world.clusters["spent"][0], 0.0]
        return {name: float(a + b) for name, a, b in zip((*SPENT_ON, FORUMS), public, time, strict=True)}

    @property
    def trust_clustering(self) -> float | None:
        """Of pairs whom one firm would both work with, the share who would work together; None without such pairs.

        The transitivity of the graph of ties of at least ``groups.trust``, at the end of the run.
        """
        return self.final["trust_clustering"]

    @cached_property
    def structure(self) -> np.ndarray:
        """Gini coefficient of profits and clustering of trust by month, shape (months,); NaN where not defined.

        A run of arrays does not keep them, since they take longer than the rest of a month: it is repeated when they
        are asked for, unless files were read for it.
        """
        if self.noted is not None:
            return self.noted
        return advance_noting(build([self.scenario], [self.seed]), self.months)[1]

    @cached_property
    def digest(self) -> str:
        """Digest of all monthly measures, firms, ties and relations at the end."""
        ties = ties_of(self.world)
        arrays = {f"series.{name}": self.measures[name] for name in MEASURES}
        # Value added over the windows of a programme depends on when it would have been.
        firms = [name for name in FIRM_COLUMNS if not name.startswith("value_")]
        arrays |= {f"firms.{name}": np.asarray(self.world.firms[name]) for name in firms}
        arrays |= {f"ties.{name}": np.asarray(ties[name]) for name in ("lower", "upper", "trust", "base_trust")}
        return digest_of(arrays | {"relations": self.world.relations})


def simulate(
    scenario: Scenario, months: int = 240, seed: int = 1, driver: str = "arrays", sme: type[SME] | None = None
) -> Run:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    months : int, default 240
        Months to run, 1 to 1,200.
    seed : int, default 1
        Seed of all chance, 0 to 2**63 - 1.
    driver : str, default "arrays"
        "arrays" runs fast; "agents" lets Mesa agents act the same month, with the same numbers.
    sme : type, optional
        A subclass of :class:`klastersim.SME` with decisions of its own; needs the agents driver.

    Returns
    -------
    Run
        The finished run.

    Raises
    ------
    InputError
        Where an argument is out of its bounds.
    """
    check_whole("months", months, 1, MOST_MONTHS)
    check_whole("seed", seed, 0, MOST_SEED)
    if driver not in DRIVERS:
        raise InputError(where="simulate", key="driver", found=driver, allowed='one of "arrays", "agents"')
    scenario = one_of(scenario, seed)
    if driver == "agents":
        from klastersim.agents import SME, run_agents

        return Run(scenario, seed, months, driver, *run_agents(scenario, seed, months, sme or SME))
    if sme is not None:
        raise InputError(
            where="simulate",
            key="sme",
            found=sme,
            allowed='usable by driver = "arrays"',
            remedy='Pass driver="agents".',
        )
    world = build([scenario], [seed], months_kept=months)
    if any(table is not None for table in scenario.own):
        return Run(scenario, seed, months, driver, *advance_noting(world, months))
    return Run(scenario, seed, months, driver, advance(world, months))


def check_whole(key: str, value: Any, low: int, high: int, where: str = "simulate") -> None:
    """Refuse what is not a whole number from `low` to `high`."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not low <= value <= high:
        raise InputError(
            where=where, key=key, found=value, allowed=said("a whole number from {low} to {high}", low=low, high=high)
        )


@dataclass(frozen=True)
class Twin:
    """Two runs on the same shocks, with and without the programme.

    Attributes
    ----------
    with_, without : Run
        The two runs.
    """

    with_: Run
    without: Run

    @cached_property
    def difference(self) -> dict[str, float | None]:
        """With less without, for each final indicator; None where either is."""
        pairs = ((name, value, self.without.final[name]) for name, value in self.with_.final.items())
        return {name: None if a is None or b is None else a - b for name, a, b in pairs}

    @cached_property
    def deadweight(self) -> Deadweight | None:
        """How much of the gain would have come anyway; None where the run is too short to tell."""
        return deadweight_of(self.with_.measures, self.without.measures, self.with_.scenario)

    @cached_property
    def deadweights(self) -> dict[str, Deadweight | None]:
        """The same for value added, jobs and investment; None where an outcome cannot change or is not told."""
        runs = self.with_.measures, self.without.measures, self.with_.scenario
        return {outcome: deadweight_of(*runs, outcome) for outcome in OUTCOMES}

    @cached_property
    def job_gain(self) -> float | None:
        """Jobs with the programme less those without, mean of the 36 months to month 60 after its end.

        None where workers are fixed or the run is too short.
        """
        found = self.deadweights["jobs"]
        return None if found is None else (found.gain_with - found.gain_without) / WINDOW

    @cached_property
    def persistence(self) -> dict[str, bool | None]:
        """Whether the programme activated the cluster, and whether that lasted."""
        return persistence_of(self.with_.measures, self.without.measures, self.with_.scenario)

    @cached_property
    def leverage(self) -> Leverage | None:
        """Value added and private investment for each public rupiah; None where none was spent."""
        return leverage_of(self.with_.measures, self.without.measures, self.with_.scenario)

    @cached_property
    def gain_left(self) -> dict[str, float | None]:
        """Share of the gain in value added that remains 24, 60 and 120 months after the programme."""
        return gain_left_of(self.with_.measures, self.without.measures, self.with_.scenario)

    @cached_property
    def firm_effects(self) -> FirmEffects | None:
        """Firms that gained or lost value added, supported or not; None where the run is too short to tell."""
        return self.effects_on("value_added")

    def effects_on(self, outcome: str) -> FirmEffects | None:
        """Firms that gained or lost by an outcome: "value_added", "jobs" or "investment".

        None where it cannot change, or the run is too short to tell.
        """
        scenario = self.with_.scenario
        if measure_of(outcome, scenario) is None or not is_measured(self.with_.measures, scenario):
            return None
        before, after = OUTCOMES[outcome]
        first, last = window_before(self.with_.scenario)
        fate = followed(self.with_.world.firms, self.without.world.firms, first)
        here, other = (noted(run.world, outcome) for run in (self.with_, self.without))
        there = fate["there"]
        effects = firm_effects(
            np.array(here[after])[there],
            np.array(other[after])[there],
            np.array(here[before])[there],
            fate["supported"][there],
            last - first + 1,
            fate["whole_base"][there],
        )
        return replace(
            effects,
            closed_with=int(fate["closed_with"].sum()),
            closed_without=int(fate["closed_without"].sum()),
            replaced=int(fate["replaced"].sum()),
        )

    def own_effects(self, sample: int = 10, outcome: str = "value_added") -> OwnEffects | None:
        """What its own support did to each of a sample of supported firms.

        Parameters
        ----------
        sample : int, default 10
            Firms to draw among those supported, all of them where they are fewer; 1 to 1,000. For each the cluster is
            run again with a programme that passes it over.
        outcome : str, default "value_added"
            "value_added", "jobs" or "investment".

        Returns
        -------
        OwnEffects or None
            None where the outcome cannot change, the run is too short to tell, or nobody was supported.

        Raises
        ------
        InputError
            Where an argument is out of its bounds, or the twins were acted by agents, whose decisions may be a user's.
        """
        check_whole("sample", sample, 1, MOST_SAMPLED, "own_effects")
        scenario = self.with_.scenario
        if self.with_.driver != "arrays":
            remedy = "Run the twins by arrays, or pass firms over with programme.passed_over."
            raise InputError("own_effects", "driver", self.with_.driver, '"arrays"', remedy)
        if measure_of(outcome, scenario) is None or not is_measured(self.with_.measures, scenario):
            return None
        fate = followed(self.with_.world.firms, self.without.world.firms, window_before(scenario)[0])
        return own_effects(self.with_, fate["there"] & fate["supported"], sample, outcome)


def twin(
    scenario: Scenario, seed: int = 1, months: int = 240, driver: str = "arrays", sme: type[SME] | None = None
) -> Twin:
    """Run a scenario with and without its programme, on the same shocks; parameters as for :func:`simulate`."""
    without = scenario.replace({"programme.enabled": False})
    return Twin(simulate(scenario, months, seed, driver, sme), simulate(without, months, seed, driver, sme))

"""What a run looks like, as data: timelines, the programme's months, the order funnel."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from klastersim.engine.measuring import ACTING, COLLECTIVE
from klastersim.figures.words import Words
from klastersim.indicators.outcomes import OUTCOMES
from klastersim.indicators.state import STAGES, programme_runs
from klastersim.world.layout import YEAR

if TYPE_CHECKING:
    from klastersim.indicators.firm_effects import FirmEffects
    from klastersim.indicators.outcomes import Deadweight, Leverage
    from klastersim.simulation import Run, Twin


@dataclass(frozen=True)
class Timeline:
    """One indicator over the months, with and (where a twin was run) without the programme."""

    name: str
    values: np.ndarray
    twin: np.ndarray | None


@dataclass(frozen=True)
class Panel:
    """Timelines that share an axis, named by the first; a cluster is active from `threshold` on."""

    timelines: tuple[Timeline, ...]
    threshold: float | None = None
    top: float | None = None

    @property
    def name(self) -> str:
        """The indicator of the first timeline."""
        return self.timelines[0].name


@dataclass(frozen=True)
class Step:
    """One test of the order funnel: the constraint it stands for, and its pass rate."""

    stage: str
    constraint: str
    rate: float | None


@dataclass(frozen=True)
class RunData:
    """All that a page or a figure of one run shows; `klastersim.figures.words` has the words for it."""

    title: str
    firms: int
    seed: int
    months: np.ndarray
    programme: tuple[int, int] | None
    panels: tuple[Panel, ...]
    funnel: tuple[Step, ...]
    binding: dict[str, float | None]
    state: str


def year_mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over the last twelve months, or as many as there are.

    Examples
    --------
    >>> year_mean(np.array([2.0, 4.0])).tolist()
    [2.0, 3.0]
    """
    total = np.cumsum(values, dtype=float)
    counted = np.minimum(np.arange(1, len(values) + 1), YEAR)
    earlier = np.concatenate((np.zeros(min(YEAR, len(values))), total[:-YEAR]))
    return (total - earlier) / counted


def binding_constraint(binding: dict[str, float | None]) -> str | None:
    """Return the constraint with the largest share in the loss of orders; None where no order came or was lost."""
    shares = {name: share for name, share in binding.items() if share is not None and math.isfinite(share)}
    return max(shares, key=lambda name: shares[name]) if shares else None


def run_data(run: Run, without: Run | None = None) -> RunData:
    """Return what a run looks like.

    Parameters
    ----------
    run : Run
        The run.
    without : Run, optional
        Its twin without the programme.

    Returns
    -------
    RunData
        For `klastersim.figures.run_figure.draw_run` and the page on the terminal.
    """

    def line(name: str, smooth: bool = False) -> Timeline:
        values = [np.array(each.measures[name], dtype=float) for each in (run, without) if each is not None]
        values = [year_mean(each) for each in values] if smooth else values
        return Timeline(name, values[0], values[1] if without is not None else None)

    scenario = run.scenario
    panels = [
        Panel((line("acting"), line("cooperating"), line("in_groups")), ACTING, top=1.0),
        Panel((line("collective_share"),), COLLECTIVE),
        Panel((line("trust"), line("quality"), line("linkage")), top=1.0),
        Panel((line("value_added", smooth=True),)),
        Panel((line("expected_gain"),)),
    ]
    if scenario["growth.enabled"]:
        panels += [Panel((line("jobs"),)), Panel((line("entries", smooth=True), line("exits", smooth=True)))]
    programme = None
    if programme_runs(scenario) and scenario["programme.start"] <= run.months:
        programme = (scenario["programme.start"], min(scenario["programme.end"], run.months))
    return RunData(
        title=scenario.title,
        firms=scenario["cluster.firms"],
        seed=run.seed,
        months=np.arange(1, run.months + 1),
        programme=programme,
        panels=tuple(panels),
        funnel=tuple(Step(stage, STAGES[stage], run.funnel[stage]) for stage in STAGES),
        binding=run.binding,
        state=run.state.type,
    )


def subtitle_of(data: RunData, words: Words) -> str:
    """Return what kind of a run it is: its firms, months and seed."""
    firms, months = words.counted("firm", data.firms), words.counted("month", len(data.months))
    return words("figure.subtitle", firms=firms, months=months, seed=words.exact(data.seed))


def run_json(run: Run, pair: Twin | None = None) -> dict[str, Any]:
    """Return a run, and what its twin tells, as the object that ``klastersim run --json`` prints."""
    effects = {outcome: pair.effects_on(outcome) if pair else None for outcome in OUTCOMES}
    deadweights = pair.deadweights if pair else dict.fromkeys(OUTCOMES)
    return {
        "format": 1,
        "scenario": run.scenario.to_dict(),
        "seed": run.seed,
        "months": run.months,
        "driver": run.driver,
        "state": {
            "type": run.state.type,
            "active": run.state.active,
            "self_sustaining": run.state.self_sustaining,
        },
        "final": run.final,
        "funnel": run.funnel,
        "binding": run.binding,
        "trust_clustering": run.trust_clustering,
        "cost_by_instrument": run.cost_by_instrument,
        "social_cost_by_instrument": run.social_cost_by_instrument,
        "twin": pair.difference if pair else None,
        "leverage": _told(pair.leverage if pair else None),
        "deadweights": {outcome: _told(found) for outcome, found in deadweights.items()},
        "firm_effects": {outcome: _told(found) for outcome, found in effects.items()},
        "job_gain": pair.job_gain if pair else None,
        "digest": run.digest,
    }


def _told(found: Leverage | Deadweight | FirmEffects | None) -> dict[str, Any] | None:
    return None if found is None else asdict(found)

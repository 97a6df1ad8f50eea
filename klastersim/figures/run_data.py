"""What a run looks like, as data: timelines, the programme's months, the order funnel."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from klastersim.engine.measuring import ACTING, COLLECTIVE
from klastersim.indicators.catalogue import INDICATORS
from klastersim.indicators.outcomes import OUTCOMES
from klastersim.indicators.state import STAGES, programme_runs
from klastersim.world.layout import YEAR

if TYPE_CHECKING:
    from klastersim.indicators.firm_effects import FirmEffects
    from klastersim.indicators.outcomes import Deadweight, Leverage
    from klastersim.simulation import Run, Twin

#: What each test of an order asks.
QUESTIONS = {
    "reached": "does the order find the cluster?",
    "organised": "can some taker muster the capacity?",
    "skilled": "can some taker make the quality?",
    "financed": "can some taker pay for the inputs?",
    "taken": "do those who fill it gain by it?",
    "delivered": "was it delivered well and on time?",
}

#: What to call the constraint behind a test.
CONSTRAINT_WORDS = {
    "market": "market links",
    "trust": "trust and organisation",
    "skill": "skill",
    "capital": "working capital",
    "price": "prices",
}

STATE_WORDS = {
    "artisanal": "passive: neighbours who each work for themselves",
    "active": "active: firms work together, and it shows in their sales",
    "dynamic": "dynamic: active, and at least a fifth of sales is collective",
    "advanced": "advanced: dynamic, with high quality and trust on most ties",
}


@dataclass(frozen=True)
class Timeline:
    """One indicator over the months, with and (where a twin was run) without the programme."""

    name: str
    label: str
    values: np.ndarray
    twin: np.ndarray | None


@dataclass(frozen=True)
class Panel:
    """Timelines that share an axis; `thresholds` are lines that mean something on it."""

    title: str
    unit: str
    timelines: tuple[Timeline, ...]
    thresholds: tuple[tuple[float, str], ...] = ()
    top: float | None = None


@dataclass(frozen=True)
class Step:
    """One test of the order funnel: its pass rate, the constraint it stands for and that one's share of the loss."""

    stage: str
    question: str
    constraint: str
    rate: float | None


@dataclass(frozen=True)
class RunData:
    """All that a page or a figure of one run shows."""

    title: str
    subtitle: str
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


def counted(count: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "firm"), counted(12000, "firm")
    ('1 firm', '12,000 firms')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


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

    def line(name: str, label: str = "", smooth: bool = False) -> Timeline:
        values = [np.array(each.measures[name], dtype=float) for each in (run, without) if each is not None]
        values = [year_mean(each) for each in values] if smooth else values
        return Timeline(name, label or INDICATORS[name].label, values[0], values[1] if without is not None else None)

    scenario = run.scenario
    panels = (
        Panel(
            "Do firms work together?",
            "share of firms",
            (line("acting"), line("cooperating"), line("in_groups")),
            ((ACTING, "active from here"),),
            1.0,
        ),
        Panel(
            "Does it show in sales?",
            "collective share of sales",
            (line("collective_share"),),
            ((COLLECTIVE, "active from here"),),
        ),
        Panel("What holds or builds up?", "0 to 1", (line("trust"), line("quality"), line("linkage")), top=1.0),
        Panel(
            "What does the cluster earn? (value added)",
            "Rp million a month, year's mean",
            (line("value_added", smooth=True),),
        ),
        Panel("What gain do firms expect of it?", "share of sales", (line("expected_gain"),)),
    )
    programme = None
    if programme_runs(scenario) and scenario["programme.start"] <= run.months:
        programme = (scenario["programme.start"], min(scenario["programme.end"], run.months))
    return RunData(
        title=scenario.title,
        subtitle=(
            f"{counted(scenario['cluster.firms'], 'firm')}, {counted(run.months, 'month')}, seed {run.seed}, one run"
        ),
        months=np.arange(1, run.months + 1),
        programme=programme,
        panels=panels,
        funnel=tuple(Step(stage, QUESTIONS[stage], STAGES[stage], run.funnel[stage]) for stage in STAGES),
        binding=run.binding,
        state=run.state.type,
    )


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

"""What a programme changed: twins that share every shock, with and without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from klastersim.errors import InputError, did_you_mean
from klastersim.indicators.intervals import Estimate, paired_interval, share_interval, student_quantile
from klastersim.scenario import Scenario
from klastersim.world.layout import SUSTAINED, WINDOW, YEAR

#: A change under this share of the base is no gain.
NO_GAIN = 0.02

#: Shares of the gain that would have come anyway, from which deadweight is absolute, and up to which it is zero.
ABSOLUTE = 0.9
ZERO = 0.1

#: Months after the programme's end at which persistence is read.
PERSISTENCE = (24, 60, 120)


#: Resamples of a bootstrap.
RESAMPLES = 4_000

#: Grades of deadweight.
GRADES = ("no gain", "absolute", "partial", "zero", "loss avoided", "loss")

#: Those of a gain.
GAINS = ("absolute", "partial", "zero")

#: What a programme is judged by, with the fields in which firms note it before the programme and after.
OUTCOMES = {
    "value_added": ("value_before", "value_after"),
    "jobs": ("jobs_before", "jobs_after"),
    "investment": ("invested_before", "invested_after"),
}


def measure_of(outcome: str, scenario: Scenario) -> str | None:
    """Return the monthly measure of an outcome; None where it cannot change.

    Jobs are fixed where firms do not grow (R14); investment is then what was paid for machines (R6).
    """
    if outcome not in OUTCOMES:
        known = ", ".join(f'"{name}"' for name in OUTCOMES)
        raise InputError("twin", "outcome", outcome, f"one of {known}", did_you_mean(outcome, OUTCOMES))
    if outcome == "value_added" or scenario["growth.enabled"]:
        return outcome
    return "invested" if outcome == "investment" and scenario["functions.enabled"] else None


@dataclass(frozen=True, slots=True)
class Deadweight:
    """How much of a sentra's gain would have come without the programme.

    Attributes
    ----------
    gain_with, gain_without : float
        Change of the outcome over 36 months, to 60 months after the end, against 36 months before the start, with and
        without the programme; Rp million, of jobs worker-months.
    grade : str
        One of `GRADES`.
    """

    gain_with: float
    gain_without: float
    grade: str


def grade_of(gain_with: float, gain_without: float, base: float) -> str:
    """Grade the deadweight of a gain; bounds as declared in this module."""
    if gain_with == 0.0 or abs(gain_with) < NO_GAIN * abs(base):
        return "no gain"
    if gain_with <= 0.0:
        return "loss avoided" if gain_without < gain_with - NO_GAIN * abs(base) else "loss"
    share = gain_without / gain_with
    if share >= ABSOLUTE:
        return "absolute"
    return "zero" if share <= ZERO else "partial"


def base_of(series: np.ndarray, scenario: Scenario, measure: str = "value_added") -> float:
    """Sum of a measure over 36 months before the programme, by the mean of those there are.

    The first months, before any order can be due, are left out: there is work in them but no delivery.
    """
    first, last = window_before(scenario)
    return float(series[measure][first - 1 : last].mean()) * WINDOW


def window_before(scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last month of the base."""
    start = scenario["programme.start"]
    return max(scenario["orders.schedule"] + 1, start - WINDOW), start - 1


def is_measured(series: np.ndarray, scenario: Scenario) -> bool:
    """Whether a run reaches from 36 months before the programme to 60 months after its end."""
    return scenario["programme.start"] > WINDOW and len(series) >= scenario["programme.end"] + SUSTAINED


def deadweight_of(
    with_: np.ndarray, without: np.ndarray, scenario: Scenario, outcome: str = "value_added"
) -> Deadweight | None:
    """Compare an outcome of two twins.

    Parameters
    ----------
    with_, without : structured array, shape (months,)
        Monthly measures of the twins.
    scenario : Scenario
        With the programme.
    outcome : str, default "value_added"
        One of `OUTCOMES`.

    Returns
    -------
    Deadweight or None
        None where the run is too short, the programme starts too early, or the outcome cannot change.
    """
    measure = measure_of(outcome, scenario)
    if measure is None or not is_measured(with_, scenario):
        return None
    measured = scenario["programme.end"] + SUSTAINED
    base = base_of(with_, scenario, measure)
    after = [float(series[measure][measured - WINDOW : measured].sum()) for series in (with_, without)]
    gains = [value - base for value in after]
    return Deadweight(gains[0], gains[1], grade_of(gains[0], gains[1], base))


def gain_left_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> dict[str, float | None]:
    """Share of the gain in value added that remains after a programme.

    Returns
    -------
    dict
        ``gain_left_24`` and so on: gain over the 12 months to so many months after the end, over the gain of the
        programme's last 12 months. None where the run is shorter, or that gain is under 2 % of the base.
    """
    end = scenario["programme.end"]
    names = {n: f"gain_left_{n}" for n in PERSISTENCE}
    if scenario["programme.start"] <= WINDOW or len(with_) < end or end < YEAR:
        return dict.fromkeys(names.values())
    gain = with_["value_added"] - without["value_added"]
    at_end = float(gain[end - YEAR : end].sum())
    if abs(at_end) < NO_GAIN * base_of(with_, scenario) * YEAR / WINDOW:
        return dict.fromkeys(names.values())
    return {
        name: float(gain[end + n - YEAR : end + n].sum()) / at_end if len(with_) >= end + n else None
        for n, name in names.items()
    }


def persistence_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> dict[str, bool | None]:
    """Whether a programme's effect lasted, in one pair of twins.

    Orders that the programme paid for make no cluster active here: they would end with it by definition.

    Returns
    -------
    dict
        ``activated``: active over the programme's last 12 months and not in the twin; ``active_after_24`` and so on:
        still active so many months after the end (None where the run is shorter, or nothing was activated);
        ``late``: not active at the end, active in the last month, twin not.
    """
    end = scenario["programme.end"]
    if len(with_) < end or end < YEAR:
        return {"activated": None, **{f"active_after_{n}": None for n in PERSISTENCE}, "late": None}
    at_end, twin_at_end = bool(with_["active_own"][end - 1]), bool(without["active_own"][end - 1])
    activated = at_end and not twin_at_end
    after = {
        f"active_after_{n}": bool(with_["active_own"][end + n - 1]) if activated and len(with_) >= end + n else None
        for n in PERSISTENCE
    }
    late = not at_end and bool(with_["active_own"][-1]) and not bool(without["active_own"][-1])
    return {"activated": activated, **after, "late": late}


@dataclass(frozen=True, slots=True)
class Leverage:
    """What a programme brought for each public rupiah, from its first month to the end of the run, in one sentra.

    Attributes
    ----------
    coverage : float
        Share of firms that it reached.
    value_added, investment : float or None
        Value added, and private investment mobilised, with it less without, over the public cost. Investment is what
        owners left in or put in where firms grow (R14), else what they paid for machines (R6); None without either.
    bank_credit : float
        Private finance mobilised: credit that banks paid out, likewise.
    """

    coverage: float
    value_added: float
    investment: float | None
    bank_credit: float = 0.0


def leverage_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> Leverage | None:
    """Set what two twins differ in against the public cost; None where there is none."""
    since = slice(scenario["programme.start"] - 1, None)
    cost = float((with_["public_cost"] - without["public_cost"]).sum())
    if cost <= 0.0:
        return None

    def gain(name: str) -> float:
        return float((with_[name][since] - without[name][since]).sum()) / cost

    invested = measure_of("investment", scenario)
    return Leverage(
        coverage=float(with_["supported"][-1]),
        value_added=gain("value_added"),
        investment=gain(invested) if invested else None,
        bank_credit=gain("bank_credit"),
    )


def active_anyway(active_with: npt.ArrayLike, active_without: npt.ArrayLike) -> Estimate | None:
    """Of clusters that are active with a programme, the share that are active in their twin without.

    Parameters
    ----------
    active_with, active_without : array of bool, shape (pairs,)
        Whether each cluster is active, with the programme and on the same luck without.

    Returns
    -------
    Estimate or None
        With its exact interval (`share_interval`); None where none is active with the programme.
    """
    supported = np.asarray(active_with, bool)
    count = int(supported.sum())
    if not count:
        return None
    anyway = int((supported & np.asarray(active_without, bool)).sum())
    low, high = share_interval(anyway, count)
    return Estimate(anyway / count, low, high)


@dataclass(frozen=True, slots=True)
class CostOfActivation:
    """What public money brought over clusters that were run with and without it on the same luck.

    Attributes
    ----------
    added : Estimate
        Share of clusters that are active with it, less the share without.
    per_cluster : Estimate or None
        Rp million for each additional active cluster; None, not identified, where the interval of `added` does not lie
        above zero.
    per_value_added : Estimate or None
        Rp for each additional Rp of value added; None where that is not told, or the interval of its mean does not lie
        above zero.
    per_job : Estimate or None
        Rp million for each additional job, likewise.
    """

    added: Estimate
    per_cluster: Estimate | None
    per_value_added: Estimate | None = None
    per_job: Estimate | None = None


def cost_of_activation(
    cost: npt.ArrayLike,
    active_with: npt.ArrayLike,
    active_without: npt.ArrayLike,
    value_gain: npt.ArrayLike | None = None,
    seed: int = 1,
    job_gain: npt.ArrayLike | None = None,
) -> CostOfActivation:
    """Set the public cost of independent pairs of clusters against what it added.

    The interval of the added share is exact (`paired_interval`). Costs are ratios of sums; their intervals are the
    percentiles of a bootstrap that draws pairs, whole, with replacement. A resample in which nothing is added bounds no
    cost and counts as infinite.

    Parameters
    ----------
    cost : array of float, shape (pairs,)
        Public cost with the programme, less that without if there is any; Rp million.
    active_with, active_without : array of bool, shape (pairs,)
        Whether the cluster is active.
    value_gain : array of float, shape (pairs,), optional
        Value added with the programme less that without, Rp million.
    seed : int
        Of the bootstrap.
    job_gain : array of float, shape (pairs,), optional
        Jobs with the programme less those without (`Twin.job_gain`).

    Returns
    -------
    CostOfActivation
        Costs, or None where they are not identified.
    """
    paid = np.asarray(cost, float)
    change = np.asarray(active_with, bool).astype(float) - np.asarray(active_without, bool)
    pairs = len(paid)
    low, high = paired_interval(int((change > 0.0).sum()), int((change < 0.0).sum()), pairs)
    return CostOfActivation(
        added=Estimate(float(change.mean()), low, high),
        per_cluster=_ratio(paid, change, seed) if low > 0.0 else None,
        per_value_added=cost_of_gain(paid, value_gain, seed) if value_gain is not None else None,
        per_job=cost_of_gain(paid, job_gain, seed) if job_gain is not None else None,
    )


def mean_gain(gain: npt.ArrayLike) -> Estimate | None:
    """Return the mean of what independent pairs gained, with its interval by Student's t; None of fewer than two."""
    found = np.asarray(gain, float)
    pairs = len(found)
    if pairs < 2:
        return None
    mean = float(found.mean())
    half = student_quantile(pairs - 1) * float(found.std(ddof=1)) / float(np.sqrt(pairs))
    return Estimate(mean, mean - half, mean + half)


def cost_of_gain(paid: npt.ArrayLike, gain: npt.ArrayLike, seed: int = 1) -> Estimate | None:
    """Return what each unit gained cost over independent pairs: value added, or a job.

    Parameters
    ----------
    paid : array of float, shape (pairs,)
        Public cost, Rp million.
    gain : array of float, shape (pairs,)
        What there is more of with the programme than without.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate or None
        Ratio of the sums; None, not identified, where the interval of the mean gain does not lie above zero.
    """
    mean = mean_gain(gain)
    if mean is None or mean.low <= 0.0:
        return None
    return _ratio(np.asarray(paid, float), np.asarray(gain, float), seed)


def _ratio(over: np.ndarray, under: np.ndarray, seed: int) -> Estimate:
    """Return the ratio of two sums over pairs, with percentiles of its bootstrap."""
    chance = np.random.default_rng(seed)
    found = np.full(RESAMPLES, np.inf)
    for k in range(RESAMPLES):
        drawn = chance.integers(0, len(over), len(over))
        below = under[drawn].sum()
        if below > 0.0:
            found[k] = over[drawn].sum() / below
    low, high = np.quantile(found, [0.025, 0.975], method="inverted_cdf")
    return Estimate(float(over.sum() / under.sum()), float(low), float(high))

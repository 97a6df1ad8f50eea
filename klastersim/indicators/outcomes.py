"""What a programme changed: twins that share every shock, with and without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from klastersim.indicators.intervals import Estimate, paired_interval, share_interval, student_quantile
from klastersim.scenario import Scenario
from klastersim.world.layout import HERE, LEFT_SUPPORTED, NOBODY_THEN, SUSTAINED, VACANT, WINDOW, YEAR

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


@dataclass(frozen=True, slots=True)
class Deadweight:
    """How much of a sentra's gain would have come without the programme.

    Attributes
    ----------
    gain_with, gain_without : float
        Change of value added over 36 months, to 60 months after the end, against 36 months before the start, with and
        without the programme; Rp million.
    grade : str
        One of `GRADES`.
    """

    gain_with: float
    gain_without: float
    grade: str


def grade_of(gain_with: float, gain_without: float, base: float) -> str:
    """Grade the deadweight of a gain; bounds as declared in this module."""
    if abs(gain_with) < NO_GAIN * abs(base):
        return "no gain"
    if gain_with <= 0.0:
        return "loss avoided" if gain_without < gain_with - NO_GAIN * abs(base) else "loss"
    share = gain_without / gain_with
    if share >= ABSOLUTE:
        return "absolute"
    return "zero" if share <= ZERO else "partial"


def base_of(series: np.ndarray, scenario: Scenario) -> float:
    """Value added of 36 months before the programme, Rp million, by the mean of those there are.

    The first months, before any order can be due, are left out: there is work in them but no delivery.
    """
    first, last = window_before(scenario)
    return float(series["value_added"][first - 1 : last].mean()) * WINDOW


def window_before(scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last month of the base."""
    start = scenario["programme.start"]
    return max(scenario["orders.schedule"] + 1, start - WINDOW), start - 1


def deadweight_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> Deadweight | None:
    """Compare the value added of two twins; None where the run is too short, or the programme starts too early."""
    start, measured = scenario["programme.start"], scenario["programme.end"] + SUSTAINED
    if start <= WINDOW or len(with_) < measured:
        return None
    base = base_of(with_, scenario)
    after = [float(series["value_added"][measured - WINDOW : measured].sum()) for series in (with_, without)]
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
    """

    coverage: float
    value_added: float
    investment: float | None


def leverage_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> Leverage | None:
    """Set what two twins differ in against the public cost; None where there is none."""
    since = slice(scenario["programme.start"] - 1, None)
    cost = float((with_["public_cost"] - without["public_cost"]).sum())
    if cost <= 0.0:
        return None

    def gain(name: str) -> float:
        return float((with_[name][since] - without[name][since]).sum()) / cost

    invested = None
    if scenario["growth.enabled"]:
        invested = gain("investment")
    elif scenario["functions.enabled"]:
        invested = gain("invested")
    return Leverage(float(with_["supported"][-1]), gain("value_added"), invested)


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
class FirmEffects:
    """What a programme did to the firms of one sentra, by value added over the third to fifth year after its end.

    Attributes
    ----------
    gained, lost : int
        Supported firms that have at least 2 % more, or less, than in their twin.
    spillover, displacement : int
        The same among firms that the programme never reached.
    grades : dict of str to int
        Firms by grade of deadweight, each against its own base, of those that were there through all of it.
    closed_with, closed_without : int
        Firms that were there as the programme could begin and have closed since, with it and without it. One that has
        closed by the measuring date counts as zero above.
    replaced : int
        Sites on which, with the programme, a newcomer stands in place of such a firm; told apart from all else.
    """

    gained: int
    lost: int
    spillover: int
    displacement: int
    grades: dict[str, int]
    closed_with: int = 0
    closed_without: int = 0
    replaced: int = 0


def followed(with_: np.ndarray, without: np.ndarray, base_from: int) -> dict[str, np.ndarray]:
    """Follow the firms that were there as a programme could begin, by site and birth, through two twins.

    Parameters
    ----------
    with_, without : recarray of FIRM, shape (sites,)
        The firms at the end of both.
    base_from : int
        First month of the base.

    Returns
    -------
    dict of str to ndarray
        By site: ``there``, whether there was such a firm; ``whole_base``, whether it was there through all of the base;
        ``supported``; ``closed_with`` and ``closed_without``; ``replaced``.

    Notes
    -----
    The twins are one history up to that month, so that it is the same firm in both.
    """
    fate, other = np.array(with_["predecessor"]), np.array(without["predecessor"])
    empty = (fate == HERE) & (np.array(with_["standing"]) == VACANT)
    there = (fate != NOBODY_THEN) & ~empty
    closed = there & (fate != HERE)
    born_late = (fate == HERE) & (np.array(with_["born"]) >= base_from)
    born_late |= (other == HERE) & (np.array(without["born"]) >= base_from)
    return {
        "there": there,
        "whole_base": there & ~born_late,
        "supported": np.where(closed, fate == LEFT_SUPPORTED, np.array(with_["supported"]) > 0),
        "closed_with": closed,
        "closed_without": there & (other != HERE),
        "replaced": closed & (np.array(with_["standing"]) != VACANT),
    }


def firm_effects(
    with_: np.ndarray,
    without: np.ndarray,
    base: np.ndarray,
    supported: np.ndarray,
    base_months: int,
    graded: np.ndarray | None = None,
) -> FirmEffects:
    """Compare firms with themselves in the twin.

    Parameters
    ----------
    with_, without : ndarray of float, shape (firms,)
        Value added of each firm over the 36 months to the measuring date, Rp million.
    base : ndarray of float, shape (firms,)
        Value added before the programme, Rp million.
    supported : ndarray of bool, shape (firms,)
        Whether the programme reached the firm.
    base_months : int
        Months that the base covers, > 0.
    graded : ndarray of bool, shape (firms,), optional
        Firms that were there through all of the base; all by default.
    """
    change = with_ - without
    clear = np.abs(change) >= NO_GAIN * np.abs(without)
    up, down = clear & (change > 0.0), clear & (change < 0.0)
    bases = base * (WINDOW / base_months)
    grades = dict.fromkeys(GRADES, 0)
    whole = slice(None) if graded is None else graded
    for y1, y0, own in zip(with_[whole].tolist(), without[whole].tolist(), bases[whole].tolist(), strict=True):
        grades[grade_of(y1 - own, y0 - own, own)] += 1
    return FirmEffects(
        gained=int((up & supported).sum()),
        lost=int((down & supported).sum()),
        spillover=int((up & ~supported).sum()),
        displacement=int((down & ~supported).sum()),
        grades=grades,
    )


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
    """

    added: Estimate
    per_cluster: Estimate | None
    per_value_added: Estimate | None = None


def cost_of_activation(
    cost: npt.ArrayLike,
    active_with: npt.ArrayLike,
    active_without: npt.ArrayLike,
    value_gain: npt.ArrayLike | None = None,
    seed: int = 1,
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

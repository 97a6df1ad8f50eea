"""Hysteresis: a budget that slowly rises and falls back, at more than one speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from klastersim.analysis.patterns.intervals import bootstrap_interval
from klastersim.analysis.ramp import SHRUNK, Ramp, at_half_speed, common, crossing_of, stepped
from klastersim.analysis.sweeps.outcomes import Outcomes, mean_over, share_of
from klastersim.analysis.sweeps.twins import endings_of
from klastersim.indicators.intervals import TAIL, Estimate
from klastersim.lab.endings import STEPS, Ending
from klastersim.lab.finding import Finding, interval, is_sure
from klastersim.lab.pairs import FEWEST
from klastersim.scenario import Scenario
from klastersim.scenario.parameters import THIN_BUDGET
from klastersim.world.layout import YEAR

#: Of the bootstrap.
SEED: Final = 1

COLUMNS: Final = ("ramp", "months", "gap", "spending at one half, up", "down", "up less down")


@dataclass(frozen=True)
class Slope:
    """A ramp, the faster ones first.

    Attributes
    ----------
    title : str
        The arm.
    months : int
        Length, up and down.
    ramp : Ramp
        What it did, means over places.
    gap : Estimate or None
        Share of months active on the way down less on the way up at the same spending, less that of the twin.
    crossing : Estimate or None
        Spending at which half of the clusters are active on the way up less on the way down, multiples of the thin
        budget; None where it is not identified.
    up, down : float
        The two.
    """

    title: str
    months: int
    ramp: Ramp
    gap: Estimate | None
    crossing: Estimate | None
    up: float
    down: float


def ramps_of(outcomes: Outcomes, base: Scenario) -> list[Finding]:
    """Return what the ramps of a map show; nothing where it has none.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map, with what is told of every year.
    base : Scenario
        What every point starts from.
    """
    slopes = [_slope(outcomes, *each) for each in endings_of(outcomes.map, base, ramps=True)]
    if not slopes:
        return []
    slopes.sort(key=lambda each: each.months)
    sentences = [line for each in slopes for line in _said(each)]
    rows = [_row(each) for each in slopes]
    estimates = {f"gap: {each.title}": each.gap for each in slopes if each.gap is not None}
    pairs = [(a, b) for a in slopes for b in slopes if b.months == 2 * a.months]
    for faster, slower in pairs:
        ratio = _speed(faster, slower)
        sentences.append(_of_speed(faster, slower, ratio))
        told = "not identified" if ratio is None else _cell(ratio, ".2f")
        rows.append([f"{slower.title} over {faster.title}", "", told, "", "", ""])
    note = (
        f"The budget rises evenly to half-time and falls back; it is looked at in {STEPS} steps each way. Gap: share "
        "of months active on the way down less on the way up, at the same public money spent, less the same months of "
        "the twin without a programme; orders that it paid for left out. Spending in multiples of the thin budget, "
        "from which on at least half of the clusters are active; not identified where that is not passed on the way "
        "up. A state that only lags shows half of the gap at half the speed, one with hysteresis all of it; the bound "
        f"is {SHRUNK}. What a programme left in skill, relations and money makes a gap as well as trust does. 95 % "
        "intervals: Student's over replications of the gap, of the others by drawing replications anew."
    )
    return [Finding("ramp", "Hysteresis", sentences, COLUMNS, rows, note, estimates, slopes)]


def _slope(outcomes: Outcomes, arm: int, twin: int, ending: Ending) -> Slope:
    years = slice((ending.start - 1) // YEAR, ending.end // YEAR)

    def means(name: str, number: int) -> np.ndarray:
        """Return means over places, shape (replications, years), of replications that have them."""
        told = mean_over(outcomes.by_year(name, ending.end // YEAR)[number], axis=0)[:, years]
        return told[~np.isnan(told).any(axis=1)]

    spent = [each.mean(axis=0) for each in stepped(means("public_cost", arm), STEPS)]
    active = [way for number in (arm, twin) for way in stepped(means("months_active", number), STEPS)]
    ramp = Ramp(*active, *spent)
    title = outcomes.map.arms[arm].title
    months = ending.end - ending.start + 1
    crossing, found = crossing_of(ramp, THIN_BUDGET), None
    if crossing.is_identified and len(crossing.rows) >= FEWEST:
        ends = bootstrap_interval(crossing.rows, crossing.difference, TAIL, SEED)
        found = Estimate(crossing.up - crossing.down, *ends)
    return Slope(title, months, ramp, share_of(ramp.gaps(ramp.spending)), found, crossing.up, crossing.down)


def _speed(faster: Slope, slower: Slope) -> Estimate | None:
    """Return the gap of a ramp over that of one twice as fast; None where the latter is not surely above zero."""
    if faster.gap is None or faster.gap.low <= 0.0:
        return None
    spending = common([faster.ramp, slower.ramp])
    both = np.stack([each.ramp.gaps(spending) for each in (faster, slower)], axis=1)
    value = float(at_half_speed(both.mean(axis=0)[None])[0])
    return Estimate(value, *bootstrap_interval(both, at_half_speed, TAIL, SEED))


def _said(each: Slope) -> list[str]:
    name = f"{each.title[:1].upper()}{each.title[1:]}"
    if each.gap is None:
        return [f"{name}: not identified with fewer than {FEWEST} replications."]
    word = "is" if is_sure(each.gap) else "is not identified,"
    lines = [f"{name}: the gap between the ways down and up {word} {interval(each.gap)}."]
    if each.crossing is None:
        lines.append(f"{name}: the spending at which half of the clusters are active is not identified.")
    else:
        # Where half are active at all spendings that both ways have, the lowest of these bounds the crossing.
        less = " or less" if each.down <= each.ramp.spending[0] / THIN_BUDGET else ""
        lines.append(
            f"{name}: half of the clusters are active from {each.up:.1f} times the thin budget on the way up and from "
            f"{each.down:.1f}{less} on the way down, {'at least ' if less else ''}"
            f"{interval(each.crossing, '+.1f')} apart."
        )
    return lines


def _of_speed(faster: Slope, slower: Slope, ratio: Estimate | None) -> str:
    if ratio is None:
        return "Whether the gap shrinks at half the speed is not identified: at full speed none is surely there."
    told = interval(ratio, ".2f")
    if ratio.low > SHRUNK:
        return f"At half the speed the gap does not shrink towards zero: it is {told} of that at full speed."
    if ratio.high < SHRUNK:
        return f"At half the speed the gap shrinks, as where a state only lags: it is {told} of that at full speed."
    return f"Whether the gap shrinks at half the speed is not settled: it is {told} of that at full speed."


def _row(each: Slope) -> list[str]:
    places = ["-", "-"] if each.crossing is None else [f"{each.up:.1f}", f"{each.down:.1f}"]
    return [each.title, f"{each.months}", _cell(each.gap), *places, _cell(each.crossing, "+.1f")]


def _cell(found: Estimate | None, form: str = "+.3f") -> str:
    return "not identified" if found is None else f"{found.value:{form}} ({found.low:{form}} to {found.high:{form}})"

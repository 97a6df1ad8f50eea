"""How many of the clusters that are active with a programme are active in their twin without it (S16)."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.analysis.sweeps.shares import share_among
from klastersim.analysis.sweeps.twins import twins_of
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Arm
from klastersim.lab.finding import Finding, interval
from klastersim.scenario import Scenario

#: Arms for which a sentence each can be read.
MOST_SENTENCES: Final = 12

COLUMNS: Final = ("arm", "twin", "active", "of these active anyway", "share active anyway", "95 % interval")


def anyway_of(outcomes: Outcomes, base: Scenario) -> Finding | None:
    """Return how many would have been active anyway, for each arm with a programme that has a twin without.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map.
    base : Scenario
        What every point starts from.

    Returns
    -------
    Finding or None
        None where no two arms differ in a programme alone.
    """
    twins = list(twins_of(outcomes.map, base))
    if not twins:
        return None
    arms, active = outcomes.map.arms, outcomes["active"]
    sentences, rows, estimates = [], [], {}
    for number, twin in twins:
        counts, found = share_anyway(active[number], active[twin])
        rows.append([arms[number].title, arms[twin].title, *(f"{count:,}" for count in counts), *_cells(counts, found)])
        sentences.append(_told(arms[number], arms[twin], counts, found))
        if found is not None:
            estimates[f"anyway: {arms[number].name}"] = found
    if len(sentences) > MOST_SENTENCES:
        sentences = [f"How many would have been active anyway is told of {len(sentences)} arms in the table."]
    note = (
        "Of the runs that are active in the last month, how many are active there in their twin: the same place and "
        "replication without a programme. Pairs of runs of which one failed count for nothing. Exact 95 % intervals "
        "with one place, Fieller's over replications with several, as all places share the luck of one."
    )
    return Finding("anyway", "How many would have been active anyway", sentences, COLUMNS, rows, note, estimates)


def share_anyway(supported: np.ndarray, alone: np.ndarray) -> tuple[tuple[int, int], Estimate | None]:
    """Return how many runs are active, how many of these in the twin too, and the share of these.

    Parameters
    ----------
    supported, alone : ndarray of float, shape (places, replications)
        Whether runs are active, with a programme and without; NaN where a run failed.

    Returns
    -------
    tuple of int
        Active runs, and those of them that are active in the twin.
    Estimate or None
        The share; None where none is active, or too few to bound it.
    """
    both = ~(np.isnan(supported) | np.isnan(alone))
    active = np.where(both, supported, 0.0) > 0.0
    anyway = active & (alone > 0.0)
    counts = int(active.sum()), int(anyway.sum())
    return counts, share_among(anyway, active)


def _told(arm: Arm, twin: Arm, counts: tuple[int, int], found: Estimate | None) -> str:
    name = f"{arm.title[:1].upper()}{arm.title[1:]}"
    if not counts[0]:
        return f"{name}: no cluster is active, so none would have been anyway."
    share = f"{counts[1]:,} of {counts[0]:,} active clusters are active in their twin ({twin.title}) too"
    if found is None:
        return f"{name}: {share}; the share of such clusters is not identified."
    return f"{name}: {share}, {interval(found, '.3f')}."


def _cells(counts: tuple[int, int], found: Estimate | None) -> list[str]:
    if found is None:
        return [f"{counts[1] / counts[0]:.3f}" if counts[0] else "-", "not identified"]
    return [f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}"]

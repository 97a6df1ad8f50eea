"""How many of the clusters that are active with a programme are active in their twin without it (S16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.indicators.intervals import Estimate, share_interval
from klastersim.indicators.state import programme_runs
from klastersim.lab.design import Arm, Map
from klastersim.lab.finding import Finding, interval
from klastersim.lab.pairs import FEWEST, Moments
from klastersim.scenario import Scenario, parameter
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.events import EVENTS

#: Arms for which a sentence each can be read.
MOST_SENTENCES: Final = 12

#: What stands in these sections is paid for, or read, by a programme alone.
OF_PROGRAMMES: Final = ("programme.", "prices.", "mix.", "plan.", "agencies.", "participation.", "organisation.")

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
    twins = list(_twins(outcomes.map, base))
    if not twins:
        return None
    arms, active = outcomes.map.arms, outcomes["active"]
    sentences, rows, estimates = [], [], {}
    for number, twin in twins:
        counts, found = share_anyway(active[number], active[twin])
        rows.append([arms[number].title, arms[twin].title, *(f"{count:,}" for count in counts), *_cells(found)])
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


def _twins(each: Map, base: Scenario) -> Iterator[tuple[int, int]]:
    """Yield the numbers of arms with a programme at every place, and of the arm most like each that has none."""
    told = [_has_programme(each, arm, base) for arm in each.arms]
    for number, has in enumerate(told):
        fit = []
        for other, without in enumerate(told):
            if has and without is False:
                keys = _differing(each.arms[number].changes, each.arms[other].changes, base)
                if not any(_matters_alone(key) for key in keys):
                    fit.append((len(keys), other))
        if fit:
            yield number, min(fit)[1]


def _has_programme(each: Map, arm: Arm, base: Scenario) -> bool | None:
    """Tell whether an arm has a programme at every place, or at none; None where it has one at some."""
    varied = any(axis.key in ("programme.enabled", "programme.budget") for axis in each.axes)
    places: Sequence[Mapping[str, Any]] = list(islice(each.coordinates(), None if varied else 1)) or [{}]
    found = {_runs(base.replace({**arm.changes, **place}, where="sweep")) for place in places}
    return found.pop() if len(found) == 1 else None


def _runs(scenario: Scenario) -> bool:
    paid = any(event.kind == "programme" and event.get("budget") > 0.0 for event in scenario.events)
    return programme_runs(scenario) or paid


def _differing(here: Mapping[str, Any], there: Mapping[str, Any], base: Scenario) -> list[str]:
    """Return the keys in which two arms differ."""
    missing = {key: base[key] if key in CATALOGUE else None for key in {**here, **there}}
    return [key for key, value in missing.items() if here.get(key, value) != there.get(key, value)]


def _matters_alone(key: str) -> bool:
    """Tell whether a key can change a cluster that has no programme."""
    return key == EVENTS or not (key.startswith(OF_PROGRAMMES) or parameter(key).kind == "lever")


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
    if not counts[0]:
        return counts, None
    value = counts[1] / counts[0]
    if len(active) == 1:
        return counts, Estimate(value, *share_interval(counts[1], counts[0]))
    pairs = np.stack([anyway.sum(axis=0), active.sum(axis=0)], axis=1)[both.any(axis=0)].astype(float)
    return counts, _clustered(value, pairs)


def _clustered(value: float, pairs: np.ndarray) -> Estimate | None:
    """Return a share with its interval over replications, from what each had of both; None if it has no bounds."""
    if len(pairs) < FEWEST:
        return None
    if value in (0.0, 1.0):
        # All replications with an active run agree: what so many independent ones leave open.
        there = int((pairs[:, 1] > 0.0).sum())
        return Estimate(value, *share_interval(round(value * there), there))
    sums = Moments(2)
    for pair in pairs:
        sums.take_up(pair)
    ends = sums.ratio(0, 1)
    return None if ends is None else Estimate(value, max(0.0, ends[0]), min(1.0, ends[1]))


def _told(arm: Arm, twin: Arm, counts: tuple[int, int], found: Estimate | None) -> str:
    name = f"{arm.title[:1].upper()}{arm.title[1:]}"
    if not counts[0]:
        return f"{name}: no cluster is active, so none would have been anyway."
    share = f"{counts[1]:,} of {counts[0]:,} active clusters are active in their twin ({twin.title}) too"
    if found is None:
        return f"{name}: {share}; the share of such clusters is not identified."
    return f"{name}: {share}, {interval(found, '.3f')}."


def _cells(found: Estimate | None) -> list[str]:
    if found is None:
        return ["-", "not identified"]
    return [f"{found.value:.3f}", f"{found.low:.3f} to {found.high:.3f}"]

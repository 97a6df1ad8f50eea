"""What is left when a programme ends: persistence, late activation, gain left, deadweight, arm by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from klastersim.analysis.patterns.persistence import FEWEST as FEWEST_ACTIVATED
from klastersim.analysis.sweeps.fates import Fates, fates_of, has_gain
from klastersim.analysis.sweeps.outcomes import Outcomes, mean_over, share_of
from klastersim.analysis.sweeps.shares import ratio_of, share_among, share_less
from klastersim.analysis.sweeps.twins import endings_of
from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import GRADES, PERSISTENCE
from klastersim.lab.finding import Finding, interval, is_sure
from klastersim.lab.pairs import FEWEST
from klastersim.scenario import Scenario

#: The look on which arms are compared.
LOOK: Final = 60

#: Grades of sentra that gained, from all of the gain to none of it coming anyway.
GAINED: Final = ("absolute", "partial", "zero")

LEFT_COLUMNS: Final = (
    "arm",
    "activated",
    *(f"of these active {n} months after" for n in PERSISTENCE),
    "late activation",
    "late less the reverse",
    *(f"gain left {n} months after" for n in PERSISTENCE),
)


@dataclass(frozen=True)
class Left:
    """What is left under one arm, each with its interval; None where it is not identified.

    Attributes
    ----------
    title : str
        The arm.
    counts : tuple of int
        Pairs of runs in which the cluster was activated, and all.
    activated : Estimate or None
        Share of clusters activated.
    lasting : sequence of Estimate or None
        Of these, the share active at each look.
    late, net : Estimate or None
        Share activated late, and that share less the reverse.
    gains : sequence of Estimate or None
        Share of the gain that is left at each look.
    """

    title: str
    counts: tuple[int, int]
    activated: Estimate | None
    lasting: Sequence[Estimate | None]
    late: Estimate | None
    net: Estimate | None
    gains: Sequence[Estimate | None]


def exits_of(outcomes: Outcomes, base: Scenario) -> list[Finding]:
    """Return what is left after each programme of a map that ends, and how its arms compare.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map, with what is told of every year.
    base : Scenario
        What every point starts from.
    """
    found: list[tuple[str, Fates]] = [
        (outcomes.map.arms[arm].name, fates_of(outcomes, arm, twin, ending))
        for arm, twin, ending in endings_of(outcomes.map, base, ramps=False)
    ]
    if not found:
        return []
    findings = [_left(found)]
    if len(found) > 1:
        findings.append(_compared(found))
    return [*findings, _deadweight(found)]


def left_of(fates: Fates) -> Left:
    """Return what is left under an arm."""
    return Left(
        fates.title,
        (int(fates.activated.sum()), int(fates.told.sum())),
        _share(fates, fates.activated),
        [share_among(each, fates.activated) for each in fates.lasting],
        _share(fates, fates.late),
        _share(fates, fates.late.astype(float) - fates.reverse, -1.0),
        [_gain_left(fates, each) for each in fates.left],
    )


def _share(fates: Fates, values: np.ndarray, low: float = 0.0) -> Estimate | None:
    """Return the mean over all pairs that were finished, with its interval over replications, from `low` to 1."""
    found = share_of(mean_over(np.where(fates.told, values, np.nan), axis=0))
    return None if found is None else Estimate(found.value, max(low, found.low), min(1.0, found.high))


def _gain_left(fates: Fates, left: np.ndarray) -> Estimate | None:
    return ratio_of(mean_over(left, axis=0), mean_over(fates.gained, axis=0)) if has_gain(fates) else None


def _left(found: Sequence[tuple[str, Fates]]) -> Finding:
    told = [left_of(fates) for _, fates in found]
    rows = [_row(each) for each in told]
    estimates = {
        f"persistence_{n}: {name}": part
        for (name, _), each in zip(found, told, strict=True)
        for n, part in zip(PERSISTENCE, each.lasting, strict=True)
        if part is not None
    }
    note = (
        "Activated: active in the programme's last month, the twin without it not, orders that it paid for left out; "
        "looks are months after its end. Late activation: not active at the end, active 120 months later, the twin "
        "not; the reverse: only the twin active then. Gain left: value added of the twelve months to each look "
        "beyond that of the twin, over that of the programme's last twelve, a ratio of means; not identified where "
        "the latter is under 2 % of the base or not surely other than zero. 95 % intervals over replications: "
        "Student's of shares of all clusters, Fieller's of the others, exact with one place."
    )
    sentences = [line for each in told for line in _said(each)]
    return Finding("left", "What is left", sentences, LEFT_COLUMNS, rows, note, estimates, told)


def _row(each: Left) -> list[str]:
    shares = [_cell(part) for part in (each.activated, *each.lasting, each.late)]
    return [each.title, *shares, _cell(each.net, "+.3f"), *(_cell(part, ".2f") for part in each.gains)]


def _said(each: Left) -> list[str]:
    name = f"{each.title[:1].upper()}{each.title[1:]}"
    if each.activated is None:
        return [f"{name}: not identified with fewer than {FEWEST} replications."]
    share = f"{each.counts[0]:,} of {each.counts[1]:,} clusters are activated, {interval(each.activated, '.3f')}"
    lines = [f"{name}: {share}."]
    if each.counts[0]:
        shares = _told(each.lasting, ".3f", "many are", "are")
        lines.append(f"{name}: of these {shares} active {_months()} months after the end.")
    if each.late is not None and each.net is not None:
        word = "" if is_sure(each.net) else ", which is not identified to be more than chance"
        lines.append(
            f"{name}: {interval(each.late, '.3f')} of all turn active only after the end, "
            f"{interval(each.net)} beyond the reverse{word}."
        )
    gains = _told(each.gains, ".2f", "much is", "is")
    lines.append(f"{name}: of the gain in value added at its end {gains} left {_months()} months after.")
    return lines


def _compared(found: Sequence[tuple[str, Fates]]) -> Finding:
    """Compare what lasts under each arm with the first whose programme activated enough clusters."""
    enough = [fates for _, fates in found if fates.activated.sum() >= FEWEST_ACTIVATED]
    first = enough[0] if enough else found[0][1]
    others = [(name, fates) for name, fates in found if fates is not first]
    rows, sentences, estimates = [], [], {}
    for name, fates in others:
        told = [
            share_less(here, fates.activated, there, first.activated)
            if fates.activated.sum() >= FEWEST_ACTIVATED
            else None
            for here, there in zip(fates.lasting, first.lasting, strict=True)
        ]
        rows.append([fates.title, *(_cell(each, "+.3f") for each in told)])
        change = told[PERSISTENCE.index(LOOK)]
        what = f"of the clusters activated the share active {LOOK} months after the end"
        begin = f"{fates.title[:1].upper()}{fates.title[1:]} against {first.title}"
        if change is None:
            sentences.append(f"{begin}: {what} cannot be compared, too few are activated.")
            continue
        estimates[f"persistence: {name}"] = change
        sure = "moves by" if is_sure(change) else "is not identified to move, by"
        sentences.append(f"{begin}: {what} {sure} {interval(change)}.")
    note = (
        f"Differences from {first.title}, the first that activated at least {FEWEST_ACTIVATED} clusters, of the shares "
        "of clusters that each programme activated, which are not the same clusters; not identified where fewer were. "
        "95 % intervals by the jackknife over replications."
    )
    columns = ("arm", *(f"share active {n} months after" for n in PERSISTENCE))
    return Finding("lasting", "Does more of it last", sentences, columns, rows, note, estimates)


def _deadweight(found: Sequence[tuple[str, Fates]]) -> Finding:
    rows, sentences = [], []
    for _, fates in found:
        told = {grade: _share(fates, fates.grades == place) for place, grade in enumerate(GRADES)}
        rows.append([fates.title, *(_cell(told[grade]) for grade in GRADES)])
        parts = [f"{interval(share, '.3f')} {grade}" for grade in GAINED if (share := told[grade]) is not None]
        if parts:
            name = f"{fates.title[:1].upper()}{fates.title[1:]}"
            words = f"as shares of all sentra, deadweight is {_listed(parts)}; the others do not gain"
            sentences.append(f"{name}: {words}.")
    note = (
        "Each sentra by itself: value added of the 36 months to 60 months after the end against 36 months before the "
        "start, with the programme (g1) and in the twin (g0). No gain: g1 under 2 % of the base either way; of those "
        "that gain, absolute: g0/g1 at least 0.9, zero: at most 0.1, partial: between; loss avoided: less lost than in "
        "the twin. Value added moves by 2 % in many sentra without any programme too, so that half of a grade may be "
        "luck. Student's 95 % intervals over replications."
    )
    return Finding("deadweight", "Deadweight per sentra", sentences, ("arm", *GRADES), rows, note)


def _cell(found: Estimate | None, form: str = ".3f") -> str:
    return "not identified" if found is None else f"{found.value:{form}} ({found.low:{form}} to {found.high:{form}})"


def _told(looks: Sequence[Estimate | None], form: str, how: str, verb: str) -> str:
    if all(each is None for each in looks):
        return f"it is not identified how {how}"
    return _listed(["not identified" if each is None else interval(each, form) for each in looks]) + f" {verb}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _months() -> str:
    return _listed([str(n) for n in PERSISTENCE])

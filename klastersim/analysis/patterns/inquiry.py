"""Look at patterns, at where they should come out otherwise, and at draws from the evidence's ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from klastersim.analysis.patterns.catalogue import PATTERNS, Pattern
from klastersim.analysis.patterns.draws import shares
from klastersim.analysis.patterns.page import Told
from klastersim.lab.folder import Folder


def inquire(patterns: Sequence[Pattern] = PATTERNS, say: Callable[[str], None] = lambda line: None) -> list[Told]:
    """Look at each pattern, and at its counter-tests, with the committed replications and seed.

    Parameters
    ----------
    patterns : sequence of Pattern
        What to look at.
    say : callable
        Told of each look as it is done.

    Returns
    -------
    list of Told
        One for each pattern.
    """
    told = []
    for pattern in patterns:
        finding = pattern.find()
        say(f"pattern {pattern.number} {pattern.name}: {finding.verdict}")
        told.append(Told(pattern, finding, tuple((each, pattern.find_with(each)) for each in pattern.counters)))
    return told


def with_draws(
    told: Sequence[Told],
    draws: int,
    progress: Callable[[int], None] = lambda done: None,
    folder: Folder | None = None,
) -> list[Told]:
    """Look at each pattern in draws of the parameters from the evidence's ranges as well.

    Parameters
    ----------
    told : sequence of Told
        What was found.
    draws : int
        How many draws.
    progress : callable
        Told how many are done, at the beginning too.
    folder : Folder, optional
        Where they are kept as they are found.

    Returns
    -------
    list of Told
        The same, with the draws counted by verdict.
    """
    tallies = shares([each.pattern for each in told], draws, progress=progress, folder=folder)
    return [replace(each, tally=tallies.get(k)) for k, each in enumerate(told)]


def as_record(told: Told) -> dict[str, Any]:
    """Return what was found as plain values, ready for JSON: the finding, its counter-tests and its draws."""
    counters = [{"with": counter.name, **finding.to_dict()} for counter, finding in told.counters]
    draws = None if told.tally is None else dict(told.tally)
    return {"name": told.pattern.name, **told.finding.to_dict(), "counters": counters, "draws": draws}

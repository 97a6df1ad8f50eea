"""Who gains: what an arm changes for the spread of profits and for micro firms, on the same luck."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes, mean_of, mean_over, share_of
from klastersim.indicators.intervals import Estimate
from klastersim.lab.finding import Finding, interval, is_sure
from klastersim.lab.pairs import FEWEST

#: Arms for which a sentence each can be read.
MOST_SENTENCES: Final = 12

GINI, MICRO = "profit_gini", "micro_profit"


def gains_of(outcomes: Outcomes) -> Finding | None:
    """Return who gains under each arm of a map against the first.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map.

    Returns
    -------
    Finding or None
        None where there is one arm only, or too many to tell apart.
    """
    arms = outcomes.map.arms
    if not 2 <= len(arms) <= MOST_SENTENCES:
        return None
    if outcomes.replications < FEWEST:
        return Finding("gains", "Who gains", ["Not identified with fewer than six replications."])
    rows, sentences, estimates = [], [], {}
    for number, arm in enumerate(arms[1:], 1):
        active, gini, micro = (added(outcomes, name, number) for name in ("active", GINI, MICRO))
        rows.append([arm.title, *(_cell(each) for each in (active, gini, micro))])
        sentences.append(f"{arm.title[:1].upper()}{arm.title[1:]} against {arms[0].title}: {_told(gini, micro)}")
        if micro is not None:
            estimates[f"{MICRO}: {arm.name}"] = micro
    return Finding(
        "gains", "Who gains", sentences,
        ("arm", "P(active)", "Gini of profits", "profit of a micro firm [Rp million]"), rows,
        f"Differences from {arms[0].title}, means over places and replications on the same luck, with 95 % intervals "
        "(Student's over replications), of the last month. The Gini coefficient is not defined where a firm "
        "makes a loss; "
        "micro firms have fewer than five workers.",
        estimates,
    )  # fmt: skip


def added(outcomes: Outcomes, name: str, arm: int) -> Estimate | None:
    """Return what an arm adds to an output of the first arm, pair by pair."""
    change = mean_over(outcomes[name][arm] - outcomes[name][0], axis=0)
    return share_of(np.asarray(change)) if name == "active" else mean_of(np.asarray(change))


def _cell(found: Estimate | None) -> str:
    return "not identified" if found is None else f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def _told(gini: Estimate | None, micro: Estimate | None) -> str:
    parts = [
        _part(gini, "the Gini coefficient of profits"),
        _part(micro, "the monthly profit of a micro firm", " Rp million"),
    ]
    return "; ".join(parts) + "."


def _part(found: Estimate | None, what: str, unit: str = "") -> str:
    if found is None:
        return f"what becomes of {what} is not identified"
    if not is_sure(found):
        return f"no change of {what} identified, {interval(found)}{unit}"
    return f"{what} moves by {interval(found)}{unit}"

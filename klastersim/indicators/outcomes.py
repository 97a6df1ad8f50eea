"""What a programme changed: twins that share every shock, with and without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klastersim.indicators.state import SUSTAINED
from klastersim.scenario import Scenario
from klastersim.world.layout import YEAR

#: Months over which the outcome and its base are taken.
WINDOW = 36

#: A change under this share of the base is no gain.
NO_GAIN = 0.02

#: Shares of the gain that would have come anyway, from which deadweight is absolute, and up to which it is zero.
ABSOLUTE = 0.9
ZERO = 0.1

#: Months after the programme's end at which persistence is read.
PERSISTENCE = (24, 60, 120)


@dataclass(frozen=True, slots=True)
class Deadweight:
    """How much of a sentra's gain would have come without the programme.

    Attributes
    ----------
    gain_with, gain_without : float
        Change of value added over 36 months, to 60 months after the end, against the 36 months before the start, with
        and without the programme; Rp million.
    grade : str
        "no gain", "absolute", "partial", "zero", "loss avoided" or "loss".
    """

    gain_with: float
    gain_without: float
    grade: str


def grade_of(gain_with: float, gain_without: float, base: float) -> str:
    """Grade the deadweight of a gain; bounds as declared in this module."""
    if abs(gain_with) < NO_GAIN * abs(base):
        return "no gain"
    if gain_with <= 0.0:
        return "loss avoided" if gain_without < gain_with else "loss"
    share = gain_without / gain_with
    if share >= ABSOLUTE:
        return "absolute"
    return "zero" if share <= ZERO else "partial"


def deadweight_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> Deadweight | None:
    """Compare the value added of two twins; None where the run is too short, or the programme starts too early."""
    start, measured = scenario["programme.start"], scenario["programme.end"] + SUSTAINED
    if start <= WINDOW or len(with_) < measured:
        return None
    base = float(with_["value_added"][start - 1 - WINDOW : start - 1].sum())
    after = [float(series["value_added"][measured - WINDOW : measured].sum()) for series in (with_, without)]
    gains = [value - base for value in after]
    return Deadweight(gains[0], gains[1], grade_of(gains[0], gains[1], base))


def persistence_of(with_: np.ndarray, without: np.ndarray, scenario: Scenario) -> dict[str, bool | None]:
    """Whether a programme's effect lasted, in one pair of twins.

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
    at_end, twin_at_end = bool(with_["active"][end - 1]), bool(without["active"][end - 1])
    activated = at_end and not twin_at_end
    after = {
        f"active_after_{n}": bool(with_["active"][end + n - 1]) if activated and len(with_) >= end + n else None
        for n in PERSISTENCE
    }
    late = not at_end and bool(with_["active"][-1]) and not bool(without["active"][-1])
    return {"activated": activated, **after, "late": late}


def firm_effects(with_: np.ndarray, without: np.ndarray, supported: np.ndarray) -> dict[str, int]:
    """Count firms by what their twin says of them.

    Parameters
    ----------
    with_, without : ndarray of float, shape (firms,)
        Outcome of each firm, Rp million.
    supported : ndarray of bool, shape (firms,)
        Whether the programme reached the firm.

    Returns
    -------
    dict
        Firms that ``gained`` and ``lost`` among the supported; ``spillover`` (not supported, gained) and
        ``displacement`` (not supported, lost). Changes under 2 % of the twin's outcome do not count.
    """
    change = with_ - without
    clear = np.abs(change) >= NO_GAIN * np.abs(without)
    up, down = clear & (change > 0.0), clear & (change < 0.0)
    return {
        "gained": int((up & supported).sum()),
        "lost": int((down & supported).sum()),
        "spillover": int((up & ~supported).sum()),
        "displacement": int((down & ~supported).sum()),
    }

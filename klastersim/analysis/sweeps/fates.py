"""What became of clusters after a programme ended, against their twins without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klastersim.analysis.sweeps.outcomes import Outcomes
from klastersim.indicators.outcomes import GRADES, NO_GAIN, PERSISTENCE, grade_of
from klastersim.lab.endings import Ending
from klastersim.world.layout import SUSTAINED, WINDOW, YEAR


@dataclass(frozen=True)
class Fates:
    """What became of the pairs of runs of one arm and its twin; arrays have the shape (places, replications).

    Attributes
    ----------
    title : str
        The arm.
    told : ndarray of bool
        Whether both runs were finished; the others are false everywhere, or NaN.
    activated : ndarray of bool
        Active in the programme's last month, the twin not, without orders that it paid for.
    lasting : ndarray of bool, shape (looks, places, replications)
        Of these, active so many months after the end: 24, 60 and 120.
    late, reverse : ndarray of bool
        Not active at the end, active 120 months later and the twin not; and the twin active then, they not.
    gained : ndarray of float
        Value added in the programme's last year, less that of the twin, Rp million.
    left : ndarray of float, shape (looks, places, replications)
        The same in the year up to each look.
    base : ndarray of float
        Value added of a year before the programme, mean over three, Rp million.
    grades : ndarray of int
        Grade of deadweight, a place in `GRADES`; -1 where nothing is told.
    """

    title: str
    told: np.ndarray
    activated: np.ndarray
    lasting: np.ndarray
    late: np.ndarray
    reverse: np.ndarray
    gained: np.ndarray
    left: np.ndarray
    base: np.ndarray
    grades: np.ndarray


def fates_of(outcomes: Outcomes, arm: int, twin: int, ending: Ending) -> Fates:
    """Follow the clusters of an arm and their twins from before a programme to 120 months after its end.

    The definitions are those of `klastersim.indicators.outcomes`, of many pairs at once.

    Parameters
    ----------
    outcomes : Outcomes
        Runs of a map, with what is told of every year.
    arm, twin : int
        Numbers of the arm and of its twin.
    ending : Ending
        When the programme begins and ends, in whole years.
    """
    years = ending.measured // YEAR
    active, value = (outcomes.by_year(name, years)[[arm, twin]] for name in ("active_own", "value_added"))
    told = ~np.isnan(active[..., -1]).any(axis=0)
    end = ending.end // YEAR
    looks = [end + months // YEAR for months in PERSISTENCE]

    def at(year: int) -> tuple[np.ndarray, np.ndarray]:
        return tuple(active[..., year - 1] > 0.0)

    (here, there), (last, twin_last) = at(end), at(looks[-1])
    activated = here & ~there & told
    gain = np.where(told[..., None], value[0] - value[1], np.nan)
    return Fates(
        title=outcomes.map.arms[arm].title,
        told=told,
        activated=activated,
        lasting=np.array([at(look)[0] & activated for look in looks]),
        late=~here & last & ~twin_last & told,
        reverse=~here & ~last & twin_last & told,
        gained=gain[..., end - 1],
        left=np.array([gain[..., look - 1] for look in looks]),
        base=np.where(told, value[0][..., _before(ending)].mean(axis=-1), np.nan),
        grades=_grades(value, told, ending),
    )


def _before(ending: Ending) -> slice:
    return slice((ending.base_from - 1) // YEAR, (ending.start - 1) // YEAR)


def _grades(value: np.ndarray, told: np.ndarray, ending: Ending) -> np.ndarray:
    """Grade value added over three years to 60 months after the end, against three years before the start."""
    measured = (ending.end + SUSTAINED) // YEAR
    base = value[0][..., _before(ending)].sum(axis=-1)
    after = value[..., measured - WINDOW // YEAR : measured].sum(axis=-1)
    found = np.full(told.shape, -1)
    for place in zip(*np.nonzero(told), strict=True):
        own = float(base[place])
        found[place] = GRADES.index(grade_of(float(after[0][place]) - own, float(after[1][place]) - own, own))
    return found


def has_gain(fates: Fates) -> bool:
    """Tell whether the mean gain of the programme's last year is at least 2 % of the base."""
    return bool(abs(np.nanmean(fates.gained)) >= NO_GAIN * abs(np.nanmean(fates.base)))

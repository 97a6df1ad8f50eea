"""When the programmes of an experiment begin and end, and whether whole years tell of what is left of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from klastersim.errors import InputError, refuse
from klastersim.indicators.outcomes import PERSISTENCE, window_before
from klastersim.indicators.state import programme_runs
from klastersim.lab.design import Arm, Map
from klastersim.scenario import Scenario
from klastersim.world.layout import WINDOW, YEAR

#: Steps in which a ramp's budget is looked at, each of whole years, on the way up and as many on the way down.
STEPS: Final = 10

KEYS: Final = ("programme.start", "programme.end", "programme.path", "programme.enabled")


@dataclass(frozen=True)
class Ending:
    """A programme's dates.

    Attributes
    ----------
    start, end : int
        Its first and last month.
    base_from : int
        First month of what it is measured against, which ends before its first.
    is_ramp : bool
        Whether its budget rises evenly to half-time and falls back, so that it is looked at while it runs.
    """

    start: int
    end: int
    base_from: int
    is_ramp: bool

    @property
    def measured(self) -> int:
        """The last month that is looked at."""
        return self.end if self.is_ramp else self.end + PERSISTENCE[-1]


def ending_of(arm: Arm, base: Scenario) -> Ending | None:
    """Return the dates of an arm's programme; None if it has none."""
    scenario = base.replace(arm.changes, where="sweep")
    if not programme_runs(scenario):
        return None
    is_ramp = scenario["programme.path"] == "ramp"
    return Ending(scenario["programme.start"], scenario["programme.end"], window_before(scenario)[0], is_ramp)


def refuse_unfit_endings(maps: Sequence[Map], base: Scenario, months: int, where: str) -> None:
    """Refuse programmes of which whole years would not tell what is left.

    Parameters
    ----------
    maps : sequence of Map
        Of the experiment.
    base : Scenario
        What every point starts from.
    months : int
        Length of runs on maps that have none of their own.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        All that is wrong.
    """
    problems: list[InputError] = []
    has_twins = False
    for each in maps:
        for axis in each.axes:
            if axis.key in KEYS:
                remedy = "Put it into arms: what is left is told arm by arm."
                problems.append(InputError(where, axis.key, problem=f"is swept by {each.name}", remedy=remedy))
        length = months if each.months is None else each.months
        endings = [ending_of(arm, base) for arm in each.arms]
        has_twins |= None in endings and any(endings)
        for arm, ending in zip(each.arms, endings, strict=True):
            if ending is not None:
                problems += _unfit(ending, length, f"{where}, {each.name}, arm {arm.name}")
    if not has_twins:
        remedy = "Give a map an arm without a programme, and arms with one."
        problem = "has no programme to be compared with none"
        problems.append(InputError(f"{where}, [analysis]", "kind", "exit", problem=problem, remedy=remedy))
    refuse(problems)


def _unfit(ending: Ending, months: int, where: str) -> list[InputError]:
    found = []
    if ending.start % YEAR != 1 or ending.base_from != ending.start - WINDOW:
        allowed = "the first month of a year, from 49 on"
        remedy = "What is left is told by whole years, against three before the programme, such as from month 61 on."
        found.append(InputError(where, "programme.start", ending.start, allowed, remedy))
    if ending.end % YEAR:
        allowed = "the last month of a year, such as 120 or 132"
        found.append(InputError(where, "programme.end", ending.end, allowed, "What is left is told by whole years."))
    if ending.is_ramp and (ending.end - ending.start + 1) % (2 * STEPS * YEAR):
        allowed = (
            f"a ramp of {2 * STEPS * YEAR} months or a multiple, so that each of {2 * STEPS} steps has whole years"
        )
        found.append(InputError(where, "programme.end", ending.end, allowed))
    if ending.measured > months:
        allowed = f"at least {ending.measured}"
        remedy = "Run the map longer: months stands at the head of the file, or under [maps.NAME]."
        found.append(InputError(where, "months", months, allowed, remedy))
    return found

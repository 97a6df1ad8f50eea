"""What a programme did to single firms: each followed by site and birth through two twins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klastersim.indicators.outcomes import GAINS, GRADES, NO_GAIN, grade_of
from klastersim.world.layout import HERE, LEFT_SUPPORTED, NOBODY_THEN, VACANT, WINDOW, World


@dataclass(frozen=True, slots=True)
class FirmEffects:
    """What a programme did to the firms of one sentra, by an outcome over the third to fifth year after its end.

    Attributes
    ----------
    gained, lost : int
        Supported firms that have at least 2 % more, or less, than in their twin.
    spillover, displacement : int
        The same among firms that the programme never reached.
    grades : dict of str to int
        Firms by grade of deadweight, each against its own base, of those that were there through all of it.
    supported_grades : dict of str to int
        The same of those among them that the programme reached.
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
    supported_grades: dict[str, int]
    closed_with: int = 0
    closed_without: int = 0
    replaced: int = 0

    @property
    def deadweight(self) -> dict[str, float] | None:
        """Share of the three grades among supported firms that gained; None where none did."""
        gained = sum(self.supported_grades[grade] for grade in GAINS)
        return {grade: self.supported_grades[grade] / gained for grade in GAINS} if gained else None


def noted(world: World, outcome: str) -> np.recarray:
    """Return the records in which firms noted an outcome."""
    return world.firms if outcome == "value_added" else world.outcomes


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
        Outcome of each firm over the 36 months to the measuring date: value added, Rp million, if not said otherwise.
    base : ndarray of float, shape (firms,)
        The same before the programme.
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
    whole = np.ones(len(base), bool) if graded is None else graded
    rows = zip(with_.tolist(), without.tolist(), bases.tolist(), strict=True)
    grades = np.array([grade_of(y1 - own, y0 - own, own) for y1, y0, own in rows], dtype=object)
    return FirmEffects(
        gained=int((up & supported).sum()),
        lost=int((down & supported).sum()),
        spillover=int((up & ~supported).sum()),
        displacement=int((down & ~supported).sum()),
        grades=_counted(grades[whole]),
        supported_grades=_counted(grades[whole & supported]),
    )


def _counted(grades: np.ndarray) -> dict[str, int]:
    return {grade: int((grades == grade).sum()) for grade in GRADES}

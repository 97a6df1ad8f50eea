"""What a hypothesis says of one arm or one factor, in a form that the numbers can contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from klastersim.errors import InputError
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Map, only
from klastersim.lab.request import Request, one_of

EXPECTED: Final = "expected"
CHANGES: Final = ("more", "less", "none")

#: Said of a factor among others: that none matters more.
MOST: Final = "most"

#: What an analysis tells under other names than those of parameters.
TOLD: Final[Mapping[str, tuple[str, ...]]] = {"field_study": ("bias", "effect")}


@dataclass(frozen=True)
class Expectation:
    """What is expected of one arm against the first of its map, or of one factor that an analysis tells of.

    Attributes
    ----------
    map, arm : str
        Which arm; empty where a factor is meant.
    change : str
        "more", "less" or "none"; of a factor also "most": no other matters more.
    factor : str
        A parameter, or what else an analysis tells of; empty where an arm is meant.
    """

    map: str
    arm: str
    change: str
    factor: str = ""

    def verdict(self, found: Estimate | None, others: Mapping[str, Estimate] | None = None) -> str:
        """Return whether what was found agrees.

        Parameters
        ----------
        found : Estimate or None
            What the arm adds to the share active of the first, or what was found of the factor; None if that is not
            known.
        others : mapping of str to Estimate, optional
            The same of other factors, for "most".
        """
        if found is None:
            return "Not identified: too few runs to tell whether the hypothesis holds."
        interval = f"{found.value:+.3f}, 95 % interval {found.low:+.3f} to {found.high:+.3f}"
        if self.change == MOST:
            return self._ranked(found, others or {})
        if found.low <= 0.0 <= found.high:
            if self.change == "none":
                return f"The hypothesis of no difference is not contradicted ({interval})."
            return f"Not identified: the interval of the difference holds zero ({interval})."
        agrees = self.change == ("more" if found.value > 0.0 else "less")
        return f"This {'agrees with' if agrees else 'contradicts'} the hypothesis ({interval})."

    def _ranked(self, found: Estimate, others: Mapping[str, Estimate]) -> str:
        """Say whether a factor matters most; its interval may overlap that of no other."""
        rest = {key: each for key, each in others.items() if key != self.factor}
        if not rest:
            return "Not identified: there is nothing to compare with."
        key, next_to = max(rest.items(), key=lambda each: each[1].value)
        words = (
            f"{self.factor} {found.value:.3f}, 95 % interval {found.low:.3f} to {found.high:.3f}; "
            f"{key} {next_to.value:.3f}, {next_to.low:.3f} to {next_to.high:.3f}"
        )
        if found.low > next_to.high:
            return f"This agrees with the hypothesis ({words})."
        if next_to.low > found.high:
            return f"This contradicts the hypothesis ({words})."
        return f"Not identified: the intervals of the two that matter most overlap ({words})."


def read_expectation(
    tables: Mapping[str, Any], maps: Sequence[Map], where: str, request: Request | None = None
) -> Expectation | None:
    """Read the table ``[expected]``; None if there is none.

    Raises
    ------
    InputError
        If it names no arm of a map that could be compared with the first and no factor, or no change.
    """
    if EXPECTED not in tables:
        return None
    table, inside = tables[EXPECTED], f"{where}, [{EXPECTED}]"
    if not isinstance(table, Mapping):
        raise InputError(where, EXPECTED, table, "a table", 'Write [expected] and under it arm = "..." and change.')
    only(table, ("map", "arm", "factor", "change"), inside)
    each = {each.name: each for each in maps}[one_of(table, "map", [each.name for each in maps], inside, maps[0].name)]
    if "factor" in table:
        if "arm" in table:
            raise InputError(inside, "factor", problem="stands beside arm", remedy="Expect one of the two.")
        known = _factors(each, request)
        return Expectation(each.name, "", one_of(table, "change", (*CHANGES, MOST), inside),
                           one_of(table, "factor", known, inside))  # fmt: skip
    arms = [arm.name for arm in each.arms[1:]]
    if not arms:
        raise InputError(inside, problem=f"has no arm to compare with the first of {each.name}")
    return Expectation(each.name, one_of(table, "arm", arms, inside), one_of(table, "change", CHANGES, inside))


def _factors(each: Map, request: Request | None) -> list[str]:
    """Return what an analysis of a map may tell of: what is varied, and what was asked for besides."""
    keys = [axis.key for axis in each.axes] + [key for arm in each.arms for key in arm.changes]
    told = TOLD.get(request.kind, ()) if request is not None and request.map == each.name else ()
    return list(dict.fromkeys([*keys, *told]))

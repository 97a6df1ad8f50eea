"""What a hypothesis says of one arm, in a form that the numbers can contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Map, only

EXPECTED: Final = "expected"
CHANGES: Final = ("more", "less", "none")


@dataclass(frozen=True)
class Expectation:
    """That an arm turns more clusters active than the first arm of its map, or fewer, or that it makes no difference.

    Attributes
    ----------
    map, arm : str
        Which arm.
    change : str
        "more", "less" or "none".
    """

    map: str
    arm: str
    change: str

    def verdict(self, found: Estimate | None) -> str:
        """Return whether what was found agrees.

        Parameters
        ----------
        found : Estimate or None
            What the arm adds to the share active of the first; None if that is not known.
        """
        if found is None:
            return "Not identified: too few replications to tell whether the hypothesis holds."
        interval = f"{found.value:+.3f}, 95 % interval {found.low:+.3f} to {found.high:+.3f}"
        if found.low <= 0.0 <= found.high:
            if self.change == "none":
                return f"The hypothesis of no difference is not contradicted ({interval})."
            return f"Not identified: the interval of the difference holds zero ({interval})."
        agrees = self.change == ("more" if found.value > 0.0 else "less")
        return f"This {'agrees with' if agrees else 'contradicts'} the hypothesis ({interval})."


def read_expectation(tables: Mapping[str, Any], maps: Sequence[Map], where: str) -> Expectation | None:
    """Read the table ``[expected]``; None if there is none.

    Raises
    ------
    InputError
        If it names no arm of a map that could be compared with the first, or no change.
    """
    if EXPECTED not in tables:
        return None
    table, inside = tables[EXPECTED], f"{where}, [{EXPECTED}]"
    if not isinstance(table, Mapping):
        raise InputError(where, EXPECTED, table, "a table", 'Write [expected] and under it arm = "..." and change.')
    only(table, ("map", "arm", "change"), inside)
    names = [each.name for each in maps]
    name = _one_of(table, "map", names, inside, maps[0].name)
    arms = [arm.name for each in maps if each.name == name for arm in each.arms[1:]]
    if not arms:
        raise InputError(inside, problem=f"has no arm to compare with the first of {name}")
    return Expectation(name, _one_of(table, "arm", arms, inside), _one_of(table, "change", CHANGES, inside))


def _one_of(table: Mapping[str, Any], key: str, known: Sequence[str], where: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(f'"{each}"' for each in known)
        remedy = did_you_mean(value, known) if isinstance(value, str) else ""
        raise InputError(where, key, value, f"one of {listed}", remedy)
    return value

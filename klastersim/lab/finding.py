"""What an analysis found of a map: sentences, a table, numbers that an expectation can name, and data for a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klastersim.indicators.intervals import Estimate


@dataclass(frozen=True)
class Finding:
    """Something that was made of the runs of a map.

    Attributes
    ----------
    name, title : str
        Short name, part of a file's name, and what a reader is told.
    sentences : sequence of str
        What it says, computed from the numbers.
    columns : sequence of str
        Head of its table.
    rows : sequence of sequence of str
        The table.
    note : str
        How it was computed.
    estimates : mapping of str to Estimate
        Numbers that an expectation can name, with intervals.
    data : object, optional
        What a figure is drawn from; None where there is none.
    """

    name: str
    title: str
    sentences: Sequence[str]
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    note: str = ""
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    data: Any = None

    def picture(self, map_name: str) -> str:
        """Return the name, without ending, of the file that its figure is in."""
        return f"{map_name}-{self.name}"


#: By the name of a map.
Findings = Mapping[str, Sequence[Finding]]


def interval(found: Estimate, form: str = "+.3f") -> str:
    """Return a number and its interval in words.

    Examples
    --------
    >>> interval(Estimate(0.1, 0.05, 0.15))
    '+0.100 (95 % interval +0.050 to +0.150)'
    """
    return f"{found.value:{form}} (95 % interval {found.low:{form}} to {found.high:{form}})"


def is_sure(found: Estimate) -> bool:
    """Tell whether the interval excludes zero."""
    return found.low > 0.0 or found.high < 0.0

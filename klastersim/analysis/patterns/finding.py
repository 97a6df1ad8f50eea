"""What a look at the model found: an estimate, its interval, and whether the claim held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from klastersim.scenario import Value

#: False-alarm rate of a claim.
ALPHA: Final = 0.001

#: What a base scenario is changed in.
Changes = Mapping[str, Value]

#: One line of what stands behind an estimate.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found about one claim.

    Attributes
    ----------
    pattern : int
        Number of the pattern.
    part : str
        Which of its claims, in a word or two.
    claim : str
        The claim, as a sentence.
    quantity : str
        What is estimated, with its unit.
    estimate, low, high : float or None
        Estimate and bounds; None where there is nothing to estimate.
    alpha : float
        Chance that either bound lies on the wrong side of the truth, at most.
    held : bool or None
        True where the bound shows the claim, False where it shows the contrary or an absence, None otherwise.
    identified : bool
        Whether what the claim presupposes was met. Where it was not, `held` is None.
    detail : tuple of mapping
        What stands behind the estimate, a line for each point.
    note : str
        What a reader should know about this look.
    """

    pattern: int
    part: str
    claim: str
    quantity: str
    estimate: float | None
    low: float | None
    high: float | None
    alpha: float
    held: bool | None
    identified: bool = True
    detail: tuple[Row, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a claim that held though what it presupposes was not met: a mistake in our code."""
        if not self.identified and self.held is not None:
            raise ValueError(f"pattern {self.pattern} {self.part}: held is {self.held} but it was not identified")

    @property
    def verdict(self) -> str:
        """The verdict in words: "held", "not held", "undecided" or "not identified"."""
        if not self.identified:
            return "not identified"
        return {True: "held", False: "not held", None: "undecided"}[self.held]

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, ready for JSON."""
        values: dict[str, Any] = {
            name: getattr(self, name) for name in ("pattern", "part", "claim", "quantity", "estimate", "low", "high")
        }
        values |= {"alpha": self.alpha, "held": self.held, "identified": self.identified, "verdict": self.verdict}
        return values | {"note": self.note, "detail": [dict(row) for row in self.detail]}


def judged(low: float, high: float, shown: float, absent: float | None = None) -> bool | None:
    """Judge a claim that something exceeds a bound.

    Parameters
    ----------
    low, high : float
        Interval of the estimate.
    shown : float
        The claim holds where the whole interval lies above this.
    absent : float, optional
        It does not where the whole interval lies below this; `shown` by default.

    Returns
    -------
    bool or None
        None where the interval tells neither.

    Examples
    --------
    >>> judged(0.2, 0.4, 0.1), judged(-0.1, 0.05, 0.1), judged(0.05, 0.4, 0.1)
    (True, False, None)
    """
    if low > shown:
        return True
    return False if high < (shown if absent is None else absent) else None

"""Values drawn from what the evidence leaves open."""

from __future__ import annotations

import math
from typing import Final

from klastersim.scenario.declaration import Parameter

#: A range whose ends differ by at least this factor is drawn by its logarithm.
DECADE: Final = 10.0


def value_at(parameter: Parameter, share: float) -> int | float:
    """Value of a parameter at a share of its range: by the logarithm where the ends differ tenfold.

    Parameters
    ----------
    parameter : Parameter
        One that has a range.
    share : float
        0 to 1.

    Returns
    -------
    int or float
        In the type of the parameter.

    Raises
    ------
    ValueError
        If the parameter has no range.
    """
    if parameter.range is None:
        raise ValueError(f"{parameter.key} has no range")
    low, high = parameter.range
    if isinstance(parameter.default, int):
        return int(min(high, math.floor(low + share * (high - low + 1))))
    if low > 0.0 and high / low >= DECADE:
        return float(low * (high / low) ** share)
    return float(low + share * (high - low))

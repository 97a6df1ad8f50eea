"""What one run leaves: a row of numbers, and the columns of the table that rows become."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from klastersim.world.layout import MEASURES, STRUCTURES

#: States of a cluster, by the number that stands for each in a row.
TYPES: Final = ("artisanal", "active", "dynamic", "advanced")

#: Indicators of the last month.
LAST: Final = tuple(name for name in MEASURES if name != "active")

#: Indicators of a finished run, in the order of the columns.
FINAL: Final = (
    *LAST,
    *STRUCTURES,
    "micro_profit",
    "public_cost_total",
    "social_cost_total",
    "value_added_total",
    "binding_market",
    "binding_trust",
    "binding_skill",
    "binding_capital",
)

#: What is kept of every year where an analysis asks for it: whether the cluster is active in its last month and in what
#: share of its months, without orders that a programme paid for; value added and public cost, Rp million.
YEARLY: Final = ("active_own", "months_active", "value_added", "public_cost")

#: -1 stands for what was not told.
ROW: Final = np.dtype(
    [
        ("run", "i8"),
        ("point", "i8"),
        ("replication", "i8"),
        ("seed", "i8"),
        ("active", "i1"),
        ("self_sustaining", "i1"),
        ("type", "i1"),
        *((name, "f8") for name in FINAL),
    ]
)


def yearly(years: int) -> tuple[str, ...]:
    """Return the names of the columns of so many years.

    Examples
    --------
    >>> yearly(1)
    ('year_1_active_own', 'year_1_months_active', 'year_1_value_added', 'year_1_public_cost')
    """
    return tuple(f"year_{year}_{name}" for year in range(1, years + 1) for name in YEARLY)


@cache
def row_type(years: int = 0) -> np.dtype:
    """Return the type of a row that also tells of so many years; NaN stands for years that a run does not have."""
    return np.dtype([*ROW.descr, *((name, "f8") for name in yearly(years))]) if years else ROW

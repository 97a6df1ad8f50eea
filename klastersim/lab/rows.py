"""What one run leaves: a row of numbers, and the columns of the table that rows become."""

from __future__ import annotations

from typing import Final

import numpy as np

from klastersim.world.layout import MEASURES

#: States of a cluster, by the number that stands for each in a row.
TYPES: Final = ("artisanal", "active", "dynamic", "advanced")

#: Indicators of the last month.
LAST: Final = tuple(name for name in MEASURES if name != "active")

#: Indicators of a finished run, in the order of the columns.
FINAL: Final = (
    *LAST,
    "profit_gini",
    "micro_profit",
    "public_cost_total",
    "social_cost_total",
    "value_added_total",
    "binding_market",
    "binding_trust",
    "binding_skill",
    "binding_capital",
)

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

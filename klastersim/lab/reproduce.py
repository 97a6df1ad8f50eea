"""Whether a sweep that is run again gives the same numbers, and if not, which differ and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Difference:
    """How a column differs between two tables.

    Attributes
    ----------
    column : str
        Its name.
    rows : int
        Rows in which it differs.
    largest : float or None
        Largest absolute difference; None where the values are no numbers.
    relative : float or None
        The same relative to the larger of the two values.
    """

    column: str
    rows: int
    largest: float | None
    relative: float | None


def differences(old: Path, new: Path) -> list[Difference]:
    """Compare two tables of runs, run by run, or two series, month by month.

    Parameters
    ----------
    old, new : Path
        The tables.

    Returns
    -------
    list of Difference
        The columns that differ, in their order; a column or a run that only one of them has differs in all its rows.
    """
    import pandas as pd

    one, two = (pd.read_parquet(path) for path in (old, new))
    if "run" in one and "run" in two:
        one, two = one.set_index("run"), two.set_index("run")
    shared = one.index.intersection(two.index)
    alone = len(one) + len(two) - 2 * len(shared)
    found = [Difference("run", alone, None, None)] if alone else []
    for name in dict.fromkeys([*one.columns, *two.columns]):
        if name not in one or name not in two:
            found.append(Difference(str(name), len(shared), None, None))
            continue
        found += _of_column(str(name), one.loc[shared, name], two.loc[shared, name])
    return found


def _of_column(name: str, one: Any, two: Any) -> list[Difference]:
    import pandas as pd

    both = one.isna() & two.isna()
    unequal = ~((one == two).fillna(False).astype(bool) | both)
    if not unequal.any():
        return []
    if not (pd.api.types.is_float_dtype(one) and pd.api.types.is_float_dtype(two)):
        return [Difference(name, int(unequal.sum()), None, None)]
    here, there = one[unequal].to_numpy(float), two[unequal].to_numpy(float)
    apart = np.abs(here - there)
    if np.isnan(apart).all():
        return [Difference(name, int(unequal.sum()), None, None)]
    relative = apart / np.maximum(np.abs(here), np.abs(there))
    return [Difference(name, int(unequal.sum()), float(np.nanmax(apart)), float(np.nanmax(relative)))]

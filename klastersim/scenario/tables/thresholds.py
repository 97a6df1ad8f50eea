"""The table of a user's own thresholds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from klastersim.errors import InputError, said
from klastersim.scenario.tables.sheet import Column, Problems, Sheet
from klastersim.scenario.tables.ties import Sites

COLUMNS: Final = (Column("firm", "usaha"), Column("threshold", "ambang"))


@dataclass(frozen=True)
class OwnThresholds:
    """One threshold for every firm. Two tables are equal if their content is.

    Attributes
    ----------
    name : str
        The file.
    digest : str
        SHA-256 of its content.
    values : ndarray of float, shape (firms,)
        Thresholds, by site.
    """

    name: str = field(compare=False)
    digest: str
    values: np.ndarray = field(compare=False)

    def __len__(self) -> int:
        """Return the number of firms."""
        return len(self.values)


def read_thresholds(name: str, content: bytes, sites: Sites, firms: int) -> OwnThresholds:
    """Read one threshold for every firm.

    Parameters
    ----------
    name : str
        The file, for errors.
    content : bytes
        What is in it; see `Sheet` for what is understood.
    sites : Sites
        The firms that there are.
    firms : int
        Their number.

    Returns
    -------
    OwnThresholds
        The thresholds.

    Raises
    ------
    InputError
        Where a firm does not exist, has no threshold or two, or a threshold is no number.
    """
    sheet = Sheet(name, content, COLUMNS, needed=("firm", "threshold"))
    values = np.full(firms, np.nan)
    problems = Problems()
    for line, row in sheet.rows(firms + 1, said("firms")):
        try:
            site = sites.find(sheet, line, "firm", sheet.cell(row, "firm"))
            if not np.isnan(values[site]):
                raise sheet.error(line, "firm", sheet.cell(row, "firm"), said("a firm not yet named"))
            values[site] = sheet.number(line, "threshold", sheet.cell(row, "threshold"), -1e12, 1e12)
        except InputError as error:
            problems.add(error)
    problems.refuse()
    missing = np.flatnonzero(np.isnan(values))
    if len(missing):
        problem = said("gives no threshold for firm {firm} ({count} missing)", firm=missing[0], count=len(missing))
        raise InputError(
            name, problem=problem, remedy=said("Give one line for each of the {firms} firms.", firms=firms)
        )
    return OwnThresholds(name, hashlib.sha256(content).hexdigest(), values)

"""The table of a user's own firms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from klastersim.errors import InputError, said
from klastersim.scenario.tables.sheet import Column, Problems, Sheet

#: Most firms of a cluster that is read from a table.
MOST_FIRMS: Final = 100_000


class Measure(NamedTuple):
    """A column of numbers.

    Attributes
    ----------
    column : Column
        Its two names.
    low, high : float
        Bounds, inclusive.
    whole : bool
        Whether it holds whole numbers.
    sources : tuple of str
        Parameters from which what is missing is drawn; none where it is not drawn.
    """

    column: Column
    low: float
    high: float
    whole: bool
    sources: tuple[str, ...]


FIRM: Final = Column("firm", "usaha")

#: Workers in persons, the stage of the value chain from 1, position along the street in any unit, quality from 0 to 1,
#: capital (what its own machines are worth) and working capital in Rp million of 2010.
MEASURES: Final = (
    Measure(Column("workers", "pekerja"), 0.1, 10_000, False, ("cluster.micro_share", "cluster.small_share")),
    Measure(Column("stage", "tahap"), 1, 99, True, ("chain.stages",)),
    Measure(Column("position", "posisi"), -1e9, 1e9, False, ()),
    Measure(Column("quality", "mutu"), 0, 1, False, ("cluster.quality", "cluster.quality_concentration")),
    Measure(Column("capital", "modal"), 0, 1e9, False, ("functions.opening_machines",)),
    Measure(Column("working_capital", "modal_kerja"), 0, 1e9, False, ("finance.working_capital", "finance.spread")),
)

COLUMNS: Final = (FIRM, *(measure.column for measure in MEASURES))


@dataclass(frozen=True)
class OwnFirms:
    """The firms of a table, by site: ascending position, and where no positions are given the order of the lines.

    Two tables are equal if their content is.

    Attributes
    ----------
    name : str
        The file.
    digest : str
        SHA-256 of its content.
    names : tuple of str
        Names of the firms; where there are none, the number of the line below the header, from 0.
    values : mapping of str to ndarray of float, shape (firms,)
        Each column that the table has; NaN where a cell is empty.
    unused : tuple of str
        Columns that mean nothing here.
    """

    name: str = field(compare=False)
    digest: str
    names: tuple[str, ...] = field(compare=False)
    values: Mapping[str, np.ndarray] = field(compare=False)
    unused: tuple[str, ...] = field(compare=False)

    def __len__(self) -> int:
        """Return the number of firms."""
        return len(self.names)

    @property
    def sites(self) -> dict[str, int]:
        """Where each firm stands, by its name."""
        return {name: site for site, name in enumerate(self.names)}

    def missing(self, column: str) -> int:
        """Return for how many firms the table tells nothing in a column."""
        values = self.values.get(column)
        return len(self) if values is None else int(np.isnan(values).sum())


def read_firms(name: str, content: bytes) -> OwnFirms:
    """Read a table of firms.

    Parameters
    ----------
    name : str
        The file, for errors and reports.
    content : bytes
        What is in it; see `Sheet` for what is understood.

    Returns
    -------
    OwnFirms
        The firms.

    Raises
    ------
    InputError
        Naming file, line, column, what was found and what is allowed: every error, up to 20.
    """
    sheet = Sheet(name, content, COLUMNS)
    lines, names, columns = _cells(sheet)
    if not lines:
        raise InputError(
            name, problem=said("names no firm"), remedy=said("Write a line for each firm below the first.")
        )
    order = _order(sheet, lines, columns.get("position"))
    values = {column: np.array(cells)[order] for column, cells in columns.items()}
    digest = hashlib.sha256(content).hexdigest()
    return OwnFirms(name, digest, tuple(names[row] for row in order), values, sheet.unused)


def _cells(sheet: Sheet) -> tuple[list[int], list[str], dict[str, list[float]]]:
    """Return line, name and numbers of each firm, in the order of the lines."""
    problems = Problems()
    lines: list[int] = []
    known: dict[str, int] = {}
    measures = [measure for measure in MEASURES if measure.column.name in sheet.places]
    columns: dict[str, list[float]] = {measure.column.name: [] for measure in measures}
    for line, row in sheet.rows(MOST_FIRMS, said("firms")):
        try:
            label = _name(sheet, line, row, len(lines), known)
        except InputError as error:
            problems.add(error)
            label = f" {line}"  # no name in a table begins with a space
        known[label] = line
        lines.append(line)
        for measure in measures:
            try:
                columns[measure.column.name].append(_value(sheet, line, row, measure))
            except InputError as error:
                problems.add(error)
    problems.refuse()
    return lines, list(known), columns


def _name(sheet: Sheet, line: int, row: list[str], number: int, known: Mapping[str, int]) -> str:
    if "firm" not in sheet.places:
        return str(number)
    label = sheet.label(line, "firm", sheet.cell(row, "firm"))
    if label in known:
        allowed = said("a name of its own: line {known} has it", known=known[label])
        raise sheet.error(line, "firm", label, allowed, said("Give every firm its own name."))
    return label


def _value(sheet: Sheet, line: int, row: list[str], measure: Measure) -> float:
    text = sheet.cell(row, measure.column.name)
    if not text:
        return float("nan")
    return sheet.number(line, measure.column.name, text, measure.low, measure.high, measure.whole)


def _order(sheet: Sheet, lines: list[int], positions: list[float] | None) -> np.ndarray:
    """Return the rows by position; firms at one position keep the order of their lines."""
    if positions is None or all(np.isnan(positions)):
        return np.arange(len(lines))
    lacking = np.flatnonzero(np.isnan(positions))
    if len(lacking):
        remedy = said("Give every firm a position, or none.")
        raise sheet.error(lines[lacking[0]], "position", "", said("given, as it is for other firms"), remedy)
    return np.argsort(positions, kind="stable")

"""The table of a user's own ties."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from klastersim.errors import InputError, did_you_mean, said
from klastersim.scenario.tables.sheet import Column, Problems, Sheet

#: Most ties of a cluster that are read from a table.
MOST_TIES: Final = 1_000_000

COLUMNS: Final = (Column("firm", "usaha"), Column("partner", "mitra"), Column("trust", "kepercayaan"))


@dataclass(frozen=True)
class OwnTies:
    """The ties of a table, ascending by lower and upper site. Two tables are equal if their content is.

    Attributes
    ----------
    name : str
        The file.
    digest : str
        SHA-256 of its content.
    lower, upper : ndarray of int, shape (ties,)
        Sites of the two firms, the lower one first.
    trust : ndarray of float, shape (ties,)
        Trust; NaN where the table tells none.
    unused : tuple of str
        Columns that mean nothing here.
    """

    name: str = field(compare=False)
    digest: str
    lower: np.ndarray = field(compare=False)
    upper: np.ndarray = field(compare=False)
    trust: np.ndarray = field(compare=False)
    unused: tuple[str, ...] = field(compare=False)

    def __len__(self) -> int:
        """Return the number of ties."""
        return len(self.lower)

    @property
    def missing(self) -> int:
        """For how many ties the table tells no trust."""
        return int(np.isnan(self.trust).sum())


class Sites:
    """Finds the site of a firm by what a table calls it.

    Parameters
    ----------
    firms : int
        Number of firms.
    named : mapping of str to int, optional
        Names and sites; without them firms are called by their number, from 0.
    source : str
        The table of firms, for errors; "" for none.
    """

    def __init__(self, firms: int, named: Mapping[str, int] | None = None, source: str = "") -> None:
        self._firms = firms
        self._named = named
        self._source = source

    def find(self, sheet: Sheet, line: int, column: str, text: str) -> int:
        """Return the site of the firm in a cell, or raise the InputError that says which firms there are."""
        if self._named is not None and text in self._named:
            return self._named[text]
        if self._named is None and text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < self._firms:
            return int(text)
        if self._named is None or set(self._named) == set(map(str, range(self._firms))):
            raise sheet.error(
                line, column, text, self._of(said("a whole number from {low} to {high}", low=0, high=self._firms - 1))
            )
        remedy = did_you_mean(text, self._named) if len(self._named) <= 10_000 else ""
        raise sheet.error(line, column, text, self._of(said("one of the {firms} firms", firms=self._firms)), remedy)

    def _of(self, which: str) -> str:
        return said("{which} of {source}", which=which, source=self._source) if self._source else which


def read_ties(name: str, content: bytes, sites: Sites) -> OwnTies:
    """Read a table of ties: firm, partner and, where known, trust.

    Parameters
    ----------
    name : str
        The file, for errors and reports.
    content : bytes
        What is in it; see `Sheet` for what is understood.
    sites : Sites
        The firms that there are.

    Returns
    -------
    OwnTies
        The ties.

    Raises
    ------
    InputError
        Where a firm does not exist or is tied to itself, a pair stands twice, or trust is not from 0 to 1: every
        error, up to 20.
    """
    sheet = Sheet(name, content, COLUMNS, needed=("firm", "partner"))
    problems = Problems()
    lines, lower, upper, trust = array("q"), array("q"), array("q"), array("d")
    for line, row in sheet.rows(MOST_TIES, said("ties")):
        try:
            pair, given = _tie(sheet, line, row, sites)
        except InputError as error:
            problems.add(error)
            continue
        lines.append(line)
        lower.append(min(pair))
        upper.append(max(pair))
        trust.append(given)
    ties = np.array(lower, np.int64), np.array(upper, np.int64)
    order = np.lexsort((ties[1], ties[0]))
    _refuse_pairs_twice(sheet, np.array(lines, np.int64)[order], ties[0][order], ties[1][order], problems)
    problems.refuse()
    digest = hashlib.sha256(content).hexdigest()
    return OwnTies(name, digest, ties[0][order], ties[1][order], np.array(trust)[order], sheet.unused)


def _tie(sheet: Sheet, line: int, row: list[str], sites: Sites) -> tuple[tuple[int, int], float]:
    firm, partner = (sites.find(sheet, line, column, sheet.cell(row, column)) for column in ("firm", "partner"))
    if firm == partner:
        raise sheet.error(line, "partner", sheet.cell(row, "partner"), said("another firm"), said("Remove the line."))
    text = sheet.cell(row, "trust")
    return (firm, partner), sheet.number(line, "trust", text, 0, 1) if text else float("nan")


def _refuse_pairs_twice(
    sheet: Sheet, lines: np.ndarray, lower: np.ndarray, upper: np.ndarray, problems: Problems
) -> None:
    """Note every tie that stands in an earlier line already; sorting kept pairs in the order of their lines."""
    twice = np.flatnonzero((np.diff(lower) == 0) & (np.diff(upper) == 0)) + 1
    for place in twice.tolist():
        problem = said("ties the same two firms as line {line}", line=lines[place - 1])
        where = said("{name}, line {line}", name=sheet.name, line=lines[place])
        problems.add(InputError(where, problem=problem, remedy=said("Remove one of the two lines.")))

"""Thin views: attributes of agents that stand in the arrays of the world, where compiled code reads them too."""

from __future__ import annotations

from typing import Any

import numpy as np


def view(array: np.ndarray) -> Any:
    """Return a view of an array that reads and writes plain Python numbers."""
    plain: Any = array.view(np.ndarray)
    return memoryview(plain)


class Columns:
    """The fields of an array of records, each as a memory view: ``columns.quality[i]``.

    Parameters
    ----------
    records : ndarray of records
        What is looked at. Several arrays with different fields and the same rows may be given.

    Notes
    -----
    A memory view reads and writes plain Python numbers in 50 to 100 ns; a field of a NumPy record takes 6,000 ns.
    """

    def __init__(self, *records: np.ndarray) -> None:
        self.look_at(*records)

    def look_at(self, *records: np.ndarray) -> None:
        """Look at other arrays from now on: those looked at before have grown."""
        self.__dict__.clear()
        self._records = records
        for each in records:
            for name in each.dtype.names or ():
                if name in self.__dict__:
                    raise AttributeError(f"two fields {name!r}")
                setattr(self, name, view(each[name]))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"no field {name!r}")

    def __getstate__(self) -> tuple[np.ndarray, ...]:
        return self._records

    def __setstate__(self, records: tuple[np.ndarray, ...]) -> None:
        self.look_at(*records)


def number(field: str, text: str) -> Any:
    """Return a property that reads and writes a number of the agent's row.

    Parameters
    ----------
    field : str
        Field of the record; the class using the property has ``_columns`` and ``_row``.
    text : str
        What it means, with its unit.
    """

    def read(self: Any) -> Any:
        return getattr(self._columns, field)[self._row]

    def write(self: Any, value: Any) -> None:
        getattr(self._columns, field)[self._row] = value

    return property(read, write, doc=text)


def flag(field: str, text: str) -> Any:
    """Return a property that reads and writes a truth value of the agent's row; parameters as for :func:`number`."""

    def read(self: Any) -> bool:
        return getattr(self._columns, field)[self._row] != 0

    def write(self: Any, value: Any) -> None:
        getattr(self._columns, field)[self._row] = 1 if value else 0

    return property(read, write, doc=text)


def outcome(field: str, text: str) -> Any:
    """Return a property that only reads: what a settlement works out; parameters as for :func:`number`."""

    def read(self: Any) -> Any:
        return getattr(self._columns, field)[self._row]

    return property(read, doc=text)


def noted(field: str, text: str) -> Any:
    """Return a property that reads and writes a number that is noted where it can change, and is 0 elsewhere.

    Parameters as for :func:`number`.
    """

    def read(self: Any) -> float:
        column = getattr(self._columns, field)
        return column[self._row] if len(column) else 0.0

    def write(self: Any, value: float) -> None:
        getattr(self._columns, field)[self._row] = value

    return property(read, write, doc=text)

"""A scenario as one row of numbers, the form in which compiled code reads it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from klastersim.scenario.catalogue import CATALOGUE, parameter
from klastersim.scenario.declaration import Parameter
from klastersim.scenario.scenario import Scenario


def field(key: str) -> str:
    """Return the name of the field that holds a parameter.

    Parameters
    ----------
    key : str
        Dotted key.

    Returns
    -------
    str
        The key with underscores for dots.

    Examples
    --------
    >>> field("cluster.firms")
    'cluster_firms'
    """
    return key.replace(".", "_")


def code(key: str, choice: str) -> int:
    """Return the number that stands for a word in the record.

    Parameters
    ----------
    key : str
        Dotted key of a parameter with choices.
    choice : str
        One of its choices.

    Returns
    -------
    int
        Place among the choices, from 0.

    Raises
    ------
    InputError
        If there is no such parameter or choice: a misspelling in the code is found when it is imported.

    Examples
    --------
    >>> code("ties.kind", "near")
    0
    """
    declared = parameter(key, "code")
    return declared.choices.index(str(declared.check(choice, "code")))


def _held(declared: Parameter) -> bool:
    return bool(declared.choices) or not isinstance(declared.default, str)


def _kind(declared: Parameter) -> str:
    if declared.choices or isinstance(declared.default, bool):
        return "i1"
    return "f8" if isinstance(declared.default, float) else "i8"


_FIELDS: Final = {key: field(key) for key, declared in CATALOGUE.items() if _held(declared)}
_CODES: Final = {
    key: {choice: place for place, choice in enumerate(declared.choices)}
    for key, declared in CATALOGUE.items()
    if declared.choices
}

#: One field per parameter that is a number, a truth value (0 or 1) or one of several words (see `code`).
RECORD_DTYPE: Final = np.dtype([(name, _kind(CATALOGUE[key])) for key, name in _FIELDS.items()])


def record(scenario: Scenario) -> np.void:
    """Return a scenario as a record.

    Parameters
    ----------
    scenario : Scenario
        What to write.

    Returns
    -------
    numpy.void
        A scalar of type `RECORD_DTYPE`; ``records[:] = record(scenario)`` fills many rows at once.
    """
    values = [_CODES[key][scenario[key]] if key in _CODES else scenario[key] for key in _FIELDS]
    whole: np.void = np.array([tuple(values)], dtype=RECORD_DTYPE)[0]
    return whole


def fill_record(scenario: Scenario, row: Any) -> None:
    """Write a scenario into one row, field by field: slower than `record`, but the row may have further fields.

    Parameters
    ----------
    scenario : Scenario
        What to write.
    row : numpy.void
        ``records[i]`` of an array whose type has at least the fields of `RECORD_DTYPE`; changed in place.
    """
    for key, name in _FIELDS.items():
        value = scenario[key]
        row[name] = _CODES[key][value] if key in _CODES else value

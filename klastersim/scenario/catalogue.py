"""The declared parameters, found by key and by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from klastersim.errors import ABSENT, InputError, nearest
from klastersim.scenario.declaration import Parameter
from klastersim.scenario.parameters import PARAMETERS

MOST_NAMES = 12


def by_key(parameters: Iterable[Parameter]) -> Mapping[str, Parameter]:
    """Return parameters by their keys, refusing a table in which two would get in each other's way.

    Parameters
    ----------
    parameters : iterable of Parameter
        The declarations.

    Returns
    -------
    mapping of str to Parameter
        Read-only, in the order of the declarations.

    Raises
    ------
    ValueError
        If a key is declared twice, or is the section of another.
    """
    table: dict[str, Parameter] = {}
    for parameter in parameters:
        if parameter.key in table:
            raise ValueError(f"parameter {parameter.key} is declared twice")
        table[parameter.key] = parameter
    for section in sections(table):
        if section in table:
            raise ValueError(f"parameter {section} is also the section of other parameters")
    return MappingProxyType(table)


def sections(keys: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return every section with the names directly in it, subsections included; "" holds the top ones.

    Parameters
    ----------
    keys : iterable of str
        Dotted keys.

    Returns
    -------
    mapping of str to tuple of str
        Names in the order of their first appearance.

    Examples
    --------
    >>> dict(sections(["cluster.firms", "ties.kind", "ties.trust"]))
    {'': ('cluster', 'ties'), 'cluster': ('firms',), 'ties': ('kind', 'trust')}
    """
    found: dict[str, list[str]] = {"": []}
    for key in keys:
        section = ""
        for name in key.split("."):
            names = found.setdefault(section, [])
            if name not in names:
                names.append(name)
            section = f"{section}.{name}" if section else name
    return {section: tuple(names) for section, names in found.items()}


CATALOGUE: Mapping[str, Parameter] = by_key(PARAMETERS)
SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(sections(CATALOGUE))


def parameter(key: str, where: str = "scenario") -> Parameter:
    """Return the declaration of a parameter.

    Parameters
    ----------
    key : str
        Dotted key.
    where : str
        What brought the key, for the error.

    Returns
    -------
    Parameter
        The declaration.

    Raises
    ------
    InputError
        If there is no such parameter.
    """
    known = CATALOGUE.get(key)
    if known is not None:
        return known
    if key in SECTIONS:
        raise InputError(where, key, problem="is a section, not a value", remedy=f"Its keys are {_names(key)}.")
    raise unknown(key, ABSENT, where)


def unknown(key: str, found: Any, where: str) -> InputError:
    """Return the error for a key that nobody declared.

    Parameters
    ----------
    key : str
        Dotted key as written.
    found : object
        The value it was to have, or ABSENT.
    where : str
        What brought the key.

    Returns
    -------
    InputError
        Names the keys that stand where this one was looked for, and the nearest of all.
    """
    section = key.rpartition(".")[0]
    while section and section not in SECTIONS:
        section = section.rpartition(".")[0]
    place = f"keys of [{section}]" if section else "sections"
    return InputError(where, key, found, f"one of the {place}: {_names(section)}", _suggestion(key, section))


def _names(section: str) -> str:
    names = SECTIONS[section]
    listed = ", ".join(names[:MOST_NAMES])
    return listed if len(names) <= MOST_NAMES else f"{listed} and {len(names) - MOST_NAMES} more"


def _suggestion(key: str, section: str) -> str:
    """Look for a like name in the same section, then for that name or one like it in any other."""
    name = key[len(section) + 1 :] if section else key
    near = nearest(name, SECTIONS[section])
    if near is not None:
        return f'Did you mean "{section}.{near}"?' if section else f'Did you mean "{near}"?'
    if "." in key and not section:
        near = nearest(key, CATALOGUE)
        if near is not None:
            return f'Did you mean "{near}"?'
    last = nearest(key.rpartition(".")[2], (known.name for known in CATALOGUE.values()), 0.8)
    elsewhere = [known.key for known in CATALOGUE.values() if known.name == last]
    return "Did you mean " + " or ".join(f'"{known}"' for known in elsewhere[:3]) + "?" if elsewhere else ""

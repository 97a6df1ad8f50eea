"""The declared parameters, found by key and by section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from klastersim.errors import ABSENT, InputError, nearest, said
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
        raise InputError(
            where,
            key,
            problem=said("is a section, not a value"),
            remedy=said("Its keys are {names}.", names=_names(key)),
        )
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
    names = _names(section)
    if section:
        allowed = said("one of the keys of [{section}]: {names}", section=section, names=names)
    else:
        allowed = said("one of the sections: {names}", names=names)
    return InputError(where, key, found, allowed, _suggestion(key, section))


def _names(section: str) -> str:
    names = SECTIONS[section]
    listed = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return said("{listed} and {count} more", listed=listed, count=more) if more > 0 else listed


def _suggestion(key: str, section: str) -> str:
    """Look for a like name in the same section, then for that name or one like it in any other."""
    name = key[len(section) + 1 :] if section else key
    near = nearest(name, SECTIONS[section])
    if near is not None:
        return (
            said('Did you mean "{section}.{near}"?', section=section, near=near)
            if section
            else said('Did you mean "{near}"?', near=near)
        )
    if "." in key and not section:
        near = nearest(key, CATALOGUE)
        if near is not None:
            return said('Did you mean "{near}"?', near=near)
    last = nearest(key.rpartition(".")[2], (known.name for known in CATALOGUE.values()), 0.8)
    elsewhere = [known.key for known in CATALOGUE.values() if known.name == last]
    return _did_you_mean_one_of(elsewhere[:3]) if elsewhere else ""


def _did_you_mean_one_of(names: Sequence[str]) -> str:
    listed = f'"{names[0]}"'
    for name in names[1:]:
        listed = said('{listed} or "{name}"', listed=listed, name=name)
    return said("Did you mean {listed}?", listed=listed)

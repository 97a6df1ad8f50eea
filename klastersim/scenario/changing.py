"""Changes to the values of a scenario: each checked by itself, then against the others and the tables they name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from klastersim.errors import InputError, refuse, said
from klastersim.scenario import reading
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.consistency import conflicts
from klastersim.scenario.declaration import Value
from klastersim.scenario.places import hold
from klastersim.scenario.tables import FILE_KEYS, FIRMS_KEY, TABLE_KEYS, known_file

if TYPE_CHECKING:
    from klastersim.scenario.tables.own import Own


def changed(
    base: Mapping[str, Value],
    changes: Mapping[str, Any],
    where: str,
    folder: Path,
    problems: list[InputError] | None = None,
    contents: Mapping[str, bytes] | None = None,
    own: Own | None = None,
) -> tuple[dict[str, Value], Own | None]:
    """Return `base` with checked changes, and the tables that it names.

    Parameters
    ----------
    base : mapping of str to value
        All values by dotted key.
    changes : mapping of str to object
        Values to be checked, by keys that exist.
    where : str
        What brought the changes.
    folder : Path
        Where relative paths in the changes start.
    problems : list of InputError, optional
        What was found wrong before.
    contents : mapping of str to bytes, optional
        Files in memory; where it is given, no path is looked at.
    own : Own, optional
        The tables of `base`.

    Returns
    -------
    values : dict of str to value
        All values.
    own : Own or None
        The tables that the values name, where any changed; else those of `base`.

    Raises
    ------
    InputError
        All that is wrong, and was wrong before.
    """
    values = dict(base)
    problems = [] if problems is None else problems
    # After a misspelt key a contradiction may only be that the value meant for it is missing.
    complete = not problems
    wrong = set()
    for key, value in changes.items():
        declared = CATALOGUE[key]
        try:
            checked = declared.check(value, where)
            values[key] = _file(key, str(checked), where, folder, contents) if declared.file else checked
        except InputError as error:
            problems.append(error)
            wrong.add(key)
    if values["ensemble.unequal"] and "ensemble.held" not in changes:
        values["ensemble.held"] = hold(values, changes)
    touched = bool(TABLE_KEYS & changes.keys())
    if complete and touched and values[FIRMS_KEY] and not wrong:
        wrong |= _count_firms(values, changes, where, contents, problems)
    if complete:
        problems += conflicts(values, where, frozenset(wrong))
    refuse(problems)
    return values, own_tables(values, contents) if touched else own


def own_tables(values: Mapping[str, Value], contents: Mapping[str, bytes] | None) -> Own | None:
    """Read the tables that the values name; NumPy is not imported where they name none."""
    if not any(values[key] for key in FILE_KEYS):
        return None
    from klastersim.scenario.tables.own import own_of

    return own_of(values, contents)


def _file(key: str, path: str, where: str, folder: Path, contents: Mapping[str, bytes] | None) -> str:
    """Return the name of a file, found in memory or on disk."""
    if contents is not None:
        return known_file(key, path, contents, where)
    return reading.resolve(path, folder, key, where)


def _count_firms(
    values: dict[str, Value],
    changes: Mapping[str, Any],
    where: str,
    contents: Mapping[str, bytes] | None,
    problems: list[InputError],
) -> set[str]:
    """Take the number of firms from their table; return the key where that fails, or another number was asked for."""
    try:
        own = own_tables({**values, **dict.fromkeys(FILE_KEYS, ""), FIRMS_KEY: values[FIRMS_KEY]}, contents)
    except InputError as error:
        problems.extend(error.problems)
        return {"cluster.firms"}
    count = len(own.firms) if own and own.firms else 0
    if "cluster.firms" in changes and values["cluster.firms"] != count:
        allowed = said("{count}, the number of firms in {table}", count=count, table=values[FIRMS_KEY])
        problems.append(InputError(where, "cluster.firms", values["cluster.firms"], allowed, said("Leave it out.")))
        return {"cluster.firms"}
    values["cluster.firms"] = count
    return set()

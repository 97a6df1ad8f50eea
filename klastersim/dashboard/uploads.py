"""A scenario from what a visitor uploads: read in memory, never from or to the server's disk."""

from __future__ import annotations

from typing import Any, Final

from klastersim.dashboard.choice import Choice
from klastersim.errors import InputError, said
from klastersim.scenario import Scenario
from klastersim.scenario.catalogue import CATALOGUE
from klastersim.scenario.reading import flatten, parse_toml
from klastersim.scenario.tables import FIRMS_KEY, TIES_KEY

#: A complete scenario is about 40 kB.
MOST_BYTES: Final = 1_000_000

#: Longest name that is shown.
LONGEST_NAME: Final = 60


def choice_of(name: str, content: bytes) -> Choice:
    """Return the choice that an uploaded scenario file makes.

    Parameters
    ----------
    name : str
        What the visitor's computer calls it; it is shown, and never used as a path.
    content : bytes
        The file.

    Returns
    -------
    Choice
        Starts from the uploaded scenario.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    where = shown_name(name)
    if len(content) > MOST_BYTES:
        raise InputError(where, problem=said("is larger than 1 MB"))
    tables = parse_toml(content, where)
    _refuse_paths(tables, where)
    # With its own, empty, store of files a scenario looks for none on the disk.
    scenario = Scenario.from_dict(tables, where=where, contents={})
    return Choice(scenario, uploaded=True).change({})


def with_table(choice: Choice, table: str, name: str, content: bytes) -> Choice:
    """Return a choice with an uploaded table of firms or of ties.

    Parameters
    ----------
    choice : Choice
        What to put it into.
    table : str
        "firms" or "ties".
    name : str
        What the visitor's computer calls the file; it is shown, and never used as a path.
    content : bytes
        The file.

    Returns
    -------
    Choice
        Starts from the scenario with the table.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    where = shown_name(name)
    if len(content) > MOST_BYTES:
        raise InputError(where, problem=said("is larger than 1 MB"))
    changes = {FIRMS_KEY: where} if table == "firms" else {TIES_KEY: where, "ties.kind": "file"}
    scenario = choice.scenario.replace(changes, where=where, contents={where: content})
    return Choice(scenario, seed=choice.seed, months=choice.months, uploaded=True).change({})


def shown_name(name: str) -> str:
    """Return a name for messages: the last part of a path, printable, short."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(character for character in last if character.isprintable())[:LONGEST_NAME] or "TOML"


def _refuse_paths(tables: Any, where: str) -> None:
    """Refuse a scenario that names a file: here that would be one of the server's."""
    for key, value in flatten(tables, where).values.items():
        if CATALOGUE[key].file and value != "":
            raise InputError(where, key, problem=said("names a file, which an upload may not"))

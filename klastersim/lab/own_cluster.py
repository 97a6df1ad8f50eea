"""A cluster written as the tables that a user's own cluster is read from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from klastersim.errors import InputError
from klastersim.lab.folder import Folder
from klastersim.scenario import Scenario
from klastersim.scenario.tables.firms import COLUMNS as FIRM_COLUMNS
from klastersim.scenario.tables.sheet import Column
from klastersim.scenario.tables.ties import COLUMNS as TIE_COLUMNS
from klastersim.scenario.writing import written
from klastersim.world.build import build
from klastersim.world.ends import ties_of
from klastersim.world.layout import World
from klastersim.world.machines import own_capital, uses_machines

FIRMS: Final = "firms.csv"
TIES: Final = "ties.csv"


class Dialect(NamedTuple):
    """How a spreadsheet of one language reads a table: byte order mark, separator, decimal mark, names of columns."""

    mark: str
    separator: str
    decimal: str
    indonesian: bool


#: By language. Spreadsheets set to Indonesian take a comma for the decimal mark, and so a semicolon for the separator.
DIALECTS: Final = {"en": Dialect("", ",", ".", False), "id": Dialect("\ufeff", ";", ",", True)}


def write_own_cluster(scenario: Scenario, folder: Path, seed: int = 1, language: str = "en") -> tuple[Path, ...]:
    """Write the opening of a cluster as a table of firms, a table of ties, and a scenario that names both.

    Parameters
    ----------
    scenario : Scenario
        A preset, whose name the scenario file will have.
    folder : Path
        Where to; made if need be. None of the files may be there.
    seed : int, default 1
        Seed of the opening. Run with this seed, the scenario file gives the history of the preset.
    language : str, default "en"
        One of `DIALECTS`.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InputError
        If a file is there already, or the folder cannot be written.
    """
    names = (FIRMS, TIES, f"{scenario.name}.toml")
    for name in names:
        if (folder / name).exists():
            raise InputError(str(folder / name), problem="is there already", remedy="Name another folder.")
    world = build([scenario], [seed])
    with Folder(folder) as results:
        results.write(names[0], firms_table(world, language=language))
        results.write(names[1], ties_table(world, language=language))
        results.write(names[2], _scenario_file(scenario))
        return tuple(results.finish())


def firms_table(world: World, c: int = 0, language: str = "en") -> str:
    """Return the firms of a cluster as CSV: name, workers, position, quality, capital and working capital (Rp million).

    Capital, what a firm's own machines are worth, is left empty where no rule uses it.
    """
    first, count = int(world.clusters[c].first_firm), int(world.clusters[c].firms)
    firms = world.firms[first : first + count]
    dialect = DIALECTS[language]
    columns = {
        "firm": _names(count),
        "workers": _cells(firms["workers"], dialect),
        "position": [str(position) for position in range(1, count + 1)],
        "quality": _cells(firms["quality"], dialect),
        "capital": _cells(own_capital(world, c), dialect) if uses_machines(world, c) else [""] * count,
        "working_capital": _cells(firms["working_capital"], dialect),
    }
    return _csv(columns, FIRM_COLUMNS, dialect)


def ties_table(world: World, c: int = 0, language: str = "en") -> str:
    """Return the ties of a cluster as CSV: the two firms and their trust."""
    cluster = world.clusters[c]
    ties = ties_of(world, c)
    names = _names(int(cluster.firms))
    dialect = DIALECTS[language]
    columns = {
        "firm": [names[site] for site in ties["lower"].tolist()],
        "partner": [names[site] for site in ties["upper"].tolist()],
        "trust": _cells(ties["trust"], dialect),
    }
    return _csv(columns, TIE_COLUMNS, dialect)


def _names(count: int) -> list[str]:
    width = len(str(count))
    return [f"F{number:0{width}d}" for number in range(1, count + 1)]


def _cells(values: np.ndarray, dialect: Dialect) -> list[str]:
    """Write numbers so that they read back to the last bit."""
    plain = [str(int(value)) if value.is_integer() else repr(value) for value in np.asarray(values).tolist()]
    return [text.replace(".", dialect.decimal) for text in plain]


def _csv(columns: Mapping[str, Sequence[str]], known: Iterable[Column], dialect: Dialect) -> str:
    other = {column.name: column.indonesian for column in known}
    text = io.StringIO()
    text.write(dialect.mark)
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator="\n")
    writer.writerow([other[name] if dialect.indonesian else name for name in columns])
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def _scenario_file(scenario: Scenario) -> str:
    return "\n".join(
        (
            "# Everything that the two tables do not tell is as in the preset.",
            f"preset = {written(scenario.name)}",
            f"name = {written(scenario.name)}",
            f"title = {written(scenario.title)}",
            "",
            "[cluster]",
            f"file = {written(FIRMS)}",
            "",
            "[ties]",
            'kind = "file"',
            f"file = {written(TIES)}",
            "",
        )
    )

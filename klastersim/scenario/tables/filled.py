"""What a user's own tables leave open, and what it is filled from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from klastersim.scenario.tables.firms import MEASURES

if TYPE_CHECKING:
    from klastersim.scenario.scenario import Scenario

#: Columns of firms that rules use only where all these switches are on.
USED_WHERE: Final[Mapping[str, tuple[str, ...]]] = {
    "stage": ("chain.enabled",),
    "capital": ("functions.enabled", "functions.equipment"),
}

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "drawn": "{name}: {column} of {missing} of {rows} {rows_are} is drawn from {sources}.",
        "ties": "{name}: who knows whom is drawn from {sources}.",
        "order": "{name}: position is not given; sites follow the order of the lines.",
        "not_used": "{name}: {column} is read, but no rule uses it.",
        "unknown": "{name}: the column {column} is not known and not used.",
        "firms": "firms",
        "ties_are": "ties",
    },
    "id": {
        "drawn": "{name}: {column} untuk {missing} dari {rows} {rows_are} diundi dari {sources}.",
        "ties": "{name}: siapa mengenal siapa diundi dari {sources}.",
        "order": "{name}: posisi tidak diisi; letak usaha mengikuti urutan baris.",
        "not_used": "{name}: {column} dibaca, tetapi belum dipakai oleh aturan mana pun.",
        "unknown": "{name}: kolom {column} tidak dikenal dan tidak dipakai.",
        "firms": "usaha",
        "ties_are": "hubungan",
    },
}


class Filled(NamedTuple):
    """One thing that a table does not tell, or that is not used.

    Attributes
    ----------
    kind : str
        "drawn" (missing cells are drawn), "ties" (all ties are), "order" (sites follow the lines), "not_used" (read,
        used by no rule) or "unknown" (a column that means nothing here).
    name : str
        The table.
    column : str
        What it is about; "" for ties and order.
    missing, rows : int
        How many rows lack it, of how many.
    sources : tuple of (str, value)
        Parameters from which it is drawn, and their values.
    """

    kind: str
    name: str
    column: str = ""
    missing: int = 0
    rows: int = 0
    sources: tuple[tuple[str, Any], ...] = ()

    def told(self, language: str = "en") -> str:
        """Return it as a sentence in "en" or "id"."""
        words = _WORDS[language]
        sources = ", ".join(f"{key} = {value}" for key, value in self.sources)
        rows_are = words["ties_are" if self.column == "trust" else "firms"]
        name = Path(self.name).name
        return words[self.kind].format(**{**self._asdict(), "name": name, "sources": sources, "rows_are": rows_are})


def filled(scenario: Scenario) -> tuple[Filled, ...]:
    """Return what the tables of a scenario leave open, and from which of its values that is filled.

    Parameters
    ----------
    scenario : Scenario
        Any; without tables nothing is filled.

    Returns
    -------
    tuple of Filled
        Firms first, then ties.
    """
    return (*_of_firms(scenario), *_of_ties(scenario))


def _of_firms(scenario: Scenario) -> list[Filled]:
    firms = scenario.own.firms
    if firms is None:
        return []
    found = [Filled("unknown", firms.name, column) for column in firms.unused]
    if "position" not in firms.values:
        found.append(Filled("order", firms.name))
    for measure in MEASURES:
        column = measure.column.name
        missing = firms.missing(column)
        used = all(scenario[switch] for switch in USED_WHERE.get(column, ()))
        if not used and missing < len(firms):
            found.append(Filled("not_used", firms.name, column))
        elif used and measure.sources and missing:
            sources = _valued(scenario, *_sources(scenario, column, measure.sources))
            found.append(Filled("drawn", firms.name, column, missing, len(firms), sources))
    return found


def _sources(scenario: Scenario, column: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return ("cluster.workers",) if column == "workers" and scenario["cluster.sizes"] == "equal" else usual


def _of_ties(scenario: Scenario) -> list[Filled]:
    firms, ties, _ = scenario.own
    if ties is None:
        keys = ("ties.kind", "ties.degree", "ties.long_share")
        return [Filled("ties", firms.name, sources=_valued(scenario, *keys))] if firms is not None else []
    found = [Filled("unknown", ties.name, column) for column in ties.unused]
    if ties.missing:
        sources = _valued(scenario, "ties.trust", "ties.concentration")
        found.append(Filled("drawn", ties.name, "trust", ties.missing, len(ties), sources))
    return found


def _valued(scenario: Scenario, *keys: str) -> tuple[tuple[str, Any], ...]:
    return tuple((key, scenario[key]) for key in keys)

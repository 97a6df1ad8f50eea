"""What a file asks to be made of the runs of a map, beside what follows from the design: its table ``[analysis]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean
from klastersim.lab.design import Map, only
from klastersim.lab.endings import refuse_unfit_endings
from klastersim.scenario import Scenario

ANALYSIS: Final = "analysis"

#: What can be asked for, and the settings of each: default, least, most.
KINDS: Final[Mapping[str, Mapping[str, tuple[float, float, float]]]] = {
    "discovery": {"density": (0.9, 0.05, 1.0)},
    "field_study": {"sentra": (22, 4, 10_000)},
    "exit": {},
}

#: What is made of all maps, and what wants the table of runs to tell of each year.
OF_ALL: Final = ("exit",)
BY_YEAR: Final = ("exit",)


@dataclass(frozen=True)
class Request:
    """An analysis that a file asks for.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    map : str
        Of which map; empty for all.
    settings : mapping
        What it was told.
    """

    kind: str
    map: str
    settings: Mapping[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Return what determines it; ``Request(**record)`` makes it again."""
        return {"kind": self.kind, "map": self.map, "settings": dict(self.settings)}


def read_request(
    tables: Mapping[str, Any], maps: Sequence[Map], where: str, base: Scenario, months: int
) -> Request | None:
    """Read the table ``[analysis]``; None if there is none.

    Parameters
    ----------
    tables : mapping
        The file.
    maps : sequence of Map
        Its maps.
    where : str
        Its name, for errors.
    base : Scenario
        What every point starts from.
    months : int
        Length of runs on maps that have none of their own.

    Raises
    ------
    InputError
        If it asks for nothing that there is, or of no map.
    """
    if ANALYSIS not in tables:
        return None
    table, inside = tables[ANALYSIS], f"{where}, [{ANALYSIS}]"
    if not isinstance(table, Mapping):
        raise InputError(where, ANALYSIS, table, "a table", 'Write [analysis] and under it kind = "discovery".')
    kind = one_of(table, "kind", tuple(KINDS), inside)
    if kind in OF_ALL:
        only(table, ("kind", *KINDS[kind]), inside)
        refuse_unfit_endings(maps, base, months, where)
        return Request(kind, "")
    only(table, ("kind", "map", *KINDS[kind]), inside)
    name = one_of(table, "map", [each.name for each in maps], inside, maps[0].name)
    settings = {key: _number(table, key, kind, inside) for key in KINDS[kind]}
    request = Request(kind, name, settings)
    _refuse_unfit(request, next(each for each in maps if each.name == name), inside)
    return request


def _refuse_unfit(request: Request, each: Map, where: str) -> None:
    if request.kind == "discovery" and not (each.rows and each.axes):
        remedy = "Scenario discovery wants many points: take [latin_hypercube]."
        raise InputError(where, "map", each.name, problem="is a grid", remedy=remedy)
    if request.kind == "field_study" and (len(each.arms) != 2 or each.places != 1):
        remedy = "Give it two arms, without and with support, and no design: each replication is another sentra."
        raise InputError(
            where, "map", each.name, problem="is not what a field study could be drawn from", remedy=remedy
        )


def one_of(table: Mapping[str, Any], key: str, known: Sequence[str], where: str, default: str | None = None) -> str:
    """Return the word under a key of a table, or the default; refuse any that is not known."""
    value = table.get(key, default)
    if not isinstance(value, str) or value not in known:
        listed = ", ".join(f'"{each}"' for each in known)
        remedy = did_you_mean(value, known) if isinstance(value, str) else ""
        raise InputError(where, key, value, f"one of {listed}", remedy)
    return value


def _number(table: Mapping[str, Any], key: str, kind: str, where: str) -> float:
    default, low, high = KINDS[kind][key]
    value = table.get(key, default)
    whole = isinstance(default, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not low <= value <= high:
        raise InputError(where, key, value, f"a {'whole ' if whole else ''}number from {low:g} to {high:g}")
    return value

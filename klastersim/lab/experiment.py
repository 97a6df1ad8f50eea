"""An experiment: one question, the scenario it starts from, what it varies, and how often it is repeated."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean
from klastersim.lab.design import Arm, Axis, Map, check_points, only, points_of, read_changes, read_grid, swept_keys
from klastersim.lab.provenance import tables_of, versions
from klastersim.scenario import Scenario
from klastersim.scenario.reading import read_toml

FORMAT: Final = 1
MOST_MONTHS: Final = 1_200
MOST_SEED: Final = 2**63 - 1
MOST_REPLICATIONS: Final = 1_000_000
MOST_RUNS: Final = 100_000_000

WORDS: Final = ("name", "title", "question", "hypothesis")
NUMBERS: Final = ("format", "months", "seed", "replications")
KEYS: Final = (*WORDS, *NUMBERS, "scenario", "arms", "maps", "grid", "quick")
QUICK_KEYS: Final = ("months", "replications", "points", "scenario")

#: How a map may span its points: the name of the table that marks what is swept, and what reads it.
DESIGNS: Final[Mapping[str, Callable[[Any, str], tuple[Axis, ...]]]] = {"grid": read_grid}

#: How to begin an experiment.
BEGINNING: Final = "Mark what is swept: write [grid] and under it ties.trust = { from = 0.3, to = 0.9, points = 7 }."

#: The arm of an experiment that names none.
PLAIN: Final = Arm("base", "as the scenario says", {})


@dataclass(frozen=True)
class Experiment:
    """What is to be run; made by `load` and `from_dict`.

    Attributes
    ----------
    name, title, question, hypothesis : str
        Words about it.
    base : Scenario
        What every point starts from.
    maps : tuple of Map
        What is varied.
    months, seed, replications : int
        Length of a run, seed of the experiment, runs of each point.
    """

    name: str
    title: str
    question: str
    hypothesis: str
    base: Scenario
    maps: tuple[Map, ...]
    months: int
    seed: int
    replications: int

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        settings: Mapping[str, Any] | None = None,
        replications: int | None = None,
        quick: bool = False,
    ) -> Experiment:
        """Read an experiment from a TOML file.

        Parameters
        ----------
        path : path-like
            The file.
        settings : mapping, optional
            Changes of the base scenario, as by ``--set``.
        replications : int, optional
            In place of the file's.
        quick : bool
            Whether to take the small version that the file's table ``[quick]`` describes.

        Returns
        -------
        Experiment
            Checked, with every one of its points.

        Raises
        ------
        InputError
            If anything is wrong.
        """
        where = os.fspath(path)
        if not where:
            raise InputError("sweep", "", where, "the path of a file", "Name a TOML file that describes an experiment.")
        tables = read_toml(path, if_empty=BEGINNING)
        return cls.from_dict(
            tables,
            where=where,
            folder=Path(where).parent,
            name=Path(where).stem,
            settings=settings,
            replications=replications,
            quick=quick,
        )

    @classmethod
    def from_dict(
        cls,
        tables: Mapping[str, Any],
        *,
        where: str = "from_dict",
        folder: Path | None = None,
        name: str = "experiment",
        settings: Mapping[str, Any] | None = None,
        replications: int | None = None,
        quick: bool = False,
    ) -> Experiment:
        """Make an experiment from a dictionary as a file would hold it; parameters as for `load`."""
        _refuse_other_keys(tables, where)
        only(tables, KEYS, where)
        _whole(tables, "format", FORMAT, 1, FORMAT, where)
        small: dict[str, Any] = _quick(tables, where) if quick else {}
        words = {key: _text(tables, key, where) for key in WORDS}
        base = _scenario(tables, small, where, folder)
        maps = _maps(tables, where)
        if "points" in small:
            maps = tuple(
                replace(each, axes=tuple(axis.thinned(small["points"]) for axis in each.axes)) for each in maps
            )
        settings = settings or {}
        _refuse_swept(settings, swept_keys(maps), where)
        given: dict[str, Any] = {**tables, **{key: small[key] for key in NUMBERS if key in small}}
        experiment = cls(
            name=words["name"] or name,
            title=words["title"] or name,
            question=words["question"],
            hypothesis=words["hypothesis"],
            base=base.replace(settings, where="--set"),
            maps=maps,
            months=_whole(given, "months", 240, 1, MOST_MONTHS, where),
            seed=_whole(given, "seed", 1, 0, MOST_SEED, where),
            replications=_whole(given, "replications", 10, 1, MOST_REPLICATIONS, where)
            if replications is None
            else _whole({"--replications": replications}, "--replications", 1, 1, MOST_REPLICATIONS, "sweep"),
        )
        check_points(experiment.base, points_of(maps), where)
        if experiment.runs > MOST_RUNS:
            problem = f"asks for {experiment.runs:,} runs, more than {MOST_RUNS:,}"
            raise InputError(where, problem=problem, remedy="Take fewer points or replications.")
        return experiment

    @property
    def runs(self) -> int:
        """Number of runs in all."""
        return self.replications * sum(each.size for each in self.maps)

    def record(self) -> dict[str, Any]:
        """Return what determines the results: equal records give equal results under equal versions."""
        return {
            "format": FORMAT,
            "kind": "sweep",
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "hypothesis": self.hypothesis,
            "scenario": self.base.to_dict(),
            "maps": {each.name: _design(each) for each in self.maps},
            "months": self.months,
            "seed": self.seed,
            "replications": self.replications,
            **tables_of(self.base),
            "versions": versions(),
        }


def _design(each: Map) -> dict[str, Any]:
    return {
        "title": each.title,
        "question": each.question,
        "grid": {
            axis.key: {"values": list(axis.values), "scale": axis.scale, "label": axis.label} for axis in each.axes
        },
        "arms": {arm.name: {"title": arm.title, **arm.changes} for arm in each.arms},
    }


def _scenario(tables: Mapping[str, Any], small: Mapping[str, Any], where: str, folder: Path | None) -> Scenario:
    base = Scenario.preset("sentra")
    if "scenario" in tables:
        base = Scenario.from_dict(_table(tables, "scenario", where), where=f"{where}, [scenario]", folder=folder)
    if "scenario" in small:
        base = base.replace(small["scenario"], where=f"{where}, [quick.scenario]", folder=folder)
    return base


def _maps(tables: Mapping[str, Any], where: str) -> tuple[Map, ...]:
    """Read the maps: either those under ``[maps]``, or the one that the file itself is."""
    arms = {}
    for name, table in _table(tables, "arms", where, optional=True).items():
        arms[name] = _arm(name, table, f"{where}, [arms.{name}]")
    designs = [key for key in DESIGNS if key in tables]
    if "maps" in tables:
        if designs:
            problem = f"stands beside [{designs[0]}]"
            raise InputError(where, "maps", problem=problem, remedy="Put every grid into a map of its own.")
        maps = _table(tables, "maps", where)
        if not maps:
            raise InputError(where, "maps", problem="names no map", remedy="Write [maps.NAME.grid].")
        return tuple(_map(name, table, arms, f"{where}, [maps.{name}]") for name, table in maps.items())
    if not designs:
        raise InputError(where, problem="sweeps nothing", remedy=BEGINNING)
    sole = {"title": tables.get("title", ""), designs[0]: tables[designs[0]]}
    return (_map("map", sole, arms, where),)


def _map(name: str, table: Any, arms: Mapping[str, Arm], where: str) -> Map:
    _named(name, where)
    if not isinstance(table, Mapping):
        raise InputError(where, "", table, "a table", "It holds a title, arms and a grid.")
    only(table, ("title", "question", "arms", *DESIGNS), where)
    designs = [key for key in DESIGNS if key in table]
    if not designs:
        raise InputError(where, problem="sweeps nothing", remedy=f"Give it a table [maps.{name}.grid].")
    chosen = _chosen_arms(table, arms, where)
    axes = DESIGNS[designs[0]](table[designs[0]], f"{where}, [{designs[0]}]")
    for axis in axes:
        for arm in chosen:
            if axis.key in arm.changes:
                remedy = "Leave it to one of the two."
                raise InputError(
                    where, axis.key, problem=f"is swept, and also set by the arm {arm.name}", remedy=remedy
                )
    return Map(name, _text(table, "title", where) or name, _text(table, "question", where), axes, chosen)


def _chosen_arms(table: Mapping[str, Any], arms: Mapping[str, Arm], where: str) -> tuple[Arm, ...]:
    names = table.get("arms", list(arms))
    if not isinstance(names, list) or ("arms" in table and not names):
        raise InputError(where, "arms", names, "a list of arms", 'Write for instance arms = ["none"].')
    for place, name in enumerate(names):
        if not isinstance(name, str) or name not in arms:
            remedy = did_you_mean(name, arms) if isinstance(name, str) else ""
            known = f"one of the arms {', '.join(arms)}" if arms else "an arm: the file describes none"
            raise InputError(where, "arms", name, known, remedy)
        if name in names[:place]:
            raise InputError(where, "arms", name, problem="is listed twice", remedy="List each arm once.")
    return tuple(arms[name] for name in names) or (PLAIN,)


def _arm(name: str, table: Any, where: str) -> Arm:
    _named(name, where)
    if not isinstance(table, Mapping):
        raise InputError(where, "", table, "a table", "It holds a title and parameters.")
    title = _text(table, "title", where) or name
    return Arm(name, title, read_changes({key: value for key, value in table.items() if key != "title"}, where))


def _named(name: str, where: str) -> None:
    """Refuse names that could not name a file."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii() or len(name) > 60:
        raise InputError(where, "", name, "a name of letters, digits, - and _, at most 60")


def _quick(tables: Mapping[str, Any], where: str) -> dict[str, Any]:
    if "quick" not in tables:
        raise InputError(where, "quick", problem="is missing", remedy="Describe the small version under [quick].")
    small = dict(_table(tables, "quick", where))
    only(small, QUICK_KEYS, where, "quick")
    if "points" in small:
        _whole(small, "points", 2, 2, 1_000, f"{where}, [quick]")
    if "scenario" in small:
        _table(small, "scenario", f"{where}, [quick]")
    return small


def _refuse_other_keys(tables: Any, where: str, inside: str = "") -> None:
    """Refuse keys that are no text, which a dictionary can have and a file cannot."""
    if not isinstance(tables, Mapping):
        return
    for key, value in tables.items():
        if not isinstance(key, str):
            raise InputError(where, inside, key, "a key", "Keys are text.")
        _refuse_other_keys(value, where, f"{inside}.{key}" if inside else key)


def _refuse_swept(settings: Mapping[str, Any], swept: tuple[str, ...], where: str) -> None:
    for key, value in settings.items():
        if key in swept:
            problem = f"is varied by {where}"
            raise InputError("--set", key, value, problem=problem, remedy="Change the file, or set something else.")


def _table(tables: Mapping[str, Any], key: str, where: str, optional: bool = False) -> Mapping[str, Any]:
    table = tables.get(key, {} if optional else None)
    if not isinstance(table, Mapping):
        raise InputError(where, key, table, "a table", f"Write [{key}].")
    return table


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    text = table.get(key, "")
    if not isinstance(text, str):
        raise InputError(where, key, text, "text in quotes")
    return " ".join(text.split())


def _whole(table: Mapping[str, Any], key: str, default: int, low: int, high: int, where: str) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(where, key, value, f"a whole number from {low} to {high}")
    return value

"""The maps of an experiment file: what a policy chooses crossed with what nobody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean, refuse
from klastersim.lab.design import MOST_MONTHS, Arm, Map, only, read_changes, whole
from klastersim.lab.designs import DESIGNS, Design, read_design
from klastersim.scenario import Value
from klastersim.scenario.events import EVENTS, read_events

LEVERS, UNCERTAINTIES = "levers", "uncertainties"
MAP_KEYS: Final = ("title", "question", "months", "arms", LEVERS, UNCERTAINTIES, *DESIGNS)

#: What an arm has besides parameters.
ARM_KEYS: Final = ("title", EVENTS)

#: How to begin an experiment.
BEGINNING: Final = "Mark what is swept: write [grid] and under it ties.trust = { from = 0.3, to = 0.9, points = 7 }."

#: The arm of an experiment that names none.
PLAIN: Final = Arm("base", "as the scenario says", {})


def read_maps(tables: Mapping[str, Any], where: str, folder: Path | None) -> tuple[Map, ...]:
    """Read the maps: either those under ``[maps]``, or the one that the file itself is."""
    arms = {}
    for name, table in table_in(tables, "arms", where, optional=True).items():
        arms[name] = _arm(name, table, f"{where}, [arms.{name}]")
    designs = [key for key in (*DESIGNS, UNCERTAINTIES) if key in tables]
    if "maps" in tables:
        if designs:
            problem = f"stands beside [{designs[0]}]"
            raise InputError(where, "maps", problem=problem, remedy="Put every grid into a map of its own.")
        maps = table_in(tables, "maps", where)
        if not maps:
            raise InputError(where, "maps", problem="names no map", remedy="Write [maps.NAME.grid].")
        common = {LEVERS: tables[LEVERS]} if LEVERS in tables else {}
        return tuple(
            _map(
                name,
                {**common, **table} if isinstance(table, Mapping) else table,
                # Levers of a map's own are crossed with the arms that it lists, not with all that others use.
                {} if isinstance(table, Mapping) and LEVERS in table and "arms" not in table else arms,
                f"{where}, [maps.{name}]",
                folder,
            )
            for name, table in maps.items()
        )
    if not designs and LEVERS not in tables:
        raise InputError(where, problem="sweeps nothing", remedy=BEGINNING)
    sole = {"title": tables.get("title", ""), **{key: tables[key] for key in (*designs, LEVERS) if key in tables}}
    return (_map("map", sole, arms, where, folder),)


def _map(name: str, table: Any, arms: Mapping[str, Arm], where: str, folder: Path | None) -> Map:
    _named(name, where)
    if not isinstance(table, Mapping):
        raise InputError(where, "", table, "a table", "It holds a title, arms and a grid.")
    only(table, MAP_KEYS, where)
    design = _uncertainties(table, where, folder)
    chosen = _with_levers(_chosen_arms(table, arms, where), table, where, folder)
    if design is None and len(chosen) < 2:
        remedy = f"Give it a table [maps.{name}.grid]." if name != "map" else BEGINNING
        raise InputError(where, problem="sweeps nothing", remedy=remedy)
    design = design or Design("grid", ())
    for axis in design.axes:
        for arm in chosen:
            if axis.key in arm.changes:
                remedy = "Leave it to one of the two."
                raise InputError(
                    where, axis.key, problem=f"is swept, and also set by the arm {arm.name}", remedy=remedy
                )
    title, question = text_in(table, "title", where) or name, text_in(table, "question", where)
    months = whole(table, "months", 1, 1, MOST_MONTHS, where) if "months" in table else None
    return Map(name, title, question, design.axes, chosen, design.kind, design.settings, design.rows, months)


def _uncertainties(table: Mapping[str, Any], where: str, folder: Path | None) -> Design | None:
    """Read the design of what nobody chooses, under ``[uncertainties]`` or by itself."""
    design = read_design(table, where, folder)
    if UNCERTAINTIES not in table:
        return design
    if design is not None:
        problem = f"stands beside [{design.kind}]"
        raise InputError(where, UNCERTAINTIES, problem=problem, remedy="Put the design under one of the two.")
    return _design_in(table, UNCERTAINTIES, where, folder)


def _design_in(table: Mapping[str, Any], name: str, where: str, folder: Path | None) -> Design:
    inside = f"{where}, [{name}]"
    given = table[name]
    if not isinstance(given, Mapping):
        raise InputError(where, name, given, "a table", f"Write [{name}.grid].")
    only(given, DESIGNS, inside)
    design = read_design(given, inside, folder)
    if design is None:
        raise InputError(inside, problem="sweeps nothing", remedy=f"Write [{name}.grid] and under it what is varied.")
    return design


def _with_levers(arms: tuple[Arm, ...], table: Mapping[str, Any], where: str, folder: Path | None) -> tuple[Arm, ...]:
    """Cross arms with the points of ``[levers]``: what a policy chooses between is an arm, named or not."""
    if LEVERS not in table:
        return arms
    design = _design_in(table, LEVERS, where, folder)
    points = Map("levers", "", "", design.axes, (PLAIN,), design.kind, design.settings, design.rows)
    ends = [axis.key.rpartition(".")[2] for axis in design.axes]
    names = {axis.key: end if ends.count(end) == 1 else axis.key for axis, end in zip(design.axes, ends, strict=True)}
    found = []
    for arm in arms:
        for axis in design.axes:
            if axis.key in arm.changes:
                problem = f"is a lever, and also set by the arm {arm.name}"
                raise InputError(where, axis.key, problem=problem, remedy="Leave it to one of the two.")
        for changes in points.coordinates():
            short = ", ".join(f"{names[key]} {_written(value)}" for key, value in changes.items())
            told = ", ".join(f"{_told(names[key], key)} {_shown(value)}" for key, value in changes.items())
            words = (arm.title, told) if arm is not PLAIN else (told,)
            name = f"{arm.name}: {short}" if arm is not PLAIN else short
            found.append(Arm(name, ", ".join(words), {**arm.changes, **changes}))
    return tuple(found)


def _told(name: str, key: str) -> str:
    """Return what stands for a lever in a title: of a switch, what it switches."""
    return key.split(".")[-2] if key.endswith(".enabled") else name.rpartition(".")[2]


def _shown(value: Value) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else _written(value)


def _written(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)


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
    title = text_in(table, "title", where) or name
    changes: dict[str, Any] = read_changes({key: value for key, value in table.items() if key not in ARM_KEYS}, where)
    if EVENTS in table:
        changes[EVENTS] = _events(table[EVENTS], where)
    return Arm(name, title, changes)


def _events(given: Any, where: str) -> list[dict[str, Value]]:
    """Read what happens under an arm; it takes the place of what happens in the scenario."""
    problems: list[InputError] = []
    events = read_events(given, where, problems)
    refuse(problems)
    return [event.to_dict() for event in events]


def _named(name: str, where: str) -> None:
    """Refuse names that could not name a file."""
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii() or len(name) > 60:
        raise InputError(where, "", name, "a name of letters, digits, - and _, at most 60")


def record_of_map(each: Map) -> dict[str, Any]:
    """Return what determines the points of a map."""
    return {
        "title": each.title,
        "question": each.question,
        **({} if each.months is None else {"months": each.months}),
        each.kind: Design(each.kind, each.axes, each.settings, each.rows).record(),
        "arms": {arm.name: {"title": arm.title, **arm.changes} for arm in each.arms},
    }


def map_of_record(name: str, record: Mapping[str, Any]) -> Map:
    """Make a map from its record."""
    (kind,) = (key for key in record if key in DESIGNS)
    design = Design.from_record(kind, record[kind])
    arms = tuple(
        Arm(arm, each["title"], {key: value for key, value in each.items() if key != "title"})
        for arm, each in record["arms"].items()
    )
    words = record["title"], record["question"]
    return Map(name, *words, design.axes, arms, kind, design.settings, design.rows, record.get("months"))


def table_in(tables: Mapping[str, Any], key: str, where: str, optional: bool = False) -> Mapping[str, Any]:
    """Return the table under a key; an empty one if it may be absent."""
    table = tables.get(key, {} if optional else None)
    if not isinstance(table, Mapping):
        raise InputError(where, key, table, "a table", f"Write [{key}].")
    return table


def text_in(table: Mapping[str, Any], key: str, where: str) -> str:
    """Return the text under a key in one line; none is empty."""
    text = table.get(key, "")
    if not isinstance(text, str):
        raise InputError(where, key, text, "text in quotes")
    return " ".join(text.split())

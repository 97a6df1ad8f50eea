"""The tables of an experiment file that say how a map, or what a policy chooses, spans its points."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from klastersim.errors import InputError, did_you_mean, refuse
from klastersim.lab.design import MOST_POINTS, Axis, axis_of, parameters_in, read_changes, read_grid
from klastersim.lab.sampling import CORNERS, METHODS, sample
from klastersim.scenario import Parameter, Value, parameter

MOST_SEED: Final = 2**32 - 1

#: Settings of each method: the default, if there is one, and the least and the most.
SETTINGS: Final[Mapping[str, Mapping[str, tuple[Any, int, int]]]] = {
    "latin_hypercube": {"samples": (None, 2, MOST_POINTS), "seed": (1, 0, MOST_SEED)},
    "sobol": {"samples": (None, 2, MOST_POINTS), "seed": (1, 0, MOST_SEED)},
    "sobol_indices": {"samples": (None, 2, MOST_POINTS), "seed": (1, 0, MOST_SEED), "second_order": (False, 0, 1)},
    "morris": {"trajectories": (None, 2, MOST_POINTS), "levels": (4, 2, 100), "seed": (1, 0, MOST_SEED)},
    "factorial": {},
    "fractional_factorial": {},
}
POWERS_OF_TWO: Final = (("sobol", "samples"), ("sobol_indices", "samples"))
EVIDENCE: Final = "evidence"
RANGE_KEYS: Final = ("from", "to", "scale", "label", "values")


@dataclass(frozen=True)
class Design:
    """How points are spanned.

    Attributes
    ----------
    kind : str
        Name of the table: "grid", "list", "zip", "table", or one of `METHODS`.
    axes : tuple of Axis
        What is varied.
    settings : mapping
        What a method was told.
    rows : tuple of dict, or None
        The points; None for the grid that the axes span.
    """

    kind: str
    axes: tuple[Axis, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Value], ...] | None = None

    def record(self) -> dict[str, Any]:
        """Return what determines the points; `from_record` reads it back."""
        axes = {axis.key: {"values": list(axis.values), "scale": axis.scale, "label": axis.label} for axis in self.axes}
        if self.rows is None:
            return axes
        if self.kind in METHODS:
            return {"settings": dict(self.settings), "axes": axes, "points_digest": _digest(self.rows)}
        return {"axes": axes, "points": [dict(row) for row in self.rows]}

    @classmethod
    def from_record(cls, kind: str, record: Mapping[str, Any]) -> Design:
        """Make a design from its record."""
        held = record if kind == "grid" else record["axes"]
        axes = tuple(Axis(key, tuple(each["values"]), each["scale"], each["label"]) for key, each in held.items())
        if kind == "grid":
            return cls(kind, axes)
        if kind in METHODS:
            return cls(kind, axes, record["settings"], sample(kind, axes, record["settings"]))
        return cls(kind, axes, {}, tuple(record["points"]))

    def thinned(self, points: int | None, samples: int | None) -> Design:
        """Return a small version: at most so many values on each axis, or points, and samples of a method."""
        if self.rows is None:
            return self if points is None else Design(self.kind, tuple(axis.thinned(points) for axis in self.axes))
        if self.kind in METHODS:
            name = "trajectories" if "trajectories" in self.settings else "samples"
            if samples is None or name not in self.settings or samples >= self.settings[name]:
                return self
            settings = {**self.settings, name: samples}
            return Design(self.kind, self.axes, settings, sample(self.kind, self.axes, settings))
        if points is None or points >= len(self.rows):
            return self
        kept = sorted({round(k * (len(self.rows) - 1) / (points - 1)) for k in range(points)})
        return Design(self.kind, self.axes, self.settings, tuple(self.rows[k] for k in kept))


def _digest(rows: Sequence[Mapping[str, Value]]) -> str:
    return hashlib.sha256(json.dumps([dict(row) for row in rows], sort_keys=True).encode()).hexdigest()


def read_design(tables: Mapping[str, Any], where: str, folder: Path | None) -> Design | None:
    """Read the one table among others that describes a design; None if there is none.

    Parameters
    ----------
    tables : mapping
        Tables by name.
    where : str
        The file and the table above, for errors.
    folder : Path, optional
        Where relative paths start.

    Raises
    ------
    InputError
        If there is more than one, or anything is wrong with it.
    """
    kinds = [kind for kind in DESIGNS if kind in tables]
    if not kinds:
        return None
    if len(kinds) > 1:
        remedy = "Give each its own [maps.NAME]."
        raise InputError(where, kinds[1], problem=f"stands beside {kinds[0]}, another design", remedy=remedy)
    (kind,) = kinds
    inside = f"{where}, [{kind}]"
    if kind == "grid":
        return Design(kind, read_grid(tables[kind], inside))
    if kind == "list":
        return _read_list(tables[kind], inside)
    if not isinstance(tables[kind], Mapping):
        raise InputError(where, kind, tables[kind], "a table", f"Write [{kind}] and under it what is varied.")
    if kind == "zip":
        return _read_zip(tables[kind], inside)
    if kind == "table":
        return _read_table(tables[kind], inside, folder or Path.cwd())
    return _read_method(kind, tables[kind], inside)


def _read_list(given: Any, where: str) -> Design:
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        remedy = "Write [[list]], and under it the parameters of a point, for each point."
        raise InputError(where, "", given, "a list of tables", remedy)
    return _of_rows("list", [read_changes(each, f"{where}, point {k + 1}") for k, each in enumerate(given)], where)


def _read_zip(table: Mapping[str, Any], where: str) -> Design:
    axes = read_grid(table, where, distinct=False)
    longest = len(axes[0].values)
    for axis in axes[1:]:
        if len(axis.values) != longest:
            problem = f"has {len(axis.values)} values beside the {longest} of {axes[0].key}"
            raise InputError(where, axis.key, problem=problem, remedy="Give each parameter equally many.")
    keys = [axis.key for axis in axes]
    values = zip(*(axis.values for axis in axes), strict=True)
    return _of_rows("zip", [dict(zip(keys, row, strict=True)) for row in values], where)


def _read_table(table: Mapping[str, Any], where: str, folder: Path) -> Design:
    for key in table:
        if key != "file":
            remedy = did_you_mean(key, ("file",)) or "What is varied stands in the columns of the file."
            raise InputError(where, key, table[key], "the key file", remedy)
    name = table.get("file")
    if not isinstance(name, str) or not name:
        raise InputError(where, "file", name, "the path of a CSV or Parquet file", 'Write file = "points.csv".')
    path = folder / name
    rows = _records(path)
    inside = str(path)
    checked = []
    problems: list[InputError] = []
    for number, row in enumerate(rows, 1):
        nested: dict[str, Any] = {}
        for key, value in row.items():
            *sections, last = key.split(".")
            place = nested
            for section in sections:
                place = place.setdefault(section, {})
            place[last] = value
        try:
            checked.append(read_changes(nested, f"{inside}, row {number}"))
        except InputError as error:
            problems.extend(error.problems)
            if len(problems) >= 20:
                break
    refuse(problems)
    return _of_rows("table", checked, inside)


def _records(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table as the types of its columns' parameters want them."""
    import pandas as pd

    try:
        if path.suffix == ".parquet":
            frame = pd.read_parquet(path)
        elif path.suffix == ".csv":
            frame = pd.read_csv(path)
        else:
            raise InputError(str(path), problem="is neither .csv nor .parquet", remedy="Name it by what it is.")
    except FileNotFoundError:
        raise InputError(str(path), problem="does not exist", remedy="Paths start where the experiment lies.") from None
    except InputError:
        raise
    except (OSError, ValueError) as error:
        problem = f"cannot be read as a table ({' '.join(str(error).split())[:200]})"
        raise InputError(str(path), problem=problem) from None
    if len(frame) > MOST_POINTS:
        raise InputError(str(path), problem=f"has {len(frame):,} rows, more than {MOST_POINTS:,}")
    if frame.columns.empty or frame.empty:
        raise InputError(str(path), problem="holds no points", remedy="Columns are parameters, rows are points.")
    gaps = [str(name) for name in frame.columns if frame[name].isna().any()]
    if gaps:
        raise InputError(str(path), gaps[0], problem="has a gap", remedy="Give every point a value of every column.")
    return [{str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """Return a number as Python's own."""
    return value.item() if hasattr(value, "item") else value


def _of_rows(kind: str, rows: list[dict[str, Value]], where: str) -> Design:
    """Make a design of points that were told one by one."""
    if len(rows) < 2:
        raise InputError(where, problem="has fewer than two points, which sweeps nothing", remedy="Add points.")
    values: dict[str, dict[Value, None]] = {}
    seen = set()
    for number, row in enumerate(rows, 1):
        for key, value in row.items():
            values.setdefault(key, {})[value] = None
        seen.add(tuple(sorted(row.items())))
        if len(seen) < number:
            remedy = "Replications repeat points; list each once."
            raise InputError(where, problem=f"holds point {number} twice", remedy=remedy)
    if not values:
        raise InputError(where, problem="varies nothing", remedy="Write for instance ties.trust = 0.3.")
    axes = tuple(Axis(key, tuple(each), "list", _label(parameter(key))) for key, each in values.items())
    return Design(kind, axes, {}, tuple(rows))


def _label(declared: Parameter) -> str:
    return declared.label + (f" [{declared.unit}]" if declared.unit else "")


def _read_method(kind: str, table: Mapping[str, Any], where: str) -> Design:
    problems: list[InputError] = []
    known = SETTINGS[kind]
    settings = {}
    for name, (default, low, high) in known.items():
        try:
            settings[name] = _setting(table.get(name, default), name, low, high, where)
        except InputError as error:
            problems.append(error)
    axes = []
    rest = {name: value for name, value in table.items() if name not in known}
    for key, value in parameters_in(rest, where, problems, known=tuple(known)):
        try:
            axes.append(_range(parameter(key), value, where, kind in CORNERS))
        except InputError as error:
            problems.extend(error.problems)
    if not axes and not problems:
        remedy = "Write for instance ties.trust = { from = 0.3, to = 0.9 }."
        problems.append(InputError(where, problem="varies nothing", remedy=remedy))
    if (kind, "samples") in POWERS_OF_TWO and not problems and settings["samples"] & (settings["samples"] - 1):
        remedy = "Balance needs 64, 128, 256 ..."
        problems.append(InputError(where, "samples", settings["samples"], "a power of two", remedy))
    if kind == "morris" and not problems and settings["levels"] % 2:
        problems.append(InputError(where, "levels", settings["levels"], "an even number"))
    refuse(problems)
    size = _size(kind, len(axes), settings)
    if size > MOST_POINTS:
        problem = f"has {size:,} points, more than {MOST_POINTS:,}"
        raise InputError(where, problem=problem, remedy="Take fewer samples or parameters.")
    return Design(kind, tuple(axes), settings, sample(kind, axes, settings))


def _setting(value: Any, name: str, low: int, high: int, where: str) -> Any:
    if name == "second_order":
        if not isinstance(value, bool):
            raise InputError(where, name, value, "true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        if value is None:
            raise InputError(where, name, problem="is missing", remedy=f"Write for instance {name} = 64.")
        raise InputError(where, name, value, f"a whole number from {low} to {high}")
    return value


def _size(kind: str, count: int, settings: Mapping[str, Any]) -> int:
    if kind == "factorial":
        return int(2**count)
    if kind == "sobol_indices":
        return int(settings["samples"] * ((2 * count if settings["second_order"] else count) + 2))
    return int(settings.get("samples") or settings.get("trajectories", 1) * (count + 1))


def _range(declared: Parameter, given: Any, where: str, corners: bool) -> Axis:
    """Read what a parameter may be: two ends, a list, or the range that its evidence leaves open."""
    if given == EVIDENCE and declared.range is not None:
        given = {"from": declared.range[0], "to": declared.range[1]}
    if isinstance(given, str) and not declared.is_number:
        raise InputError(where, declared.key, given, "a list of values", f"Write {declared.key} = [ ... ].")
    if given == EVIDENCE:
        problem = "has no range in docs/parameters.md"
        raise InputError(where, declared.key, given, problem=problem, remedy="Give its ends: { from = ..., to = ... }.")
    if isinstance(given, Mapping) and "points" in given:
        problem = "says how many points lie between the ends, which the design does"
        raise InputError(where, f"{declared.key}.points", given["points"], problem=problem, remedy="Leave it out.")
    if isinstance(given, Mapping) and "values" not in given:
        given = {**given, "points": 2}
    axis = axis_of(declared, given, where)
    if corners and len(axis.values) != 2:
        remedy = "A design of corners has two; for more take [grid]."
        raise InputError(where, declared.key, list(axis.values), "two levels", remedy)
    return axis


#: Names of the tables that mark what is swept.
DESIGNS: Final = ("grid", "list", "zip", "table", *METHODS)

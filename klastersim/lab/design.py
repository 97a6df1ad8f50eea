"""What an experiment varies: axes, arms, and the points that they span."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from klastersim.errors import InputError, did_you_mean, refuse
from klastersim.scenario import Parameter, Scenario, Value, parameter
from klastersim.scenario.catalogue import CATALOGUE, SECTIONS, unknown

MOST_POINTS: Final = 1_000_000
MOST_MONTHS: Final = 1_200
SCALES: Final = ("linear", "log")
AXIS_KEYS: Final = ("from", "to", "points", "scale", "values", "label")

#: Significant digits of a computed value: readable, and free of the last bits in which machines differ.
DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Axis:
    """One parameter and the values it takes.

    Attributes
    ----------
    key : str
        Dotted key of the parameter.
    values : tuple
        At least two different ones, in the order of the file.
    scale : str
        "linear", "log", or "list" for values that were listed.
    label : str
        What to write beside the axis.
    """

    key: str
    values: tuple[Value, ...]
    scale: str
    label: str

    @property
    def is_number(self) -> bool:
        """Whether the values lie on a line, so that one may interpolate between them."""
        return parameter(self.key).is_number

    def thinned(self, points: int) -> Axis:
        """Return the axis with at most so many of its values, the ends among them."""
        if points >= len(self.values):
            return self
        kept = sorted({round(place) for place in np.linspace(0, len(self.values) - 1, points)})
        return Axis(self.key, tuple(self.values[place] for place in kept), self.scale, self.label)


@dataclass(frozen=True, slots=True)
class Arm:
    """What a policy chooses: parameters that are changed together."""

    name: str
    title: str
    changes: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Map:
    """Points of what nobody chooses, run once for each arm.

    Attributes
    ----------
    name, title, question : str
        Words about it.
    axes : tuple of Axis
        What is varied.
    arms : tuple of Arm
        What a policy chooses between; the first is what the others are compared with.
    kind : str
        Name of the design.
    settings : mapping
        What a method of sampling was told.
    rows : tuple of dict, or None
        Coordinates of the points; None for the grid that the axes span.
    months : int, optional
        Length of its runs; that of the experiment by default.
    """

    name: str
    title: str
    question: str
    axes: tuple[Axis, ...]
    arms: tuple[Arm, ...]
    kind: str = "grid"
    settings: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Value], ...] | None = None
    months: int | None = None

    @property
    def is_grid(self) -> bool:
        """Whether the axes span all points."""
        return self.rows is None

    @property
    def places(self) -> int:
        """Number of points under each arm."""
        return math.prod(len(axis.values) for axis in self.axes) if self.rows is None else len(self.rows)

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.arms) * self.places

    def coordinates(self) -> Iterator[dict[str, Value]]:
        """Go through the points under an arm; in a grid the last axis turns fastest."""
        if self.rows is not None:
            yield from (dict(row) for row in self.rows)
            return
        for values in itertools.product(*(axis.values for axis in self.axes)):
            yield dict(zip((axis.key for axis in self.axes), values, strict=True))

    def points(self) -> Iterator[tuple[Arm, dict[str, Value]]]:
        """Go through arms and, within each, coordinates."""
        for arm in self.arms:
            for coordinates in self.coordinates():
                yield arm, coordinates


@dataclass(frozen=True, slots=True)
class Point:
    """One scenario of an experiment, as what it changes in the base."""

    map: str
    arm: str
    coordinates: Mapping[str, Value]
    changes: Mapping[str, Value]


def points_of(maps: Sequence[Map]) -> tuple[Point, ...]:
    """Return the points of all maps, in order."""
    return tuple(
        Point(each.name, arm.name, coordinates, {**arm.changes, **coordinates})
        for each in maps
        for arm, coordinates in each.points()
    )


def swept_keys(maps: Sequence[Map]) -> tuple[str, ...]:
    """Return the parameters that differ between points, in the order of the catalogue."""
    keys = {axis.key for each in maps for axis in each.axes}
    keys |= {key for each in maps for arm in each.arms for key in arm.changes}
    return tuple(key for key in CATALOGUE if key in keys)


def check_points(base: Scenario, points: Sequence[Point], where: str) -> None:
    """Refuse points whose parameters contradict each other, all kinds of contradiction in one go."""
    problems: dict[tuple[str, str], InputError] = {}
    for point in points:
        try:
            base.replace(point.changes, where=where)
        except InputError as error:
            problems.setdefault((error.key, error.allowed), error)
    refuse(list(problems.values()))


def read_grid(table: Any, where: str, distinct: bool = True) -> tuple[Axis, ...]:
    """Read a table of axes.

    Parameters
    ----------
    table : object
        What stands under ``[grid]``: parameters as in a scenario file, and for each a list of values, or a table of
        ``from``, ``to``, ``points`` and ``scale``.
    where : str
        The file and the table, for errors.
    distinct : bool
        Whether a value may stand once only on an axis, as where every value meets every other.

    Returns
    -------
    tuple of Axis
        At least one.

    Raises
    ------
    InputError
        If anything in it is wrong; all that is wrong.
    """
    problems: list[InputError] = []
    axes = []
    for key, value in parameters_in(table, where, problems):
        try:
            axes.append(axis_of(parameter(key), value, where, distinct))
        except InputError as error:
            problems.extend(error.problems)
    if not axes and not problems:
        remedy = "Write for instance ties.trust = { from = 0.3, to = 0.9, points = 7 }."
        problems.append(InputError(where, problem="sweeps nothing", remedy=remedy))
    refuse(problems)
    size = math.prod(len(axis.values) for axis in axes) if distinct else len(axes[0].values)
    if size > MOST_POINTS:
        raise InputError(where, problem=f"has {size:,} points, more than {MOST_POINTS:,}", remedy="Take fewer values.")
    return tuple(axes)


def read_changes(table: Any, where: str) -> dict[str, Value]:
    """Read the parameters of an arm.

    Parameters
    ----------
    table : object
        Parameters as in a scenario file; a number may be written as a multiple of its default,
        ``programme.budget = { times_default = 15 }``.
    where : str
        The file and the table, for errors.

    Returns
    -------
    dict of str to value
        Checked values by dotted key.
    """
    problems: list[InputError] = []
    changes = {}
    for key, value in parameters_in(table, where, problems):
        declared = parameter(key)
        try:
            changes[key] = declared.check(_multiple(declared, value, where), where)
        except InputError as error:
            problems.extend(error.problems)
    refuse(problems)
    return changes


def parameters_in(
    table: Any, where: str, problems: list[InputError], section: str = "", known: Sequence[str] = ()
) -> Iterator[tuple[str, Any]]:
    """Yield the parameters named in a table, whatever stands for their values; what is no parameter is a problem.

    Parameters
    ----------
    table : object
        As in a scenario file.
    where : str
        The file and the table, for errors.
    problems : list of InputError
        Takes what is wrong.
    section : str
        Where in the catalogue the table is.
    known : sequence of str
        Further keys that the table could have held, for those that are misspelt.
    """
    if not isinstance(table, Mapping):
        names = ", ".join(SECTIONS[section][:3])
        problems.append(InputError(where, section, table, "a table", f"It holds parameters, such as {names}."))
        return
    for name, value in table.items():
        key = f"{section}.{name}" if section else name
        if "." in name:
            remedy = f"Write {name} without quotes."
            problems.append(InputError(where, f'"{name}"', problem="has its dots inside quotes", remedy=remedy))
        elif key in CATALOGUE:
            yield key, value
        elif key in SECTIONS:
            yield from parameters_in(value, where, problems, key)
        elif did_you_mean(key, known):
            problems.append(
                InputError(where, key, value, f"one of the keys {', '.join(known)}", did_you_mean(key, known))
            )
        else:
            problems.append(unknown(key, value, where))


def _multiple(declared: Parameter, value: Any, where: str) -> Any:
    """Return the number meant by ``{ times_default = x }``, and any other value as it is."""
    if not isinstance(value, Mapping):
        return value
    factor: Any = value.get("times_default")
    if set(value) != {"times_default"} or not declared.is_number or not _is_number(factor):
        remedy = "A number may also be written { times_default = 15 }." if declared.is_number else ""
        raise InputError(where, declared.key, value, declared.allowed, remedy)
    product = float(f"{factor * float(declared.default):.{DIGITS}g}")
    return int(product) if isinstance(declared.default, int) and product.is_integer() else product


def axis_of(declared: Parameter, given: Any, where: str, distinct: bool = True) -> Axis:
    """Read an axis: a list of values, or a table of ``from``, ``to``, ``points`` and ``scale``."""
    if isinstance(given, list):
        given = {"values": given}
    if not isinstance(given, Mapping):
        remedy = f"Write {declared.key} = [ ... ] or {{ from = ..., to = ..., points = ... }}."
        problem = "is a single value, which sweeps nothing"
        raise InputError(where, declared.key, given, problem=problem, remedy=remedy)
    only(given, AXIS_KEYS, where, declared.key)
    label = given.get("label", declared.label + (f" [{declared.unit}]" if declared.unit else ""))
    if not isinstance(label, str):
        raise InputError(where, f"{declared.key}.label", label, "text in quotes")
    if "values" in given:
        scale = "list" if "scale" not in given else _scale(given, declared, where)
        return Axis(declared.key, _listed(declared, given, where, distinct), scale, label)
    return Axis(declared.key, _spaced(declared, given, where), _scale(given, declared, where), label)


def _listed(declared: Parameter, given: Mapping[str, Any], where: str, distinct: bool) -> tuple[Value, ...]:
    extra = [key for key in ("from", "to", "points") if key in given]
    if extra:
        problem = "stands beside values, which say all"
        raise InputError(where, f"{declared.key}.{extra[0]}", given[extra[0]], problem=problem)
    values = given["values"]
    if not isinstance(values, list):
        raise InputError(where, f"{declared.key}.values", values, "a list")
    checked = tuple(declared.check(_multiple(declared, value, where), where) for value in values)
    for place, value in enumerate(checked):
        if distinct and value in checked[:place]:
            raise InputError(where, declared.key, value, problem="is listed twice", remedy="List each value once.")
    if len(checked) < 2:
        raise InputError(where, declared.key, values, "at least two values", "An axis with one value sweeps nothing.")
    return checked


def _spaced(declared: Parameter, given: Mapping[str, Any], where: str) -> tuple[Value, ...]:
    """Return values from one end to the other, at equal steps or at equal ratios."""
    if not declared.is_number:
        remedy = f"List them: {declared.key} = [ ... ]."
        raise InputError(where, declared.key, given, problem="has no ends, for it is no number", remedy=remedy)
    for key in ("from", "to", "points"):
        if key not in given:
            raise InputError(where, declared.key, given, problem=f"lacks {key}", remedy="Give from, to and points.")
    points = given["points"]
    if isinstance(points, bool) or not isinstance(points, int) or not 2 <= points <= MOST_POINTS:
        allowed = f"a whole number from 2 to {MOST_POINTS}"
        raise InputError(where, f"{declared.key}.points", points, allowed, "One point sweeps nothing.")
    low, high = (_end(declared, given, key, where) for key in ("from", "to"))
    if low >= high:
        remedy = "Swap from and to." if low > high else "An axis has two different ends."
        raise InputError(where, f"{declared.key}.to", high, f"above from = {low:g}", remedy)
    if _scale(given, declared, where) == "log":
        if low <= 0.0:
            remedy = "Start it above 0, or use a linear axis."
            raise InputError(where, f"{declared.key}.from", low, "above 0, where a log axis begins", remedy)
        steps = [low * (high / low) ** (place / (points - 1)) for place in range(points)]
    else:
        steps = [low + (high - low) * place / (points - 1) for place in range(points)]
    return tuple(declared.check(_in_type(declared, step, where), where) for step in steps)


def _end(declared: Parameter, given: Mapping[str, Any], key: str, where: str) -> float:
    """Return an end of an axis, checked as any value of the parameter but that a whole number may have a point."""
    value = _multiple(declared, given[key], where)
    if not _is_number(value) or not math.isfinite(value):
        raise InputError(where, f"{declared.key}.{key}", value, declared.allowed)
    return float(declared.check(_in_type(declared, value, where), where))


def _in_type(declared: Parameter, value: float, where: str) -> int | float:
    rounded = float(f"{value:.{DIGITS}g}")
    if isinstance(declared.default, float):
        return rounded
    if rounded.is_integer():
        return int(rounded)
    remedy = f"Choose points so that all are whole, or list them: {declared.key} = [ ... ]."
    problem = f"gives {rounded:g}, which is no whole number"
    raise InputError(where, declared.key, problem=problem, remedy=remedy)


def _scale(given: Mapping[str, Any], declared: Parameter, where: str) -> str:
    scale = given.get("scale", "linear")
    if scale not in SCALES:
        remedy = did_you_mean(scale, SCALES) if isinstance(scale, str) else ""
        raise InputError(where, f"{declared.key}.scale", scale, 'one of "linear", "log"', remedy)
    return str(scale)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(table: Mapping[str, Any], key: str, default: int, low: int, high: int, where: str) -> int:
    """Return the whole number under a key of a table, or the default; refuse any other and any out of bounds."""
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(where, key, value, f"a whole number from {low} to {high}")
    return value


def only(table: Mapping[str, Any], known: Sequence[str], where: str, inside: str = "") -> None:
    """Refuse keys that a table does not know."""
    problems = []
    for name, value in table.items():
        if name not in known:
            key = f"{inside}.{name}" if inside else name
            listed = f"one of the keys {', '.join(known)}"
            problems.append(InputError(where, key, value, listed, did_you_mean(name, known)))
    refuse(problems)

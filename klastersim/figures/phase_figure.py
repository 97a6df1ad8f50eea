"""The map of the chance of turning active, the line where it is one half, and how programmes move that line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from klastersim.figures.style import INK, LINES, TEXT, literal, new_figure
from klastersim.lab.answer import HALF, Phase, positions
from klastersim.lab.design import Axis
from klastersim.lab.summary import wilson
from klastersim.scenario import parameter

if TYPE_CHECKING:
    from klastersim.scenario import Scenario

#: From pale (passive) to dark (active), even in lightness: for the colour-blind and in grey print alike.
COLOURS: Final = LinearSegmentedColormap.from_list(
    "passive to active", ["#F6F3EC", "#CFDDE6", "#8FB8D4", "#4A88B8", "#1F5A8F", "#0B2F57"]
)

#: The line of one half in the first arm, and in those that follow: darker for more, and told apart by their dashes.
FIRST_LINE: Final = (INK, "-")
ARM_LINES: Final[tuple[tuple[str, Any], ...]] = (
    ("#F0A500", (0, (1, 0.8))),
    ("#D55E00", (0, (5, 1.4))),
    ("#8C1D40", (0, (6, 1.2, 1.2, 1.2))),
)

#: What stands for a point that is not sure, and for the scenario that all points change.
MARK: Final[dict[str, Any]] = {"linestyle": "none", "color": "white", "markeredgecolor": INK}
DOT: Final[dict[str, Any]] = {**MARK, "marker": "o", "markersize": 3.4, "markeredgewidth": 0.7}
HERE: Final[dict[str, Any]] = {**MARK, "marker": "*", "markersize": 15, "markeredgewidth": 1.1}

#: The base of a map on which nothing is to be marked.
NOWHERE: Final[Mapping[str, Any]] = MappingProxyType({})

MOST_PANELS: Final = 12
MOST_TICKS: Final = 7

#: Characters of a label of which three fit beside each other.
LONGEST_OF_THREE: Final = 38


def can_be_drawn(phases: Sequence[Phase]) -> bool:
    """Whether a map is a grid of one or two axes, and has not too many arms to tell apart."""
    first = phases[0].map
    return first.is_grid and 1 <= len(first.axes) <= 2 and len(phases) <= MOST_PANELS


def draw_map(phases: Sequence[Phase], question: str, note: str, base: Mapping[str, Any] | Scenario = NOWHERE) -> Figure:
    """Draw a map.

    Parameters
    ----------
    phases : sequence of Phase
        One for each arm, the one to compare with first.
    question : str
        What the experiment asks.
    note : str
        What a reader needs to know of the runs: how long, from where, how large.
    base : mapping or Scenario
        Values that all points change; a star marks them where they lie on the map.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    if len(phases[0].map.axes) == 1:
        return _draw_curves(phases, question, note)
    small = _columns(len(phases) - 1)
    rows = -(-(len(phases) - 1) // small) if small else 0
    figure = new_figure(6.2 if not rows else 5.4 + 2.4 * rows)
    heights = [5.2, 2.4 * rows] if rows else [1.0]
    head, *below = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False).flat
    _words(head, phases, question)
    mesh = _draw_first(head, phases, base)
    if below:
        _draw_small(below[0], phases, small)
    bar = head.colorbar(mesh, ax=head.axes, pad=0.01)
    bar.set_label("chance of being active in the last month", fontsize=TEXT + 0.5)
    bar.ax.tick_params(labelsize=TEXT - 0.5)
    bar.ax.axhline(HALF, color=INK, linewidth=1.6)
    figure.supxlabel(textwrap.fill(_legend_of_marks(phases, note), 150), fontsize=TEXT - 0.5, x=0.01, ha="left")
    return literal(figure)


def _columns(panels: int) -> int:
    return min(panels, 3)


def _words(head: Any, phases: Sequence[Phase], question: str) -> None:
    head.suptitle(textwrap.fill(question, 112), fontsize=TEXT + 2.5, x=0.01, ha="left", color=INK)


def _legend_of_marks(phases: Sequence[Phase], note: str) -> str:
    runs = int(max(int(phase.runs.max()) for phase in phases))
    low, high = wilson(runs // 2, runs)
    return (
        f"{note} {runs} {'run' if runs == 1 else 'runs'} at each point, the same luck at all points. At a chance of "
        f"one half the 95 % interval (Wilson) is {low:.2f} to {high:.2f}. Lines are interpolated between points."
    )


def _draw_first(head: Any, phases: Sequence[Phase], base: Mapping[str, Any] | Scenario) -> Any:
    axis = head.subplots()
    first = phases[0]
    mesh = _shade(axis, first)
    handles = []
    styles: list[tuple[str, Any]] = [FIRST_LINE, *ARM_LINES, *LINES]
    # The first line last, so that it lies on top where a programme does not move it.
    for phase, (colour, dashes) in reversed(list(zip(phases, styles, strict=False))):
        drawn = _half_line(axis, phase, colour, dashes)
        label = phase.arm.title if drawn else f"{phase.arm.title}: {_absence(phase)}"
        handles.append(Line2D([], [], color=colour if drawn else "none", linestyle=dashes, linewidth=2.4, label=label))
    handles.reverse()
    if any(phase.unsure.any() for phase in phases):
        handles.append(Line2D([], [], label="95 % interval holds one half", **DOT))
    place = _here(first, base)
    if place is not None:
        axis.plot(*place, clip_on=False, zorder=6, **HERE)
        values = ", ".join(_tick(base[each.key]) for each in first.map.axes)
        handles.append(Line2D([], [], label=f"the scenario's own values ({values})", **HERE))
    longest = max(len(str(handle.get_label())) for handle in handles)
    head.legend(
        handles=handles, loc="outside lower left", ncols=3 if longest <= LONGEST_OF_THREE else 2, fontsize=TEXT,
        frameon=False, handlelength=4, title="Lines: where the chance is one half", title_fontsize=TEXT,
        alignment="left",
    )  # fmt: skip
    axis.set_title(f"{first.map.title}: {first.arm.title}", fontsize=TEXT + 1.5, loc="left")
    _dress(axis, first)
    return mesh


def _here(phase: Phase, base: Mapping[str, Any] | Scenario) -> tuple[float, float] | None:
    """Return where a scenario stands on a map; None where it does not."""
    places = []
    for axis in phase.map.axes:
        if axis.key not in base:
            return None
        value, ends = base[axis.key], axis.values
        if axis.is_number:
            if not min(ends) <= value <= max(ends):
                return None
            places.append(float(positions(replace(axis, values=(value,)))[0]))
        elif value in ends:
            places.append(float(ends.index(value)))
        else:
            return None
    return places[0], places[1]


def _draw_small(below: Any, phases: Sequence[Phase], columns: int) -> None:
    """Draw a map for each further arm, with its own line and, for comparison, the first one's."""
    rows = -(-(len(phases) - 1) // columns)
    axes = below.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axis, phase, (colour, dashes) in zip(axes.flat, phases[1:], [*ARM_LINES, *LINES], strict=False):
        _shade(axis, phase, 0.75)
        _half_line(axis, phases[0], *FIRST_LINE, width=1.0)
        drawn = _half_line(axis, phase, colour, dashes, width=2.0)
        axis.set_title(phase.arm.title + ("" if drawn else f"\n{_absence(phase)}"), fontsize=TEXT, loc="left")
        _dress(axis, phase, labels=False)
    for axis in axes.flat[len(phases) - 1 :]:
        axis.set_visible(False)
    across, up = phases[0].map.axes
    below.supxlabel(_axis_label(across), fontsize=TEXT)
    below.supylabel(up.label, fontsize=TEXT)


def _absence(phase: Phase) -> str:
    side = "below" if not (phase.chance >= HALF).any() else "above"
    extreme = np.nanmax(phase.chance) if side == "below" else np.nanmin(phase.chance)
    return f"everywhere {side} 1/2 ({'most' if side == 'below' else 'least'} {extreme:.2f})"


def _edges(axis: Axis) -> np.ndarray:
    """Return borders half-way between places, and as far beyond the outermost, but not beyond what a value may be."""
    places = positions(axis)
    middle = (places[1:] + places[:-1]) / 2.0
    first, last = 2.0 * places[0] - middle[0], 2.0 * places[-1] - middle[-1]
    if axis.is_number:
        declared = parameter(axis.key)
        for bound, sign in ((declared.low, 1.0), (declared.high, -1.0)):
            if bound is None or (axis.scale == "log" and bound <= 0.0):
                continue
            place = float(positions(replace(axis, values=(bound,)))[0])
            first, last = (max(first, place), last) if sign > 0.0 else (first, min(last, place))
    return np.concatenate(([first], middle, [last]))


def _shade(axis: Any, phase: Phase, size: float = 1.0) -> Any:
    across, up = phase.map.axes
    mesh = axis.pcolormesh(
        _edges(across), _edges(up), phase.chance.T, cmap=COLOURS, vmin=0.0, vmax=1.0, edgecolors="white", linewidth=0.4
    )
    axis.set_facecolor("#BBBBBB")  # where no run was finished
    unsure = phase.unsure
    x, y = np.meshgrid(positions(across), positions(up), indexing="ij")
    if unsure.any():
        dot = {**DOT, "markersize": size * DOT["markersize"]}
        axis.plot(x[unsure], y[unsure], zorder=5, clip_on=False, **dot)
    return mesh


def _half_line(axis: Any, phase: Phase, colour: Any, dashes: Any, width: float = 2.4) -> bool:
    """Draw the line of one half; return whether there is one."""
    chance = phase.chance
    if not ((chance >= HALF).any() and (chance < HALF).any()):
        return False
    across, up = (positions(each) for each in phase.map.axes)
    lines = axis.contour(
        across, up, np.ma.masked_invalid(chance.T), levels=[HALF], colors=[colour], linewidths=width, zorder=3
    )
    lines.set(linestyle=[dashes], path_effects=[withStroke(linewidth=width + 1.8, foreground="white")])
    return True


def _dress(axis: Any, phase: Phase, labels: bool = True) -> None:
    for each, side in zip(phase.map.axes, (axis.xaxis, axis.yaxis), strict=True):
        places = positions(each)
        step = -(-len(places) // MOST_TICKS) if len(places) > MOST_TICKS + 3 or not labels else 1
        side.set_ticks(places[::step], [_tick(value) for value in each.values[::step]], fontsize=TEXT - 0.5)
        if labels:
            side.set_label_text(_axis_label(each), fontsize=TEXT + 0.5)


def _axis_label(each: Axis) -> str:
    return each.label + (", logarithmic" if each.scale == "log" else "")


def _tick(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _draw_curves(phases: Sequence[Phase], question: str, note: str) -> Figure:
    """Draw the chance along a single axis, each arm with the band of its intervals."""
    figure = new_figure(5.6)
    _words(figure, phases, question)
    axis = figure.subplots()
    across = phases[0].map.axes[0]
    places = positions(across)
    for phase, (colour, dashes) in zip(phases, LINES * 3, strict=False):
        ends = np.array([wilson(int(k), int(n)) for k, n in zip(phase.active, phase.runs, strict=True)])
        axis.fill_between(places, ends[:, 0], ends[:, 1], color=colour, alpha=0.15, linewidth=0)
        axis.plot(places, phase.chance, color=colour, linestyle=dashes, marker="o", markersize=4, label=phase.arm.title)
    axis.axhline(HALF, color=INK, linewidth=0.7, linestyle=(0, (2, 2)))
    axis.set_ylim(0.0, 1.0)
    axis.set_ylabel("chance of being active in the last month", fontsize=TEXT)
    axis.set_xlabel(_axis_label(across), fontsize=TEXT)
    axis.set_xticks(places, [_tick(value) for value in across.values], fontsize=TEXT - 0.5)
    axis.set_title(phases[0].map.title, fontsize=TEXT + 1.5, loc="left")
    axis.legend(fontsize=TEXT, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    runs = int(max(int(phase.runs.max()) for phase in phases))
    words = f"{note} {runs} runs at each point, the same luck at all points; bands are 95 % intervals (Wilson)."
    figure.supxlabel(textwrap.fill(words, 150), fontsize=TEXT - 0.5, x=0.01, ha="left")
    return literal(figure)

"""The map of the chance of turning active, the line where it is one half, and how programmes move that line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from klastersim.figures.style import INK, LINES, TEXT, new_figure
from klastersim.lab.answer import HALF, Phase, positions
from klastersim.lab.design import Axis
from klastersim.lab.summary import wilson

#: From pale to dark in even steps of lightness, for the colour-blind and in grey print alike.
COLOURS: Final = "cividis"

#: The line of one half under no programme, and under the arms that follow.
FIRST_LINE: Final = ("white", "-")
ARM_LINES: Final[tuple[tuple[str, Any], ...]] = (
    ("#FFFFFF", (0, (1, 1.2))),
    ("#F5A3FF", (0, (5, 1.5))),
    ("#FF6E3A", (0, (6, 1.2, 1.2, 1.2))),
)

MOST_PANELS: Final = 12
MOST_TICKS: Final = 7


def can_be_drawn(phases: Sequence[Phase]) -> bool:
    """Whether a map has one or two axes, and not too many arms to tell apart."""
    return len(phases[0].map.axes) <= 2 and len(phases) <= MOST_PANELS


def draw_map(phases: Sequence[Phase], question: str, note: str) -> Figure:
    """Draw a map.

    Parameters
    ----------
    phases : sequence of Phase
        One for each arm, the one to compare with first.
    question : str
        What the experiment asks.
    note : str
        What a reader needs to know of the runs: how long, from where, how large.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    if len(phases[0].map.axes) == 1:
        return _draw_curves(phases, question, note)
    small = _columns(len(phases) - 1)
    rows = -(-(len(phases) - 1) // small) if small else 0
    figure = new_figure(6.6 if not rows else 6.0 + 2.9 * rows)
    heights = [5.2, 2.9 * rows] if rows else [1.0]
    head, *below = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False).flat
    _words(head, phases, question)
    mesh = _draw_first(head, phases)
    if below:
        _draw_small(below[0], phases, small)
    head.colorbar(mesh, ax=head.axes, label="chance of being active in the last month, P(active)", pad=0.01)
    figure.supxlabel(textwrap.fill(_legend_of_marks(phases, note), 150), fontsize=TEXT - 0.5, x=0.01, ha="left")
    return figure


def _columns(panels: int) -> int:
    return min(panels, 3)


def _words(head: Any, phases: Sequence[Phase], question: str) -> None:
    head.suptitle(textwrap.fill(question, 112), fontsize=TEXT + 2.5, x=0.01, ha="left", color=INK)


def _legend_of_marks(phases: Sequence[Phase], note: str) -> str:
    runs = int(max(int(phase.runs.max()) for phase in phases))
    low, high = wilson(runs // 2, runs)
    return (
        f"{note} {runs} runs at each point, the same luck at all points; 95 % interval of P(active) at one half: "
        f"{low:.2f} to {high:.2f} (Wilson). A dot marks a point whose interval holds one half. Lines are interpolated "
        "between points."
    )


def _draw_first(head: Any, phases: Sequence[Phase]) -> Any:
    axis = head.subplots()
    first = phases[0]
    mesh = _shade(axis, first)
    handles = []
    styles: list[tuple[str, Any]] = [FIRST_LINE, *ARM_LINES, *LINES]
    for phase, (colour, dashes) in zip(phases, styles, strict=False):
        drawn = _half_line(axis, phase, colour, dashes)
        label = f"{phase.arm.title}: P(active) = 1/2" if drawn else f"{phase.arm.title}: {_absence(phase)}"
        handles.append(
            Line2D([], [], color=colour if drawn else "none", linestyle=dashes, linewidth=2.2, label=label,
                   path_effects=[withStroke(linewidth=3.8, foreground=INK)] if drawn else [])
        )  # fmt: skip
    head.legend(handles=handles, loc="outside lower center", ncols=min(2, len(handles)), fontsize=TEXT, frameon=False,
                handlelength=4)  # fmt: skip
    axis.set_title(f"{first.map.title}: {first.arm.title}", fontsize=TEXT + 1.5, loc="left")
    _dress(axis, first)
    return mesh


def _draw_small(below: Any, phases: Sequence[Phase], columns: int) -> None:
    """Draw a map for each further arm, with its own line and, for comparison, the first one's."""
    rows = -(-(len(phases) - 1) // columns)
    axes = below.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for axis, phase, (colour, dashes) in zip(axes.flat, phases[1:], [*ARM_LINES, *LINES], strict=False):
        _shade(axis, phase)
        _half_line(axis, phases[0], *FIRST_LINE, width=1.0)
        drawn = _half_line(axis, phase, colour, dashes)
        axis.set_title(phase.arm.title + ("" if drawn else f"\n{_absence(phase)}"), fontsize=TEXT, loc="left")
        _dress(axis, phase, labels=False)
    for axis in axes.flat[len(phases) - 1 :]:
        axis.set_visible(False)
    across, up = phases[0].map.axes
    below.supxlabel(across.label, fontsize=TEXT)
    below.supylabel(up.label, fontsize=TEXT)


def _absence(phase: Phase) -> str:
    side = "below" if not (phase.chance >= HALF).any() else "above"
    extreme = np.nanmax(phase.chance) if side == "below" else np.nanmin(phase.chance)
    return f"everywhere {side} 1/2 ({'most' if side == 'below' else 'least'} {extreme:.2f})"


def _edges(places: np.ndarray) -> np.ndarray:
    """Return borders half-way between places, and as far beyond the outermost."""
    middle = (places[1:] + places[:-1]) / 2.0
    return np.concatenate(([2.0 * places[0] - middle[0]], middle, [2.0 * places[-1] - middle[-1]]))


def _shade(axis: Any, phase: Phase) -> Any:
    across, up = (positions(each) for each in phase.map.axes)
    mesh = axis.pcolormesh(
        _edges(across), _edges(up), phase.chance.T, cmap=COLOURS, vmin=0.0, vmax=1.0, edgecolors="face", linewidth=0.2
    )
    unsure = phase.unsure
    x, y = np.meshgrid(across, up, indexing="ij")
    axis.scatter(x[unsure], y[unsure], s=9, color="white", edgecolors=INK, linewidths=0.6, zorder=4)
    return mesh


def _half_line(axis: Any, phase: Phase, colour: Any, dashes: Any, width: float = 2.2) -> bool:
    """Draw the line of one half; return whether there is one."""
    chance = phase.chance
    if not ((chance >= HALF).any() and (chance < HALF).any()):
        return False
    across, up = (positions(each) for each in phase.map.axes)
    lines = axis.contour(
        across, up, np.ma.masked_invalid(chance.T), levels=[HALF], colors=[colour], linewidths=width, zorder=3
    )
    lines.set(linestyle=[dashes], path_effects=[withStroke(linewidth=width + 1.6, foreground=INK)])
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
    axis.set_ylabel("chance of being active in the last month, P(active)", fontsize=TEXT)
    axis.set_xlabel(_axis_label(across), fontsize=TEXT)
    axis.set_xticks(places, [_tick(value) for value in across.values], fontsize=TEXT - 0.5)
    axis.set_title(phases[0].map.title, fontsize=TEXT + 1.5, loc="left")
    axis.legend(fontsize=TEXT, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    runs = int(max(int(phase.runs.max()) for phase in phases))
    words = f"{note} {runs} runs at each point, the same luck at all points; bands are 95 % intervals (Wilson)."
    figure.supxlabel(textwrap.fill(words, 150), fontsize=TEXT - 0.5, x=0.01, ha="left")
    return figure

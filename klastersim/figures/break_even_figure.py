"""Where groups and where single firms do better, and the ratio of unit costs at which they break even."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from klastersim.analysis.sweeps.break_even import COMPARED, GROUP, SINGLE, BreakEven, Line
from klastersim.figures.style import INK, TEXT, framed, literal, new_figure
from klastersim.lab.answer import positions
from klastersim.lab.design import Axis

#: Who surely does better: groups, nobody, single firms; told apart in grey too.
SIDES: Final = ((GROUP, "#8FB8D4", "groups do better"), ("", "#F6F3EC", "no difference\nidentified"),
                (SINGLE, "#E8A87C", "single firms do better"))  # fmt: skip


def draw_break_even(found: BreakEven, question: str, note: str) -> Figure:
    """Draw a panel for each output by which channels are compared: ratio across, what else is varied upwards.

    Parameters
    ----------
    found : BreakEven
        With lines along at least one ratio each.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    most = max(len(lines) for lines in found.lines.values())
    figure = new_figure(3.2 + 0.42 * min(most, 14))
    told = (
        "Gains over no programme for each rupiah of public money spent. Coloured: from there to that end the 95 % "
        "interval (Student's) of the difference excludes zero. Bars: 95 % interval of the ratio at which the channels "
        "break even; an arrow leads out of what was run."
    )
    framed(figure, question, f"{note} {told}")
    panels = figure.subplots(1, len(found.lines), sharey=True, squeeze=False)[0]
    for axis, (name, lines) in zip(panels, found.lines.items(), strict=True):
        axis.set_title(f"By {COMPARED[name]}", fontsize=TEXT + 0.5, loc="left")
        _panel(axis, lines, found.axes)
    panels[0].set_ylabel(", ".join(each.label for each in found.axes), fontsize=TEXT)
    handles: list[Any] = [
        Patch(facecolor=colour, edgecolor=INK, linewidth=0.5, label=label) for _, colour, label in SIDES
    ]
    handles.append(Line2D([], [], color=INK, marker="o", linewidth=1.6, label="break-even ratio,\n95 % interval"))
    panels[-1].legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=TEXT - 0.5, frameon=False)
    return literal(figure)


def _panel(axis: Any, lines: Sequence[Line], rest: Sequence[Axis]) -> None:
    axis.set_xscale("log")
    axis.set_xlabel("cost of serving a firm in a group over serving it alone", fontsize=TEXT)
    axis.tick_params(labelsize=TEXT - 0.5)
    if not lines:
        return
    heights = _heights(lines, rest)
    ratios = np.array(lines[0].ratios)
    edges = np.exp(_edges(np.log(ratios)))
    number = {side: k for k, (side, _, _) in enumerate(SIDES)}
    who = np.array([[number[line.winner(k)] for k in range(len(ratios))] for line in lines])
    colours = ListedColormap([colour for _, colour, _ in SIDES])
    axis.pcolormesh(edges, _edges(heights), who, cmap=colours, norm=BoundaryNorm([-0.5, 0.5, 1.5, 2.5], 3),
                    edgecolors="white", linewidth=1.0)  # fmt: skip
    for height, line in zip(heights, lines, strict=True):
        _bar(axis, height, line, edges)
    axis.axvline(1.0, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axis.set_xlim(edges[0], edges[-1])
    axis.set_xticks(ratios, [f"{ratio:.3g}" for ratio in ratios])
    axis.minorticks_off()
    axis.set_yticks(heights, [_label(line) for line in lines], fontsize=TEXT - 0.5)
    axis.spines[["top", "right"]].set_visible(False)


def _bar(axis: Any, height: float, line: Line, edges: np.ndarray) -> None:
    """Draw the interval of the ratio, where it has one end at least inside what was run."""
    if (
        not line.is_comparable
        or (line.low == 0.0 and math.isinf(line.high))
        or math.isinf(line.low)
        or line.high == 0.0
    ):
        return
    begin, end = max(line.low, edges[0]), min(line.high, edges[-1])
    axis.plot([begin, end], [height, height], color=INK, linewidth=1.6)
    if line.low == 0.0:
        axis.plot([begin * 1.03], [height], color=INK, marker="<", markersize=5)
    if math.isinf(line.high):
        axis.plot([end / 1.03], [height], color=INK, marker=">", markersize=5)
    if 0.0 < line.value < math.inf:
        axis.plot([line.value], [height], color=INK, marker="o", markersize=5)


def _heights(lines: Sequence[Line], rest: Sequence[Axis]) -> np.ndarray:
    """Return where lines stand: along the one axis that tells them apart, or one above the other."""
    if len(rest) == 1 and rest[0].is_number:
        place = dict(zip(rest[0].values, positions(rest[0]), strict=True))
        return np.array([place[line.place[rest[0].key]] for line in lines])
    return np.arange(len(lines), dtype=float)


def _label(line: Line) -> str:
    return ", ".join(f"{value:.3g}" if isinstance(value, float) else str(value) for value in line.place.values())


def _edges(middles: np.ndarray) -> np.ndarray:
    """Return edges of cells around their middles."""
    if len(middles) == 1:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    half = np.diff(middles) / 2.0
    return np.concatenate([[middles[0] - half[0]], middles[:-1] + half, [middles[-1] + half[-1]]])

"""How much each parameter matters, by two measures, and how the first converged."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure

from klastersim.analysis.sweeps.sensitivity import Sensitivity
from klastersim.figures.style import BLUE, INK, LINES, ORANGE, SKY, TEXT, framed, literal, new_figure
from klastersim.scenario import parameter

MOST_ROWS: Final = 20
STYLES: Final = (*LINES, (ORANGE, "-"), (INK, (0, (5, 1.5))))


def draw_sensitivity(found: Sensitivity, question: str, note: str) -> Figure:
    """Draw measures of sensitivity.

    Parameters
    ----------
    found : Sensitivity
        Parameters by how much they matter.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    keys = list(found.keys)[:MOST_ROWS]
    figure = new_figure(max(4.6, 2.2 + 0.3 * len(keys)))
    rest = len(found.keys) - len(keys)
    more = f" The {rest} parameters that matter less stand in the table." if rest else ""
    framed(figure, question, f"{note} Lines are 95 % intervals.{more}")
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1.0])
    _bars(left, found, keys)
    _convergence(right, found, keys[: len(STYLES)])
    for axis in (left, right):
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.spines[["top", "right"]].set_visible(False)
    return literal(figure)


def _bars(axis: Any, found: Sensitivity, keys: list[str]) -> None:
    rows = np.arange(len(keys), 0, -1)
    for shift, measure, colour, values in (
        (0.18, found.measures[0], BLUE, found.first), (-0.18, found.measures[1], SKY, found.second),
    ):  # fmt: skip
        middle = [values[key].value for key in keys]
        axis.barh(rows + shift, middle, height=0.34, color=colour, label=measure)
        for row, key in zip(rows, keys, strict=True):
            axis.plot([values[key].low, values[key].high], [row + shift] * 2, color=INK, linewidth=1.1)
    if found.floor == found.floor:
        axis.axvline(found.floor, color=ORANGE, linestyle=(0, (4, 2)), linewidth=1.3, label="chance alone, at most")
    axis.axvline(0.0, color=INK, linewidth=0.8)
    labels = [f"{textwrap.shorten(parameter(key).label.partition(' (')[0], 26)}\n{key}" for key in keys]
    axis.set_yticks(rows, labels, fontsize=TEXT - 1.5)
    axis.set_ylim(0.4, len(keys) + 0.6)
    axis.set_xlabel(f"of {found.what}", fontsize=TEXT)
    axis.legend(fontsize=TEXT - 1.0, frameon=False, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)


def _convergence(axis: Any, found: Sensitivity, keys: list[str]) -> None:
    for number, key in enumerate(keys):
        colour, dashes = STYLES[number]
        path = found.path[key]
        low, high = [each.low for each in path], [each.high for each in path]
        axis.fill_between(found.sizes, low, high, color=colour, alpha=0.1, linewidth=0)
        axis.plot(found.sizes, [each.value for each in path], color=colour, linestyle=dashes, marker="o", markersize=4,
                  label=key)  # fmt: skip
    axis.set_xscale("log", base=2)
    axis.set_xticks(list(found.sizes), [f"{size:,}" for size in found.sizes])
    axis.minorticks_off()
    axis.set_xlabel(found.unit, fontsize=TEXT)
    axis.set_ylabel(found.measures[0], fontsize=TEXT)
    axis.set_title("Convergence", fontsize=TEXT + 0.5, loc="left")
    # What a few points say may lie far out; the axis is for where the whole lies.
    whole = [found.path[key][-1].high for key in keys]
    most = max([*(each.value for key in keys for each in found.path[key]), *whole, 1e-9])
    axis.set_ylim(-0.05 * most, 1.1 * most)
    axis.legend(fontsize=TEXT - 1.0, frameon=False)

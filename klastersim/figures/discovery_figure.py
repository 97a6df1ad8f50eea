"""The box in which clusters stay passive: how it was come to, and what of each range it leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from klastersim.analysis.sweeps.discovery import Discovery, Limit
from klastersim.figures.style import BLUE, INK, PALE, TEXT, VERMILION, framed, literal, new_figure
from klastersim.lab.answer import positions
from klastersim.lab.design import Axis
from klastersim.scenario import parameter


def draw_discovery(found: Discovery, question: str, note: str) -> Figure:
    """Draw a box.

    Parameters
    ----------
    found : Discovery
        With or without limits.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    figure = new_figure(max(4.6, 1.9 + 0.42 * len(found.axes)))
    kept = found.kept_back
    told = f" On places kept back the box has coverage {kept.coverage.value:.2f} and density {kept.density.value:.2f}."
    framed(figure, question, note + (told if found.limits and kept.places else ""))
    left, right = figure.subplots(1, 2, width_ratios=[1.0, 1.25])
    _trajectory(left, found)
    _limits(right, found)
    for axis in (left, right):
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.spines[["top", "right"]].set_visible(False)
    return literal(figure)


def _trajectory(axis: Any, found: Discovery) -> None:
    axis.plot(found.coverages, found.densities, "-o", color=BLUE, markersize=3.5, linewidth=1.0, label="peeling")
    for quality, marker, colour, label in (
        (found.learned, "s", INK, "the box, where it was made"),
        (found.kept_back, "D", VERMILION, "the box, kept back"),
    ):
        if not quality.places:
            continue
        coverage, density = quality.coverage, quality.density
        axis.plot([coverage.low, coverage.high], [density.value] * 2, color=colour, linewidth=1.4)
        axis.plot([coverage.value] * 2, [density.low, density.high], color=colour, linewidth=1.4)
        axis.plot(coverage.value, density.value, marker, color=colour, markersize=7, linestyle="none", label=label)
    axis.axhline(found.base, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), label="all places")
    axis.set_xlim(-0.02, 1.04)
    axis.set_ylim(0.0, 1.04)
    axis.set_xlabel("coverage: share of the passive places inside", fontsize=TEXT)
    axis.set_ylabel("density: share of the places inside that stay passive", fontsize=TEXT)
    axis.legend(fontsize=TEXT - 0.5, frameon=False, loc="lower left")


def _limits(axis: Any, found: Discovery) -> None:
    limited = {limit.axis.key: limit for limit in found.limits}
    rows = np.arange(len(found.axes), 0, -1)
    for row, each in zip(rows, found.axes, strict=True):
        axis.barh(row, 1.0, height=0.5, color=PALE)
        if each.key in limited:
            _bar(axis, row, limited[each.key])
    axis.set_yticks(rows, [f"{parameter(each.key).label.partition(' (')[0]}\n{_ends(each)}" for each in found.axes],
                    fontsize=TEXT - 1.0)  # fmt: skip
    axis.set_ylim(0.4, len(found.axes) + 0.6)
    axis.set_xlim(0.0, 1.0)
    axis.set_xticks([0.0, 1.0], ["least", "most"])
    axis.set_title("What of each range the box leaves", fontsize=TEXT + 0.5, loc="left")


def _ends(axis: Axis) -> str:
    if not axis.is_number or axis.scale == "list":
        return ", ".join(str(value) for value in axis.values)
    log = ", log" if axis.scale == "log" else ""
    return f"{axis.values[0]:g} to {axis.values[-1]:g}{log}"


def _bar(axis: Any, row: Any, limit: Limit) -> None:
    if limit.words:
        axis.text(0.02, row, " or ".join(limit.words), va="center", fontsize=TEXT - 0.5, color=INK)
        return
    ends = positions(limit.axis)
    low, high = (float(np.log(end)) if limit.axis.scale == "log" else end for end in (limit.low, limit.high))
    begin, end = ((place - ends[0]) / (ends[-1] - ends[0]) for place in (low, high))
    axis.barh(row, end - begin, left=begin, height=0.5, color=BLUE)
    first = limit.low > float(limit.axis.values[0])
    text = f"from {limit.low:.3g}" if first else f"up to {limit.high:.3g}"
    if first and limit.high < float(limit.axis.values[-1]):
        text = f"{limit.low:.3g} to {limit.high:.3g}"
    inside = end - begin > 0.3
    axis.text(begin + 0.02 if inside else min(end + 0.02, 0.75), row, text, va="center", fontsize=TEXT - 0.5,
              color="white" if inside else INK)  # fmt: skip

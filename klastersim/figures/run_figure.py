"""The figure of one run: timelines, with and without the programme, and the order funnel."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from klastersim.figures.run_data import CONSTRAINT_WORDS, STATE_WORDS, Panel, RunData, binding_constraint
from klastersim.figures.style import BLUE, GREY, INK, LINES, PALE, TEXT, VERMILION, literal, new_figure

#: Inches, and characters in a line of the title.
HEIGHT: Final = 8.4
MOST_IN_TITLE: Final = 100

#: How far a panel reaches beyond the largest possible value, as room for its legend.
ROOM: Final = 1.2


def draw_run(data: RunData) -> Figure:
    """Draw a run.

    Parameters
    ----------
    data : RunData
        What `klastersim.figures.run_data.run_data` returns.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    figure = new_figure(HEIGHT)
    axes = figure.subplots(3, 2)
    title = textwrap.fill(f"{data.title}: is it active, and where are its orders lost?", MOST_IN_TITLE)
    # The empty line is room for the subtitle, which is smaller.
    figure.suptitle(f"{title}\n", fontsize=TEXT + 4, x=0.01, ha="left")
    below = 1.0 - (0.38 + 0.22 * title.count("\n")) / HEIGHT
    words = f"At the end it is {STATE_WORDS[data.state]}. {data.subtitle}."
    figure.text(0.01, below, words, fontsize=TEXT, color=INK)
    for axis, panel in zip(axes.flat, data.panels, strict=False):
        _draw_panel(axis, panel, data)
    for axis in axes.flat[:-1]:
        axis.set_xlabel("month", fontsize=TEXT)
    _draw_funnel(axes[2, 1], data)
    if any(line.twin is not None for panel in data.panels for line in panel.timelines):
        note = "Thick: with the programme (months shaded). Thin grey: the same cluster, same shocks, without it."
        figure.supxlabel(note, fontsize=TEXT, color=INK, x=0.01, ha="left")
    return literal(figure)


def _draw_panel(axis: Any, panel: Panel, data: RunData) -> None:
    if data.programme is not None:
        axis.axvspan(data.programme[0] - 0.5, data.programme[1] + 0.5, color=PALE, zorder=0)
        if len(panel.timelines) == 1:
            axis.annotate(
                "programme", (sum(data.programme) / 2.0, 1.0), xycoords=("data", "axes fraction"), xytext=(0, -3),
                textcoords="offset points", ha="center", va="top", fontsize=TEXT - 1.5, color=INK,
            )  # fmt: skip
    for height, words in panel.thresholds:
        axis.axhline(height, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)))
        axis.annotate(
            words, (1.0, height), xycoords=("axes fraction", "data"), xytext=(-2, 2), textcoords="offset points",
            ha="right", va="bottom", fontsize=TEXT - 1.5, color=INK, zorder=5,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip
    for timeline, (colour, dashes) in zip(panel.timelines, LINES, strict=False):
        if timeline.twin is not None:
            axis.plot(data.months, timeline.twin, color=GREY, linewidth=1.0, linestyle=dashes)
        axis.plot(data.months, timeline.values, color=colour, linewidth=1.6, linestyle=dashes, label=timeline.label)
    axis.set_title(panel.title, fontsize=TEXT + 1, loc="left")
    axis.set_ylabel(panel.unit, fontsize=TEXT)
    axis.set_xlim(0.5, max(2, len(data.months)) + 0.5)
    axis.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 1.2, 2.4, 3, 6, 10], integer=True))
    lowest = min(float(each.min()) for line in panel.timelines for each in (line.values, line.twin) if each is not None)
    highest = axis.dataLim.y1
    axis.set_ylim(
        bottom=0.0 if lowest >= 0.0 else lowest - 0.05 * (highest - lowest),
        top=ROOM * panel.top if panel.top else highest + 0.12 * (highest - min(0.0, lowest)) or 1.0,
    )
    if panel.top:
        axis.set_yticks(np.linspace(0.0, panel.top, 6))
    if len(panel.timelines) > 1:
        axis.legend(
            fontsize=TEXT - 1,
            frameon=False,
            ncols=len(panel.timelines),
            loc="upper left",
            handlelength=2.2,
            columnspacing=1.2,
        )
    _plain(axis)


def _draw_funnel(axis: Any, data: RunData) -> None:
    """Bars of pass rates; the tests of the binding constraint stand out."""
    binding = binding_constraint(data.binding)
    places = range(len(data.funnel))
    rates = [step.rate if step.rate is not None else 0.0 for step in data.funnel]
    colours = [VERMILION if step.constraint == binding else BLUE for step in data.funnel]
    axis.barh(list(places), rates, color=colours, height=0.62)
    for place, step in zip(places, data.funnel, strict=True):
        words = "no order came so far" if step.rate is None else f"{step.rate:.0%}"
        inside = step.rate is not None and step.rate > 0.85
        axis.annotate(
            words, (rates[place], place), xytext=(-4 if inside else 4, 0), textcoords="offset points", va="center",
            ha="right" if inside else "left", fontsize=TEXT, color="white" if inside else INK,
        )  # fmt: skip
    axis.set_yticks(list(places), [step.stage for step in data.funnel], fontsize=TEXT)
    axis.invert_yaxis()
    axis.set_xlim(0.0, 1.0)
    axis.set_xlabel("share of the orders put to each test that pass it, last 12 months", fontsize=TEXT)
    lost = f"most to {CONSTRAINT_WORDS[binding]}" if binding else "no order came"
    axis.set_title(f"Where are orders lost? ({lost})", fontsize=TEXT + 1, loc="left")
    _plain(axis)


def _plain(axis: Any) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelsize=TEXT - 1)

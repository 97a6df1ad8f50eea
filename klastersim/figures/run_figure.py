"""The figure of one run: timelines, with and without the programme, and the order funnel."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import Formatter, MaxNLocator

from klastersim.figures.measures import SHARES, label_of
from klastersim.figures.run_data import Panel, RunData, binding_constraint, subtitle_of
from klastersim.figures.style import BLUE, GREY, INK, LINES, PALE, TEXT, VERMILION, literal, new_figure
from klastersim.figures.words import ENGLISH, Words

#: Inches of a row of panels, and of what stands above and below; characters in a line of the title and beside a panel.
ROW: Final = 2.5
AROUND: Final = 0.9
MOST_IN_TITLE: Final = 100
MOST_BESIDE: Final = 30

#: Behind the mark of a number along an axis.
MOST_DIGITS: Final = 6

#: How far a panel reaches beyond the largest possible value, as room for its legend.
ROOM: Final = 1.2


def draw_run(data: RunData, words: Words = ENGLISH, title: str = "") -> Figure:
    """Draw a run.

    Parameters
    ----------
    data : RunData
        What `klastersim.figures.run_data.run_data` returns.
    words : Words
        The language.
    title : str
        What to call the cluster; by default what its scenario is called.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    rows = (len(data.panels) + 2) // 2
    height = rows * ROW + AROUND
    figure = new_figure(height)
    axes = figure.subplots(rows, 2).flat
    _draw_title(figure, data, words, title or data.title, height)
    for axis, panel in zip(axes, data.panels, strict=False):
        _draw_panel(axis, panel, data, words)
    _draw_funnel(axes[len(data.panels)], data, words)
    for axis in axes[len(data.panels) + 1 :]:
        axis.set_axis_off()
    if any(line.twin is not None for panel in data.panels for line in panel.timelines):
        figure.supxlabel(words("figure.note"), fontsize=TEXT, color=INK, x=0.01, ha="left")
    return literal(figure)


def _draw_title(figure: Figure, data: RunData, words: Words, title: str, height: float) -> None:
    lines = textwrap.fill(words("figure.title", title=title), MOST_IN_TITLE)
    # The empty line is room for the subtitle, which is smaller.
    figure.suptitle(f"{lines}\n", fontsize=TEXT + 4, x=0.01, ha="left")
    below = 1.0 - (0.38 + 0.22 * lines.count("\n")) / height
    told = words("figure.at_end", state=words(f"figure.state_{data.state}"), run=subtitle_of(data, words))
    figure.text(0.01, below, told, fontsize=TEXT, color=INK)


def _draw_panel(axis: Any, panel: Panel, data: RunData, words: Words) -> None:
    if data.programme is not None:
        axis.axvspan(data.programme[0] - 0.5, data.programme[1] + 0.5, color=PALE, zorder=0)
        if len(panel.timelines) == 1:
            axis.annotate(
                words("chart.programme"), (sum(data.programme) / 2.0, 1.0), xycoords=("data", "axes fraction"),
                xytext=(0, -3), textcoords="offset points", ha="center", va="top", fontsize=TEXT - 1.5, color=INK,
            )  # fmt: skip
    if panel.threshold is not None:
        axis.axhline(panel.threshold, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)))
        axis.annotate(
            words("chart.active_from"), (1.0, panel.threshold), xycoords=("axes fraction", "data"), xytext=(-2, 2),
            textcoords="offset points", ha="right", va="bottom", fontsize=TEXT - 1.5, color=INK, zorder=5,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )  # fmt: skip
    for timeline, (colour, dashes) in zip(panel.timelines, LINES, strict=False):
        if timeline.twin is not None:
            axis.plot(data.months, timeline.twin, color=GREY, linewidth=1.0, linestyle=dashes)
        label = label_of(timeline.name, words)
        axis.plot(data.months, timeline.values, color=colour, linewidth=1.6, linestyle=dashes, label=label)
    axis.set_title(words(f"panel.{panel.name}"), fontsize=TEXT + 1, loc="left")
    axis.set_ylabel(textwrap.fill(words(f"panel.{panel.name}_unit"), MOST_BESIDE), fontsize=TEXT)
    axis.set_xlabel(words("figure.month"), fontsize=TEXT)
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
    axis.yaxis.set_major_formatter(Spoken(words, panel.name in SHARES))
    if len(panel.timelines) > 1:
        axis.legend(
            fontsize=TEXT - 1,
            frameon=False,
            ncols=len(panel.timelines),
            loc="upper left",
            handlelength=1.8,
            columnspacing=0.8,
            handletextpad=0.4,
            borderaxespad=0.2,
        )
    _plain(axis)


class Spoken(Formatter):
    """Writes the numbers along an axis in the form of a language, with the digits that tell them apart."""

    def __init__(self, words: Words, share: bool) -> None:
        self.words, self.share = words, share

    def __call__(self, value: float, place: int | None = None) -> str:
        """Return one number by itself."""
        return self.format_ticks([value])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the numbers along an axis."""
        step = min((abs(b - a) for a, b in pairwise(values) if b != a), default=1.0) * (100.0 if self.share else 1.0)
        digits = next((digits for digits in range(MOST_DIGITS) if _whole(step * 10.0**digits)), MOST_DIGITS)
        write = self.words.share if self.share else self.words.number
        return [write(value, digits) for value in values]


def _whole(value: float) -> bool:
    return value >= 0.5 and abs(value - round(value)) < 1e-6


def _draw_funnel(axis: Any, data: RunData, words: Words) -> None:
    """Bars of pass rates; the tests of the binding constraint stand out."""
    binding = binding_constraint(data.binding)
    places = range(len(data.funnel))
    rates = [step.rate if step.rate is not None else 0.0 for step in data.funnel]
    colours = [VERMILION if step.constraint == binding else BLUE for step in data.funnel]
    axis.barh(list(places), rates, color=colours, height=0.62)
    for place, step in zip(places, data.funnel, strict=True):
        told = words("orders.none") if step.rate is None else words.share(step.rate)
        inside = step.rate is not None and step.rate > 0.85
        axis.annotate(
            told, (rates[place], place), xytext=(-4 if inside else 4, 0), textcoords="offset points", va="center",
            ha="right" if inside else "left", fontsize=TEXT, color="white" if inside else INK,
        )  # fmt: skip
    axis.set_yticks(list(places), [words(f"stage.{step.stage}") for step in data.funnel], fontsize=TEXT)
    axis.invert_yaxis()
    axis.set_xlim(0.0, 1.0)
    axis.xaxis.set_major_formatter(Spoken(words, share=True))
    axis.set_xlabel(words("orders.caption"), fontsize=TEXT)
    title = words("figure.lost", constraint=words(f"constraint.{binding}")) if binding else words("figure.no_order")
    axis.set_title(title, fontsize=TEXT + 1, loc="left")
    _plain(axis)


def _plain(axis: Any) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(labelsize=TEXT - 1)

"""What is left when programmes end, and what a budget that slowly rises and falls back does."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from klastersim.analysis.sweeps.exit import Left
from klastersim.analysis.sweeps.ramps import Slope
from klastersim.figures.style import GREY, INK, LINES, TEXT, framed, literal, new_figure
from klastersim.indicators.intervals import Estimate
from klastersim.indicators.outcomes import PERSISTENCE
from klastersim.scenario.parameters import THIN_BUDGET

#: Months by which bars of arms beside each other stand apart.
APART = 2.5


def draw_left(told: Sequence[Left], question: str, note: str) -> Figure:
    """Draw what lasts of what programmes activated and of the gain, by months after their end.

    Parameters
    ----------
    told : sequence of Left
        Arms with a programme.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    figure = new_figure(4.8)
    words = "Left: of clusters that are active at the end and not in their twin, those still active. Bars are 95 % "
    framed(figure, question, f"{note} {words}intervals; what is not identified is not drawn.")
    lasting, gains = figure.subplots(1, 2)
    for place, (each, (colour, dashes)) in enumerate(zip(told, LINES * 3, strict=False)):
        shift = APART * (place - (len(told) - 1) / 2.0)
        _points(lasting, each.lasting, shift, colour, dashes, textwrap.shorten(each.title, 50, placeholder="..."))
        _points(gains, each.gains, shift, colour, dashes)
    lasting.set_ylim(-0.03, 1.03)
    lasting.set_ylabel("share still active of those activated", fontsize=TEXT)
    gains.set_ylabel("share left of the gain in value added", fontsize=TEXT)
    gains.axhline(0.0, color=INK, linewidth=0.8)
    for axis in (lasting, gains):
        axis.set_xlim(PERSISTENCE[0] - 12, PERSISTENCE[-1] + 12)
        if not axis.collections:
            axis.text(0.5, 0.6, "not identified", transform=axis.transAxes, ha="center", fontsize=TEXT, color=GREY)
        axis.set_xticks(PERSISTENCE, [str(n) for n in PERSISTENCE], fontsize=TEXT - 0.5)
        axis.set_xlabel("months after the programme's end", fontsize=TEXT)
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.spines[["top", "right"]].set_visible(False)
    lasting.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize=TEXT, frameon=False)
    return literal(figure)


def _points(
    axis: Any, told: Sequence[Estimate | None], shift: float, colour: str, dashes: Any, label: str | None = None
) -> None:
    there = [(n + shift, each) for n, each in zip(PERSISTENCE, told, strict=True) if each is not None]
    places = [place for place, _ in there]
    if not there:
        axis.plot([], [], color=colour, linestyle=dashes, label=f"{label}: not identified" if label else None)
        return
    axis.plot(
        places, [each.value for _, each in there], color=colour, linestyle=dashes, marker="o", markersize=5, label=label
    )
    axis.vlines(places, [each.low for _, each in there], [each.high for _, each in there], color=colour, linewidth=1.2)


def draw_ramps(slopes: Sequence[Slope], question: str, note: str) -> Figure:
    """Draw the share of clusters active while the budget rises and while it falls, a panel for each ramp.

    Parameters
    ----------
    slopes : sequence of Slope
        Ramps, the faster ones first.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    figure = new_figure(4.8)
    framed(figure, question, f"{note} Thin grey: the same months without a programme.")
    axes = figure.subplots(1, len(slopes), sharey=True, squeeze=False)[0]
    for axis, each in zip(axes, slopes, strict=True):
        for way, (colour, dashes), name in zip(("up", "down"), LINES, ("budget rises", "budget falls"), strict=False):
            spent = getattr(each.ramp, f"spent_{way}") / THIN_BUDGET
            axis.plot(
                spent, getattr(each.ramp, way).mean(axis=0), color=colour, linestyle=dashes, marker="o", markersize=4,
                label=name,
            )  # fmt: skip
            alone = getattr(each.ramp, f"alone_{way}").mean(axis=0)
            axis.plot(spent, alone, color=GREY, linestyle=dashes, linewidth=1.0)
        gap = "gap not identified"
        if each.gap is not None:
            gap = f"gap {each.gap.value:+.3f} ({each.gap.low:+.3f} to {each.gap.high:+.3f})"
        axis.set_title(f"{each.title}: {gap}", fontsize=TEXT + 0.5, loc="left")
        axis.set_ylim(-0.03, 1.03)
        axis.set_xlabel("public money spent a year, times the thin budget", fontsize=TEXT)
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("share of months active", fontsize=TEXT)
    axes[0].legend(fontsize=TEXT, frameon=False)
    return literal(figure)

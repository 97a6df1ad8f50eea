"""Effects of factors and of their pairs on what is asked of a cluster, with intervals."""

from __future__ import annotations

import textwrap
from typing import Any, Final

from matplotlib.figure import Figure

from klastersim.analysis.sweeps.effects import Effects
from klastersim.analysis.sweeps.outcomes import NET, words
from klastersim.figures.style import BLUE, GREY, INK, TEXT, framed, literal, new_figure
from klastersim.indicators.intervals import Estimate

#: Panels that stand beside each other, the first that the effects tell of.
PANELS: Final = ("active", "profit_gini", NET, "micro_profit")
MOST_PANELS: Final = 3
MOST_ROWS: Final = 45


def draw_effects(found: Effects, question: str, note: str) -> Figure:
    """Draw effects, a row for each factor and pair, a panel for each of up to three outputs.

    Parameters
    ----------
    found : Effects
        At least one.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    told = [name for name in PANELS if any(found.estimates.get(name, ()))]
    names = told[:MOST_PANELS] or ["active"]
    titles = list(found.titles)[:MOST_ROWS]
    figure = new_figure(2.4 + 0.36 * len(titles))
    framed(figure, question, f"{note} Lines are 95 % intervals over replications; grey where they hold zero.")
    axes = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    rows = list(range(len(titles), 0, -1))
    for axis, name in zip(axes, names, strict=True):
        for row, each in zip(rows, found.estimates[name], strict=False):
            _dot(axis, row, each)
        axis.axvline(0.0, color=INK, linewidth=0.8)
        axis.set_xlabel(textwrap.fill(f"change of {words(name)[0]}", 34), fontsize=TEXT)
        axis.grid(axis="x", color="#E4E4E4", linewidth=0.6)
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.tick_params(axis="y", length=0)
        axis.locator_params(axis="x", nbins=5)
        axis.spines[["top", "right", "left"]].set_visible(False)
    axes[0].set_yticks(rows, [textwrap.fill(title, 52) for title in titles], fontsize=TEXT - 0.5)
    axes[0].set_ylim(0.4, len(titles) + 0.6)
    return literal(figure)


def _dot(axis: Any, row: int, found: Estimate | None) -> None:
    if found is None:
        return
    colour = GREY if found.low <= 0.0 <= found.high else BLUE
    axis.plot([found.low, found.high], [row, row], color=colour, linewidth=2.0, solid_capstyle="round")
    axis.plot(found.value, row, "o", color=colour, markersize=5)

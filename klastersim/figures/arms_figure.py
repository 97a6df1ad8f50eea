"""The share active under each arm, where points are no grid that could be drawn as a map."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from klastersim.figures.style import BLUE, GREY, INK, TEXT, literal, new_figure
from klastersim.indicators.intervals import Estimate
from klastersim.lab.design import Map

MOST_ARMS: Final = 60


def can_be_compared(each: Map) -> bool:
    """Whether a map has arms to compare, and not too many to tell apart."""
    return 2 <= len(each.arms) <= MOST_ARMS


def draw_arms(
    each: Map,
    shares: Mapping[tuple[str, str], Estimate | None],
    added: Mapping[tuple[str, str], Estimate | None],
    question: str,
    note: str,
) -> Figure:
    """Draw the share active under each arm, and beside it what the arm adds to the first, with intervals.

    Parameters
    ----------
    each : Map
        The map.
    shares, added : mapping of tuple of str to Estimate or None
        By map and arm.
    question : str
        What the experiment asks.
    note : str
        What a reader needs to know of the runs.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    count = len(each.arms)
    figure = new_figure(2.2 + 0.32 * count)
    figure.suptitle(textwrap.fill(question, 112), fontsize=TEXT + 2.5, x=0.01, ha="left", color=INK)
    left, right = figure.subplots(1, 2, sharey=True)
    rows = list(range(count, 0, -1))
    for row, arm in zip(rows, each.arms, strict=True):
        _dot(left, row, shares.get((each.name, arm.name)))
        _dot(right, row, added.get((each.name, arm.name)))
    # Two lines at most: titles of levers differ at their ends.
    titles = [textwrap.fill(textwrap.shorten(arm.title, 100, placeholder="..."), 52) for arm in each.arms]
    left.set_yticks(rows, titles, fontsize=TEXT)
    left.set_ylim(0.4, count + 0.6)
    left.set_xlim(-0.02, 1.02)
    left.set_xlabel("chance of being active in the last month", fontsize=TEXT)
    right.set_xlabel(textwrap.fill(f"difference from: {each.arms[0].title}", 42), fontsize=TEXT)
    right.axvline(0.0, color=INK, linewidth=0.8)
    right.xaxis.set_major_locator(MaxNLocator(5))
    if not right.collections and not right.get_lines()[:-1]:
        right.text(0.5, 0.5, "not identified with so few replications", transform=right.transAxes, ha="center",
                   fontsize=TEXT, color=GREY)  # fmt: skip
    for axis in (left, right):
        axis.grid(axis="x", color="#E4E4E4", linewidth=0.6)
        axis.set_axisbelow(True)
        axis.tick_params(labelsize=TEXT - 0.5)
        axis.tick_params(axis="y", length=0)
        axis.spines[["top", "right", "left"]].set_visible(False)
    over = f" Means over {each.places:,} points." if each.places > 1 else ""
    words = f"{note}{over} Lines are 95 % intervals; all arms share the same luck, so differences are known better."
    figure.supxlabel(textwrap.fill(words, 150), fontsize=TEXT - 0.5, x=0.01, ha="left", color=GREY)
    return literal(figure)


def _dot(axis: Any, row: int, found: Estimate | None) -> None:
    if found is None:
        return
    axis.plot([found.low, found.high], [row, row], color=BLUE, linewidth=2.0, solid_capstyle="round")
    axis.plot(found.value, row, "o", color=BLUE, markersize=6)

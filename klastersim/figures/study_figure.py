"""What field studies would conclude, against what twins tell."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from klastersim.analysis.sweeps.field_study import FieldStudy, Studies
from klastersim.figures.style import BLUE, INK, PALE, TEXT, VERMILION, framed, literal, new_figure


def draw_study(found: FieldStudy, question: str, note: str) -> Figure:
    """Draw the naive effects that studies find, a panel for each way of choosing the supported.

    Parameters
    ----------
    found : FieldStudy
        Studies drawn in at least one way.
    question, note : str
        What the experiment asks, and what a reader needs to know of the runs.
    """
    figure = new_figure(1.8 + 1.9 * len(found.studies))
    count = len(found.studies[0].naive)
    framed(figure, question, f"{note} {count:,} studies of {found.sentra} sentra each; the band is the 95 % "
                             "interval of the "
                             "true effect on those supported.")  # fmt: skip
    axes = figure.subplots(len(found.studies), 1, sharex=True, squeeze=False)[:, 0]
    half = found.sentra // 2
    ends = np.array([[each.naive.min(), each.naive.max(), each.true.mean()] for each in found.studies])
    steps = np.arange(np.floor(min(ends.min(), 0.0) * half) - 1.0, np.ceil(max(ends.max(), 0.0) * half) + 2.0)
    for axis, each in zip(axes, found.studies, strict=True):
        _panel(axis, each, (steps - 0.5) / half)
    axes[-1].set_xlabel("share active among the supported less that among the others", fontsize=TEXT)
    return literal(figure)


def _panel(axis: Any, each: Studies, edges: np.ndarray) -> None:
    groups = [each.naive[~each.found], each.naive[each.found]]
    labels = ["no difference found", "difference found (Fisher, 5 %)"]
    axis.hist(groups, bins=edges, stacked=True, color=[PALE, BLUE], edgecolor=INK, linewidth=0.5, label=labels)
    mean = float(each.true.mean())
    error = 1.96 * float(each.true.std(ddof=1)) / len(each.true) ** 0.5
    axis.axvspan(mean - error, mean + error, color=VERMILION, alpha=0.25, linewidth=0)
    axis.axvline(mean, color=VERMILION, linewidth=1.8, label=f"true effect on the supported {mean:+.2f}")
    axis.axvline(float(each.naive.mean()), color=INK, linewidth=1.4, linestyle=(0, (4, 2)),
                 label=f"mean naive effect {each.naive.mean():+.2f}")  # fmt: skip
    axis.set_title(f"Supported: {each.way}; power {each.power.value:.0%}", fontsize=TEXT + 0.5, loc="left")
    axis.set_ylabel("studies", fontsize=TEXT)
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.tick_params(labelsize=TEXT - 0.5)
    axis.legend(fontsize=TEXT - 0.5, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)

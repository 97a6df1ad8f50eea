"""The map of a cluster for print: its street at the end of a run, as the page draws it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from klastersim.figures.cluster_data import ACTING, ALONE, CROWD, FREE, WILLING, ClusterData
from klastersim.figures.style import BLUE, GREY, INK, SKY, TEXT, literal, new_figure
from klastersim.figures.words import ENGLISH, Words

HEIGHT: Final = 8.0

#: Width of the street over its height, as on the page.
STRETCH: Final = 1.45

#: What a firm does: colour, edge, mark, and the message that names it. Each is told by its shape too.
STATES: Final = (
    (ALONE, "#c9c9c9", GREY, "o", "alone"),
    (WILLING, SKY, "#2b7fb0", "D", "willing"),
    (ACTING, BLUE, "#00263c", "s", "acts"),
    (FREE, "white", "#999999", "x", "free"),
)


def draw_cluster(data: ClusterData, title: str, words: Words = ENGLISH) -> Figure:
    """Draw the firms on their street and who knows whom in the last month.

    Parameters
    ----------
    data : ClusterData
        What `klastersim.figures.cluster_data.cluster_data` returns.
    title : str
        What to call the cluster.
    words : Words
        The language.

    Returns
    -------
    Figure
        To be saved or shown; pyplot is not involved.
    """
    figure = new_figure(HEIGHT)
    axis = figure.subplots()
    months, crowd = len(data.acting), len(data.x) > CROWD
    if not crowd:
        _draw_ties(axis, data)
    _draw_firms(axis, data, crowd, words)
    acting, collective = words.share(data.acting[-1]), words.share(data.collective_share[-1])
    told = f"{acting} {words('map.acting')}\n{collective} {words('map.collective')}"
    axis.text(0.0, 0.0, told, ha="center", va="center", fontsize=TEXT + 2, color=INK,
              bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85})  # fmt: skip
    axis.set_aspect("equal")
    axis.set_axis_off()
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=4, frameon=False, fontsize=TEXT)
    figure.suptitle(f"{title}: {words('map.end_of', month=words.number(months))}", fontsize=TEXT + 4, x=0.01, ha="left")
    note = words("map.crowd_printed" if crowd else "map.ties")
    figure.supxlabel(note, fontsize=TEXT, color=INK, x=0.01, ha="left")
    return literal(figure)


def _draw_ties(axis: Any, data: ClusterData) -> None:
    """Lines between firms that know each other, darker and wider with trust."""
    ends = np.stack((STRETCH * data.x[data.ties], -data.y[data.ties]), axis=2)
    trust = data.trust[-1].astype(float) / 100.0
    shades = [(0.27, 0.27, 0.27, 0.1 + 0.7 * each) for each in trust]
    axis.add_collection(LineCollection(list(ends), colors=shades, linewidths=0.4 + 1.2 * trust, zorder=1))


def _draw_firms(axis: Any, data: ClusterData, crowd: bool, words: Words) -> None:
    state = data.state[-1]
    room = 24_000.0 / len(data.x)
    sizes = np.minimum(room, 12.0 + 10.0 * data.workers[-1]) if not crowd else np.full(len(data.x), 0.35 * room)
    for code, colour, edge, mark, name in STATES:
        rows = np.flatnonzero(state == code)
        if code == FREE and not len(rows):
            continue
        look = {"c": edge} if mark == "x" else {"c": colour, "edgecolors": edge}
        axis.scatter(
            STRETCH * data.x[rows], -data.y[rows], s=sizes[rows], marker=mark, linewidths=0.3 if crowd else 0.8,
            label=words(f"map.{name}"), zorder=2, **look,
        )  # fmt: skip

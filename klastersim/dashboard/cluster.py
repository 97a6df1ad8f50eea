"""The map of the cluster, from the data of `klastersim.figures.cluster_data`."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np
import solara

from klastersim.dashboard.choice import Choice
from klastersim.dashboard.session import Session
from klastersim.dashboard.widgets import ClusterMap
from klastersim.figures.cluster_data import CROWD, FREE, MOST_MOMENTS, ClusterData, can_be_drawn, cluster_data
from klastersim.figures.words import Words

#: What the map says, in the order in which one meets it.
SAYS = (
    "controls reset play pause year end speed per_second month when runs body body_short large trader acting "
    "collective alone willing acts won delivered lost ties hulls firm which point story state_0 state_1 state_2 "
    "supported joined member orders group free crowd empty"
).split()


@solara.component
def Cluster(session: Session) -> None:
    """The cluster on its street, to be played."""
    words, choice = session.words.value, session.outcome.value.choice
    data = solara.use_memo(lambda: _data_of(choice), [choice])
    solara.HTML("h2", words("map.title"))
    if data is None:
        solara.HTML("p", words("map.too_many", most=words.number(MOST_MOMENTS)))
        return
    ClusterMap(cluster=data, locale=words.locale.replace("_", "-"), says=map_words(words))


def map_words(words: Words) -> dict[str, str]:
    """Return the words in the map; what stands in braces is filled in by the browser."""
    return {name: words.raw(f"map.{name}") for name in SAYS}


def _data_of(choice: Choice) -> dict[str, Any] | None:
    if not can_be_drawn(choice["cluster.firms"], choice.months):
        return None
    return as_sent(cluster_data(choice.scenario, choice.months, choice.seed))


def as_sent(data: ClusterData) -> dict[str, Any]:
    """Return a map in the form in which the browser takes it: large tables as bytes, row by row.

    Of a crowd only the last trust of each tie is sent, and workers are sent once where they never move.
    """
    crowd = len(data.x) > CROWD
    still = bool((data.workers == data.workers[-1]).all())
    return {
        "months": len(data.acting),
        "crowd": crowd,
        "grows": not still or bool((data.state == FREE).any()),
        "pace": data.pace,
        "x": np.round(data.x, 4).tolist(),
        "y": np.round(data.y, 4).tolist(),
        "supported": data.supported.tolist(),
        "large": data.large_firms,
        "traders": data.traders,
        "programme": list(data.programme) if data.programme else None,
        "acting": np.round(data.acting, 4).tolist(),
        "collective": np.round(data.collective_share, 4).tolist(),
        "moment": _bytes(data.state | data.event << 2, "u1"),
        "ties": _bytes(data.ties, "<u2"),
        "tied": _bytes(data.tied, "<u2"),
        "trust": _bytes(data.trust[-1:] if crowd else data.trust, "u1"),
        "quality": _bytes(data.quality, "u1"),
        "group": _bytes(data.group, "<u2"),
        "capital": _bytes(data.capital, "<f4"),
        "workers": _bytes(data.workers[-1:] if still else data.workers, "<f4"),
    }


def _bytes(table: np.ndarray, kind: str) -> str:
    return b64encode(np.ascontiguousarray(table, kind).tobytes()).decode("ascii")

"""Dated events as records, the form in which compiled code reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from klastersim.scenario import Scenario
from klastersim.scenario.events import KINDS, Event
from klastersim.world.layout import EVENT

#: Codes of the kinds of events, in the order of their declaration.
INPUT_PRICE, DEMAND, RIVAL_PRICE, BUYER_ENTERS, BUYER_LEAVES, FORUM, PROGRAMME = range(len(KINDS))

#: Codes of the markets that an event hits.
BOTH, LOCAL, ORDERS = 0, 1, 2

#: The month until which an event lasts that does not end.
ALWAYS: Final = 2**31 - 1

_KINDS: Final = {kind: code for code, kind in enumerate(KINDS)}
_MARKETS: Final = {"both": BOTH, "local": LOCAL, "orders": ORDERS}


def place_events(scenarios: Sequence[Scenario], clusters: np.recarray) -> None:
    """Note in the clusters which of the rows of :func:`event_rows` are theirs."""
    counts = [len(scenario.events) for scenario in scenarios]
    clusters["events"] = counts
    clusters["first_event"] = np.concatenate(([0], np.cumsum(counts)[:-1]))


def event_rows(scenarios: Sequence[Scenario]) -> np.recarray:
    """Return the events of all clusters, one cluster after the other, each by month."""
    events = [event for scenario in scenarios for event in scenario.events]
    rows = np.zeros(len(events), EVENT)
    for row, event in zip(rows, events, strict=True):
        _fill(row, event)
    return rows.view(np.recarray)


def _fill(row: Any, event: Event) -> None:
    row["kind"] = _KINDS[event.kind]
    row["month"] = event.get("month")
    row["until"] = event.get("until", ALWAYS)
    row["market"] = _MARKETS[event.get("market", "both")]
    for key in ("buyer", "firms", "factor", "half_life", "relation", "share", "budget"):
        row[key] = event.get(key, 0)

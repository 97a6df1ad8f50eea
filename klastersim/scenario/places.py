"""What places differ in, and what of it a scenario holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from klastersim.scenario.declaration import Value

#: What places differ in. Laws of behaviour, prices of support and what orders are like are the same for all sentra.
PLACES: Final = (
    "cluster.firms",
    "cluster.workers",
    "cluster.quality",
    "cluster.quality_concentration",
    "cluster.free_riders",
    "ties.degree",
    "ties.long_share",
    "ties.trust",
    "ties.concentration",
    "market.potential",
    "market.linkage",
    "market.large_firms",
    "market.traders",
    "market.trader_share",
    "market.trader_linkage",
    "local.price",
    "local.elasticity",
    "local.cluster_share",
    "local.input_share",
    "local.wage",
    "finance.working_capital",
    "finance.spread",
    "finance.collateral_share",
)

#: Shares of the size classes, which follow from the workers per firm where neither is held.
SIZES: Final = ("cluster.micro_share", "cluster.small_share")


def held_keys(text: str) -> list[str]:
    """Return the keys in a list with commas between them."""
    return [key.strip() for key in text.split(",") if key.strip()]


def hold(values: Mapping[str, Value], changed: Iterable[str]) -> str:
    """Return the list of held keys, the changed ones that would be drawn entered."""
    held = held_keys(str(values["ensemble.held"]))
    return ", ".join([*held, *(key for key in changed if key in (*PLACES, *SIZES) and key not in held)])

"""R12 over arrays: relations through which nothing is traded fall back to their base."""

from __future__ import annotations

from klastersim.compiled import kernel
from klastersim.rules.relations import relation_unused


@kernel
def forget(world, c, month):
    """Let every firm's unused relations decay; a firm writes only its own row."""
    p = world.params[c]
    cluster = world.clusters[c]
    if not p.relations_enabled:
        return
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        for buyer in range(cluster.buyers):
            if world.relations_used[i, buyer] < month:
                world.relations[i, buyer] = relation_unused(
                    world.relations[i, buyer], p.market_linkage, p.relations_decay
                )


@kernel
def traders_forget(world, c):
    """Let the relations of traders with large firms decay to their base."""
    p = world.params[c]
    if not p.relations_enabled:
        return
    for trader in range(p.market_traders):
        for buyer in range(p.market_large_firms):
            world.trader_relations[c, trader, buyer] = relation_unused(
                world.trader_relations[c, trader, buyer], p.market_trader_linkage, p.relations_decay
            )

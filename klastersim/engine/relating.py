"""R12 over arrays: relations move with orders, and fall back to their base where nothing is traded."""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.rules.relations import relation_after_order, relation_unused
from klastersim.world.layout import NONE, VACANT


@kernel
def forget(world, c, month):
    """Let every firm's unused relations decay; a firm writes only its own row."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not p.relations_enabled:
        return
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        if cluster.vacant > 0 and world.firms[i].standing == VACANT:
            continue
        for buyer in range(cluster.buyers):
            if world.relations_used[i, buyer] < month:
                world.relations[i, buyer] = relation_unused(
                    world.relations[i, buyer], p.market_linkage, p.relations_decay
                )


@kernel
def traders_forget(world, c):
    """Let the relations of traders with large firms decay to their base."""
    p = world.params[world.clusters[c].terms]
    if not p.relations_enabled:
        return
    for trader in range(p.market_traders):
        for buyer in range(p.market_large_firms):
            world.trader_relations[c, trader, buyer] = relation_unused(
                world.trader_relations[c, trader, buyer], p.market_trader_linkage, p.relations_decay
            )


@inner
def traders_remember(world, c, order, success):
    """Move the relation with the buyer of the trader through whom an order came."""
    p = world.params[world.clusters[c].terms]
    if order.trader == NONE or not p.relations_enabled:
        return
    world.trader_relations[c, order.trader, order.buyer] = relation_after_order(
        world.trader_relations[c, order.trader, order.buyer], success, p.relations_rise, p.relations_fall
    )

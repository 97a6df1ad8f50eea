"""R7 over arrays: traders carry orders of large firms to single firms that they know, for a margin."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.bargaining import price_for
from klastersim.engine.happening import is_absent
from klastersim.rules.buyers import reach_through
from klastersim.world.layout import NONE


@inner
def best_route(world, c, i, buyer):
    """Return (how far firm `i` alone reaches a buyer, the trader through whom it does or NONE)."""
    p = world.params[world.clusters[c].terms]
    row = world.clusters[c].first_firm + i
    reach = world.relations[row, buyer]
    best = NONE
    if p.traders_enabled and p.orders_single and buyer < p.market_large_firms:
        for trader in range(p.market_traders):
            if is_absent(world, c, p.market_large_firms + trader):
                continue
            through = reach_through(
                world.relations[row, p.market_large_firms + trader], world.trader_relations[c, trader, buyer]
            )
            if through > reach:
                reach = through
                best = trader
    return reach, best


@inner
def note_traders(world, scratch, c):
    """Note the demand that each trader reaches, and the workers it can call on, by which it bargains."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    if not (p.traders_enabled and p.bargaining_enabled):
        return
    for trader in range(p.market_traders):
        own = scratch.buyers[p.market_large_firms + trader]
        own.demand = 0.0
        for buyer in range(p.market_large_firms):
            if is_absent(world, c, buyer):
                continue
            own.demand += world.buyers[c, buyer].share * world.trader_relations[c, trader, buyer]
        own.supply = 0.0
        for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
            own.supply += world.relations[i, p.market_large_firms + trader] * world.firms[i].workers


@inner
def carried_terms(world, scratch, c, trader, buyer):
    """Return (price of a carried order to the firm, the trader's margin), Rp million a worker-month.

    The firm gets the floor, or what the buyer pays where that is less.
    """
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    floor = cluster.order_price
    if not p.bargaining_enabled:
        return floor, p.traders_markup * floor
    own = scratch.buyers[p.market_large_firms + trader]
    relation = world.trader_relations[c, trader, buyer]
    paid = price_for(p, cluster, world.buyers[c, buyer], own.demand, relation, own.supply)
    return min(floor, paid), max(0.0, paid - floor)

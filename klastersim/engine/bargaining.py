"""R8 over arrays: the price that a taker and a buyer agree on."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.engine.happening import is_absent
from klastersim.rules.bargaining import agreed_price, sellers_weight


@inner
def demand_reached(world, c, i):
    """Demand of the buyers that are there that a firm reaches by its own relations, share of the potential orders."""
    cluster = world.clusters[c]
    demand = 0.0
    for buyer in range(cluster.buyers):
        if is_absent(world, c, buyer):
            continue
        demand += world.buyers[c, buyer].share * world.relations[cluster.first_firm + i, buyer]
    return demand


@inner
def highest_price(p, cluster, buyer):
    """The most that anybody may get from a buyer for a unit, Rp million."""
    return buyer.ceiling if p.bargaining_enabled else cluster.order_price


@inner
def price_for(p, cluster, buyer, demand, relation, workers):
    """Price that a taker and a buyer agree on, Rp million a worker-month.

    The taker reaches so much demand, this buyer's by its relation with it, and so many workers would fill the order.
    """
    if not p.bargaining_enabled:
        return cluster.order_price
    others = max(0.0, demand - buyer.share * relation)
    supply = min(1.0, workers / ((1.0 + p.bargaining_outside_supply) * cluster.supply))
    return agreed_price(cluster.order_price, buyer.ceiling, sellers_weight(others, buyer.share, supply))

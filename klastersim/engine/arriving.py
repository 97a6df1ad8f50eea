"""R7 over arrays: how many orders there are in a month, and what each asks for."""

from __future__ import annotations

import numpy as np

from klastersim.compiled import inner, kernel, one, poisson_quantile, two
from klastersim.compiled.purposes import ORDER_ARRIVAL, ORDER_COUNT, ORDER_SIZE
from klastersim.engine.takers import draw_buyer
from klastersim.rules.orders import order_volume, quality_asked
from klastersim.world.layout import NOBODY, NONE

#: Largest mean of a Poisson number that is drawn at once; larger ones are sums of several.
MOST_MEAN = 500.0


@inner
def potential_orders(world, c, month):
    """Number of potential orders this month: Poisson."""
    cluster = world.clusters[c]
    potential = world.params[world.clusters[c].terms].market_potential * cluster.order_demand
    if potential <= 0.0 or cluster.buyers == 0:
        return 0
    count = 0
    for piece in range(int(np.ceil(potential / MOST_MEAN))):
        mean = min(MOST_MEAN, potential - piece * MOST_MEAN)
        count += poisson_quantile(one(cluster.seed, month, ORDER_COUNT, cluster.identity, piece, 0), mean)
    return count


@kernel
def most_orders(potential):
    """Most orders that a month can bring: the Poisson quantile of the largest number that is ever drawn."""
    pieces = int(np.ceil(potential / MOST_MEAN))
    return pieces * poisson_quantile(1.0 - 2.0**-53, min(MOST_MEAN, potential))


@inner
def add_arrival(world, scratch, c, month, number, buyer, trader, taker, remembered):
    """Draw what an order asks for, and line it up to be offered this month."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    size, standard = two(cluster.seed, month, ORDER_SIZE, cluster.identity, number, 0)
    arrival = scratch.arrivals[cluster.arrivals]
    arrival.number = number
    arrival.buyer = buyer
    arrival.trader = trader
    arrival.taker = taker
    arrival.remembered = remembered
    who = world.buyers[c, buyer]
    arrival.volume = order_volume(size, cluster.order_log_mean, cluster.order_log_spread) * who.volume
    arrival.quality = quality_asked(standard, p.orders_quality + who.quality, p.orders_quality_spread)
    arrival.schedule = who.schedule
    arrival.stretch = who.stretch
    arrival.needed = arrival.volume / who.stretch
    arrival.own = 1.0 - p.principals_prefinance if who.principal else 1.0
    arrival.eased = arrival.volume / max(who.stretch, 1.0 / arrival.own)
    arrival.price = cluster.order_price
    arrival.margin = 0.0
    arrival.carrier = NONE
    cluster.arrivals += 1


@kernel
def let_orders_arrive(world, scratch, c, month, row):
    """Line up the potential orders that reach some taker, after those that were introduced."""
    cluster = world.clusters[c]
    count = potential_orders(world, c, month)
    row.potential = count
    for number in range(count):
        whose, reach = two(cluster.seed, month, ORDER_ARRIVAL, cluster.identity, number, 0)
        buyer = draw_buyer(world, c, whose)
        if reach < scratch.buyers[buyer].reach * scratch.buyers[buyer].wanting:
            add_arrival(world, scratch, c, month, number, buyer, NONE, NOBODY, 1)

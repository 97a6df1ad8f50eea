"""Bridging ties of firms to those outside the place: who is remembered by a large firm, or by a trader."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.world.layout import VACANT

#: A relation counts while half of what one delivered order adds to it is left.
LEFT = 0.5


@inner
def measure_bridges(world, c, row):
    """Measure the shares of firms with a relation beyond that of a stranger."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    row.bridging_large_firms = 0.0
    row.bridging_traders = 0.0
    if not p.relations_enabled or p.relations_rise <= 0.0:
        return
    least = p.market_linkage + LEFT * p.relations_rise * (1.0 - p.market_linkage)
    large = traders = present = 0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        if world.firms[i].standing == VACANT:
            continue
        present += 1
        large += _reaches(world.relations[i], 0, p.market_large_firms, least)
        traders += _reaches(world.relations[i], p.market_large_firms, cluster.buyers, least)
    n = float(max(1, present))
    row.bridging_large_firms = large / n
    row.bridging_traders = traders / n


@inner
def _reaches(relations, first, last, least):
    """Whether a relation with one of the buyers `first` to `last - 1` is at least so much."""
    found = False
    for buyer in range(first, last):
        found |= relations[buyer] >= least
    return found

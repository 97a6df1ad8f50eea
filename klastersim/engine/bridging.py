"""Bridging ties of firms: who is remembered by large firms and traders, who deals with officials and support bodies."""

from __future__ import annotations

from klastersim.compiled import inner
from klastersim.world.layout import VACANT, YEAR

#: A relation counts while half of what one delivered order adds to it is left.
LEFT = 0.5


@inner
def measure_bridges(world, c, month, row):
    """Measure the shares of firms with a relation beyond that of a stranger, and of those in touch with officials."""
    p = world.params[world.clusters[c].terms]
    cluster = world.clusters[c]
    remembers = p.relations_enabled and p.relations_rise > 0.0
    least = p.market_linkage + LEFT * p.relations_rise * (1.0 - p.market_linkage)
    large = traders = officials = present = 0
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        if world.firms[i].standing == VACANT:
            continue
        present += 1
        officials += _deals_with_officials(world.firms[i], month)
        if not remembers:
            continue
        large += _reaches(world.relations[i], 0, p.market_large_firms, least)
        traders += _reaches(world.relations[i], p.market_large_firms, cluster.buyers, least)
    n = float(max(1, present))
    row.bridging_large_firms = large / n
    row.bridging_traders = traders / n
    row.bridging_officials = officials / n


@inner
def _reaches(relations, first, last, least):
    """Whether a relation with one of the buyers `first` to `last - 1` is at least so much."""
    found = False
    for buyer in range(first, last):
        found |= relations[buyer] >= least
    return found


@inner
def _deals_with_officials(firm, month):
    """Whether the owner met an official or support body within the last year, or repays a programme's loan."""
    return firm.loan > 0.0 or (firm.visited > 0 and month - firm.visited < YEAR)

"""R7 over arrays: who may take orders, and how an order finds them.

A taker is a group, or a firm outside a group. Groups are written as negative numbers in ``scratch.takers``.
An order is offered to takers one after the other, each drawn from those not yet asked with a chance proportional to its
relation with the buyer. Who is known to pass it on need not be drawn: what follows is drawn by the same chances, so
leaving it out changes nothing but time. Able takers stand sorted by how much they could fill; the relations of those
who may act jointly stand at the leaves of a binary tree, so that a draw takes a logarithmic walk.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.world.layout import BINS, NONE


@inner
def as_group(taker):
    """Number of the group that a taker is, or a negative number for a firm."""
    return -1 - taker


@kernel
def list_takers(world, scratch, c):
    """List groups, then firms outside a group, and compute how far each buyer's orders reach; return the count."""
    cluster = world.clusters[c]
    count = 0
    for group in range(cluster.groups):
        scratch.takers[count] = -1 - group
        count += 1
    for i in range(cluster.firms):
        if world.firms[cluster.first_firm + i].group == NONE:
            scratch.takers[count] = i
            count += 1
    for buyer in range(cluster.buyers):
        scratch.reach[buyer] = 1.0
        scratch.built[buyer] = 0
    for k in range(count):
        taker = scratch.takers[k]
        for buyer in range(cluster.buyers):
            if taker >= 0:
                scratch.reach[buyer] *= 1.0 - world.relations[cluster.first_firm + taker, buyer]
            else:
                scratch.reach[buyer] *= 1.0 - relation_of(world, scratch, c, taker, buyer)
    for buyer in range(cluster.buyers):
        scratch.reach[buyer] = 1.0 - scratch.reach[buyer]
    return count


@inner
def relation_of(world, scratch, c, taker, buyer):
    """Relation of a taker with a buyer; a group's is the largest of its members'."""
    first = world.clusters[c].first_firm
    if taker >= 0:
        return world.relations[first + taker, buyer]
    group = as_group(taker)
    best = 0.0
    for k in range(scratch.group_first[group], scratch.group_first[group + 1]):
        best = max(best, world.relations[first + scratch.members[k], buyer])
    return best


@inner
def bin_of(volume):
    """Whole worker-months of a volume, up to `BINS`."""
    return min(BINS - 1, int(volume))


@kernel
def sort_able(most, bins, able, takers, smallest):
    """List the takers in the bin of `smallest` or above in `able`, by bins from the most down; return how many.

    ``bins[b]`` is left as the number of takers in bins above `b`; inside a bin takers stand in their own order.
    """
    lowest = bin_of(smallest)
    for b in range(lowest, BINS + 1):
        bins[b] = 0
    for k in range(takers):
        b = bin_of(most[k])
        if b >= lowest:
            bins[b] += 1
    above = 0
    for b in range(BINS - 1, lowest - 1, -1):
        here = bins[b]
        bins[b] = above
        above += here
    for k in range(takers):
        b = bin_of(most[k])
        if b >= lowest:
            able[bins[b]] = k
            bins[b] += 1
    # Each bin now holds where it ends, which is where the next one down begins.
    return above


@inner
def count_able(bins, volume):
    """Number of takers, from the most able down, among whom all that could fill `volume` are."""
    return bins[bin_of(volume)]


@kernel
def leaves_for(count):
    """Smallest power of two that holds `count` leaves."""
    leaves = 1
    while leaves < count:
        leaves *= 2
    return leaves


@inner
def build_tree(world, scratch, c, buyer, count):
    """Build a buyer's tree over the able takers that may act jointly, and a copy of it to ask from."""
    leaves = leaves_for(count)
    full = scratch.full_trees[buyer]
    tree = scratch.trees[buyer]
    for k in range(count):
        full[leaves + k] = 0.0
        taker = scratch.able[k]
        if scratch.joint_first[taker + 1] > scratch.joint_first[taker]:
            full[leaves + k] = relation_of(world, scratch, c, scratch.takers[taker], buyer)
    for node in range(leaves + count, 2 * leaves):
        full[node] = 0.0
    for node in range(leaves - 1, 0, -1):
        full[node] = full[2 * node] + full[2 * node + 1]
    for node in range(1, 2 * leaves):
        tree[node] = full[node]
    scratch.built[buyer] = 1


@kernel
def first_sum(tree, leaves, count):
    """Sum of the first `count` leaves."""
    if count >= leaves:
        return tree[1]
    total = 0.0
    node = leaves + count
    while node > 1:
        if node & 1:
            total += tree[node - 1]
        node >>= 1
    return total


@kernel
def set_weight(tree, leaves, k, weight):
    """Set the weight of leaf `k` and the sums above it."""
    node = leaves + k
    tree[node] = weight
    while node > 1:
        weight += tree[node ^ 1]  # the sibling; left and right add up alike in either order
        node >>= 1
        tree[node] = weight


@inner
def restore(tree, full, node):
    """Put back a leaf and the sums above it as they stood before any taker was asked."""
    while node > 0:
        tree[node] = full[node]
        node >>= 1


@kernel
def draw_taker(tree, leaves, count, target):
    """Find which of the first `count` leaves a target falls on, from 0 to their sum; NONE where nothing is left."""
    node = 1
    low, width = 0, leaves
    while node < leaves:
        node *= 2
        width >>= 1
        left = tree[node]
        # Rounding must lead neither into an empty branch nor beyond the first `count`.
        if target >= left and low + width < count and tree[node + 1] > 0.0:
            target -= left
            node += 1
            low += width
    return low if tree[leaves + low] > 0.0 and low < count else _last(tree, leaves, count)


@inner
def _last(tree, leaves, count):
    """Where rounding has led astray: the last of the first `count` leaves with a weight."""
    for k in range(count - 1, -1, -1):
        if tree[leaves + k] > 0.0:
            return k
    return NONE


@kernel
def linkage_of(world, scratch, c):
    """Market linkage: mean over buyers, weighted by their orders, of the chance that an order reaches some taker."""
    linkage = 0.0
    for buyer in range(world.clusters[c].buyers):
        linkage += buyer_share(world, c, buyer) * scratch.reach[buyer]
    return linkage


@inner
def buyer_share(world, c, buyer):
    """Share of the potential orders that a buyer places; large firms come first, then traders."""
    p = world.params[c]
    trader_share = p.market_trader_share
    if p.market_traders == 0:
        trader_share = 0.0
    elif p.market_large_firms == 0:
        trader_share = 1.0
    if buyer < p.market_large_firms:
        return (1.0 - trader_share) / p.market_large_firms
    return trader_share / p.market_traders


@inner
def draw_buyer(world, c, chance):
    """Draw the buyer that places an order."""
    buyers = world.clusters[c].buyers
    passed = 0.0
    for buyer in range(buyers - 1):
        passed += buyer_share(world, c, buyer)
        if chance < passed:
            return buyer
    return buyers - 1

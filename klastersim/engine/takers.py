"""R7 over arrays: who may take orders, and how an order finds them.

A taker is a group, or a firm outside a group. Groups are written as negative numbers in ``scratch.takers``.
An order is offered to takers one after the other, each drawn from those not yet asked with a chance proportional to its
relation with the buyer. The relations stand at the leaves of a binary tree, so that a draw takes a logarithmic walk; a
taker that was asked is set to 0 and put back when the order is settled.
"""

from __future__ import annotations

from klastersim.compiled import kernel
from klastersim.world.layout import NONE


@kernel
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
        missed = 1.0
        for k in range(count):
            missed *= 1.0 - relation_of(world, scratch, c, scratch.takers[k], buyer)
        scratch.reach[buyer] = 1.0 - missed
        scratch.built[buyer] = 0
    return count


@kernel
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


@kernel
def leaves_for(count):
    """Smallest power of two that holds `count` leaves."""
    leaves = 1
    while leaves < count:
        leaves *= 2
    return leaves


@kernel
def build_tree(world, scratch, c, buyer, count):
    """Put the takers' relations with a buyer at the leaves of its tree."""
    tree = scratch.trees[buyer]
    leaves = leaves_for(count)
    for k in range(leaves):
        tree[leaves + k] = relation_of(world, scratch, c, scratch.takers[k], buyer) if k < count else 0.0
    for node in range(leaves - 1, 0, -1):
        tree[node] = tree[2 * node] + tree[2 * node + 1]
    scratch.built[buyer] = 1


@kernel
def set_weight(tree, leaves, k, weight):
    """Set the weight of leaf `k` and the sums above it."""
    node = leaves + k
    tree[node] = weight
    node //= 2
    while node >= 1:
        tree[node] = tree[2 * node] + tree[2 * node + 1]
        node //= 2


@kernel
def draw_taker(tree, leaves, chance):
    """Draw a leaf with a chance proportional to its weight; NONE where nothing is left."""
    if tree[1] <= 0.0:
        return NONE
    target = chance * tree[1]
    node = 1
    while node < leaves:
        left = tree[2 * node]
        # Rounding must not lead into an empty branch.
        if target < left or tree[2 * node + 1] <= 0.0:
            node = 2 * node
        else:
            target -= left
            node = 2 * node + 1
    return node - leaves


@kernel
def linkage_of(world, scratch, c):
    """Market linkage: mean over buyers, weighted by their orders, of the chance that an order reaches some taker."""
    linkage = 0.0
    for buyer in range(world.clusters[c].buyers):
        linkage += buyer_share(world, c, buyer) * scratch.reach[buyer]
    return linkage


@kernel
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


@kernel
def draw_buyer(world, c, chance):
    """Draw the buyer that places an order."""
    buyers = world.clusters[c].buyers
    passed = 0.0
    for buyer in range(buyers - 1):
        passed += buyer_share(world, c, buyer)
        if chance < passed:
            return buyer
    return buyers - 1

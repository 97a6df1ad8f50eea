"""R7 over arrays: who may take orders, and how an order finds them.

A taker is a group, or a firm outside a group. Groups are written as negative numbers in ``scratch.takers``.
An order is offered to takers one after the other, each drawn from those not yet asked with a chance proportional to its
relation with the buyer. The relations stand at the leaves of a binary tree, so that a draw takes a logarithmic walk; a
taker that was asked is set to 0 and put back, from a tree kept whole, when the order is settled.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.world.layout import NONE


@inner
def as_group(taker):
    """Number of the group that a taker is, or a negative number for a firm."""
    return -1 - taker


@kernel
def list_takers(world, scratch, c):
    """List groups, then firms outside a group, and compute how far each buyer's orders reach; return the count.

    Their relations are left at the leaves of the buyers' trees, which :func:`build_tree` sums up when they are needed.
    """
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
    leaves = leaves_for(count)
    for k in range(count):
        for buyer in range(cluster.buyers):
            relation = relation_of(world, scratch, c, scratch.takers[k], buyer)
            scratch.full_trees[buyer, leaves + k] = relation
            scratch.reach[buyer] *= 1.0 - relation
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


@kernel
def leaves_for(count):
    """Smallest power of two that holds `count` leaves."""
    leaves = 1
    while leaves < count:
        leaves *= 2
    return leaves


@inner
def build_tree(scratch, buyer, count):
    """Sum up the tree of a buyer, and copy it for orders to ask from."""
    leaves = leaves_for(count)
    full = scratch.full_trees[buyer]
    tree = scratch.trees[buyer]
    for node in range(leaves + count, 2 * leaves):
        full[node] = 0.0
    for node in range(leaves - 1, 0, -1):
        full[node] = full[2 * node] + full[2 * node + 1]
    for node in range(2 * leaves):
        tree[node] = full[node]
    scratch.built[buyer] = 1


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
def draw_taker(tree, leaves, chance):
    """Draw a leaf with a chance proportional to its weight; NONE where nothing is left."""
    if tree[1] <= 0.0:
        return NONE
    target = chance * tree[1]
    node = 1
    while 2 * node < leaves:
        node, target = _down_two(tree, node, target)
    if node < leaves:
        node, target = _down(tree, node, target)
    return node - leaves


@inner
def _down(tree, node, target):
    """Go from a node to the child in which the target lies; return it and the target inside it.

    Which child is anybody's guess, so the code does not branch: a wrong guess of the processor costs more than this.
    """
    left = tree[2 * node]
    # Rounding must not lead into an empty branch.
    right = (target >= left) & (tree[2 * node + 1] > 0.0)
    return 2 * node + right, target - left * right


@inner
def _down_two(tree, node, target):
    """Go two levels down; both ways are looked at together, since one alone would leave the processor waiting."""
    left = tree[2 * node]
    right = (target >= left) & (tree[2 * node + 1] > 0.0)
    if_left, target_left = _down(tree, 2 * node, target)
    if_right, target_right = _down(tree, 2 * node + 1, target - left)
    stays = not right
    return if_left * stays + if_right * right, target_left * stays + target_right * right


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

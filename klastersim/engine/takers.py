"""R7 over arrays: who may take orders, and how an order finds them.

A taker is a group, or a firm outside a group. Groups are written as negative numbers in ``scratch.takers``.
An order is offered to takers one after the other, each drawn from those not yet asked with a chance proportional to its
relation with the buyer. Who is known to pass it on need not be drawn: what follows is drawn by the same chances, so
leaving it out changes nothing but time. Takers stand sorted by how much they could fill, so that an order looks only at
those who are able.
"""

from __future__ import annotations

from klastersim.compiled import inner, kernel
from klastersim.engine.brokering import best_route, note_traders
from klastersim.engine.happening import is_absent
from klastersim.world.layout import BINS, BLOCK, NONE, OPERATES


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
        scratch.takers[count].code = -1 - group
        count += 1
    for i in range(cluster.firms):
        firm = world.firms[cluster.first_firm + i]
        if firm.group == NONE and firm.standing == OPERATES:
            scratch.takers[count].code = i
            count += 1
    for k in range(count):
        scratch.takers[k].demand = 0.0
    for buyer in range(cluster.buyers):
        _note_reach(world, scratch, c, buyer, count)
    note_traders(world, scratch, c)
    return count


@inner
def _note_reach(world, scratch, c, buyer, takers):
    """Note how far each taker reaches a buyer, by its relation or alone through a trader, and whether any does.

    For bargaining also the demand that each reaches by its relations, added up buyer by buyer.
    """
    p = world.params[world.clusters[c].terms]
    carried = p.traders_enabled and p.orders_single and buyer < p.market_large_firms
    gone = is_absent(world, c, buyer)
    share = world.buyers[c, buyer].share if p.bargaining_enabled and not gone else 0.0
    unreached = 1.0
    for k in range(takers):
        taker = scratch.takers[k]
        relation = relation_of(world, scratch, c, taker.code, buyer)
        reach = best_route(world, c, taker.code, buyer)[0] if carried and taker.code >= 0 else relation
        scratch.reaches[buyer, k] = reach
        unreached *= 1.0 - reach
        if share > 0.0:
            taker.demand += share * relation
    scratch.buyers[buyer].reach = 0.0 if gone else 1.0 - unreached
    scratch.buyers[buyer].weighed = 0


@inner
def relation_of(world, scratch, c, taker, buyer):
    """Relation of a taker with a buyer; a group's is the largest of its members'."""
    first = world.clusters[c].first_firm
    if taker >= 0:
        return world.relations[first + taker, buyer]
    group = as_group(taker)
    best = 0.0
    for k in range(scratch.groups[group].first, scratch.groups[group + 1].first):
        best = max(best, world.relations[first + scratch.members[k], buyer])
    return best


@inner
def bin_of(volume):
    """Whole worker-months of a volume, up to `BINS`."""
    return min(BINS - 1, int(volume))


@kernel
def sort_able(takers, bins, able, count, smallest):
    """List the takers in the bin of `smallest` or above in `able`, by bins from the most down; return how many.

    ``bins[b]`` is left as the number of takers in bin `b` or above; inside a bin takers stand in their own order.
    """
    lowest = bin_of(smallest)
    for b in range(lowest, BINS + 1):
        bins[b] = 0
    for k in range(count):
        b = bin_of(takers[k].most)
        if b >= lowest:
            bins[b] += 1
    above = 0
    for b in range(BINS - 1, lowest - 1, -1):
        here = bins[b]
        bins[b] = above
        above += here
    for k in range(count):
        b = bin_of(takers[k].most)
        if b >= lowest:
            able[bins[b]].taker = k
            bins[b] += 1
    return above


@inner
def count_able(bins, volume):
    """Number of takers, from the most able down, among whom all that could fill `volume` are."""
    return bins[bin_of(volume)]


@kernel
def weigh(scratch, buyer, able):
    """Note how far the able takers reach a buyer, by which its orders are drawn, and their running sums.

    What they would get of it alone is yet to be asked.
    """
    total = 0.0
    for k in range(able):
        weight = scratch.reaches[buyer, scratch.able[k].taker]
        total += weight
        scratch.weights[buyer, k] = weight
        scratch.running[buyer, k] = total
        scratch.revenues[buyer, k] = -1.0
    scratch.buyers[buyer].weighed = 1


@kernel
def draw_any(running, count, chance):
    """Draw one of the first `count` able takers, `count` >= 1, with a chance proportional to its relation.

    It is the first whose running sum exceeds the target, so nobody without a relation, but where rounding leaves a
    target beyond the last sum, or nobody has one: then it is the last.
    """
    target = chance * running[count - 1]
    low = 0
    high = count - 1
    while low < high:
        middle = (low + high) // 2
        if running[middle] > target:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def sum_up(listed, sums, count):
    """Sum the weights of listed takers, in blocks of `BLOCK`."""
    for block in range((count + BLOCK - 1) // BLOCK):
        total = 0.0
        for k in range(block * BLOCK, min(count, (block + 1) * BLOCK)):
            total += listed[k].weight
        sums[block] = total


@kernel
def draw_one(listed, sums, count, chance):
    """Draw one of `count` listed takers with a chance proportional to its weight, and set that to 0; or NONE.

    The draw walks over the sums of blocks, then inside one. NONE where nothing is left.
    """
    blocks = (count + BLOCK - 1) // BLOCK
    total = 0.0
    for block in range(blocks):
        total += sums[block]
    target = chance * total
    chosen = NONE
    for block in range(blocks):
        if sums[block] > 0.0:
            chosen = block
            if target < sums[block]:
                break
            target -= sums[block]
    if chosen == NONE:
        return NONE
    found = NONE
    left = 0.0
    for k in range(chosen * BLOCK, min(count, (chosen + 1) * BLOCK)):
        weight = listed[k].weight
        if weight > 0.0:
            # Rounding may leave a target beyond the last weight: then it is the last.
            if target >= 0.0:
                found = k
            target -= weight
    listed[found].weight = 0.0
    for k in range(chosen * BLOCK, min(count, (chosen + 1) * BLOCK)):
        left += listed[k].weight
    sums[chosen] = left
    return found


@kernel
def linkage_of(world, scratch, c):
    """Market linkage: mean over buyers, weighted by their orders, of the chance that an order reaches some taker."""
    linkage = 0.0
    for buyer in range(world.clusters[c].buyers):
        linkage += world.buyers[c, buyer].share * scratch.buyers[buyer].reach
    return linkage


@inner
def draw_buyer(world, c, chance):
    """Draw the buyer that places an order."""
    buyers = world.clusters[c].buyers
    passed = 0.0
    for buyer in range(buyers - 1):
        passed += world.buyers[c, buyer].share
        if chance < passed:
            return buyer
    return buyers - 1

"""R7 over arrays: this month's orders are offered, one after the other, until somebody takes them."""

from __future__ import annotations

from klastersim.compiled import inner, kernel, one
from klastersim.compiled.purposes import ORDER_OFFER
from klastersim.engine.able import acts_jointly, find_able, list_candidates, note_alone, note_limits
from klastersim.engine.accepting import accept, gain_of, gain_with_loans
from klastersim.engine.arriving import let_orders_arrive
from klastersim.engine.measuring import row_of
from klastersim.engine.takers import count_able, draw_one, linkage_of, list_takers, weigh
from klastersim.rules.cooperation import NEUTRAL_TRUST
from klastersim.rules.orders import expected_unit_revenue, failure_probability
from klastersim.world.layout import GROUP, NOBODY, NONE, PRIME, SINGLE

#: How far an order came: the tests it passed, and whether it was taken.
UNFILLED, ORGANISED, SKILLED, FINANCED, TAKEN = 0, 1, 2, 3, 4


@kernel
def take_orders(world, scratch, c, month):
    """Offer the orders that were introduced, then those that arrive by themselves, each by number."""
    cluster = world.clusters[c]
    row = row_of(world, c, month)
    takers = list_takers(world, scratch, c)
    row.linkage = linkage_of(world, scratch, c)
    introduced = cluster.arrivals
    let_orders_arrive(world, scratch, c, month, row)
    if cluster.arrivals == 0:
        return
    able = find_able(world, scratch, c, takers)
    largest = cluster.largest_workshop * world.params[c].orders_schedule
    for n in range(cluster.arrivals):
        reached = _offer(world, scratch, c, month, n, able)
        if n >= introduced:
            row.reached += 1.0
            row.single_share += scratch.arrivals[n].volume <= largest
            row.organised += reached >= ORGANISED
            row.skilled += reached >= SKILLED
            row.financed += reached >= FINANCED
            row.taken += reached >= TAKEN


@inner
def _offer(world, scratch, c, month, n, able):
    """Offer an order to takers until one accepts; return the furthest test that any passed.

    Each draw falls, by relation, on a firm that would take it alone or on a taker that may act jointly; the latter is put
    to the tests and, where it fails, not drawn again. An introduction is offered to its recipient only: alone, then
    jointly.
    """
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    introduced = arrival.taker != NOBODY
    count = 0 if introduced else count_able(scratch.bins, arrival.volume)
    furthest = UNFILLED
    listed = 0
    if count > 0:
        if not scratch.weighed[arrival.buyer]:
            weigh(world, scratch, c, arrival.buyer, able)
        furthest, listed = _list_candidates(world, scratch, c, n, count)
    draws = 0
    while furthest < TAKEN:
        k = NONE
        taker = arrival.taker
        way = SINGLE if draws == 0 and taker >= 0 else JOINT
        if introduced:
            if draws == 2:
                break
        else:
            chance = one(cluster.seed, month, ORDER_OFFER, cluster.identity, arrival.number, draws)
            at = draw_one(scratch.weight, listed, chance)
            if at == NONE:
                break
            scratch.weight[at] = 0.0
            k = scratch.listed[at]
            taker = scratch.takers[scratch.able[k]]
            way = scratch.ways[at]
        draws += 1
        reached = _offer_to(world, scratch, c, month, n, taker, way)
        furthest = max(furthest, reached)
        if k != NONE and way == JOINT and reached < FINANCED:
            scratch.refused_volume[k] = arrival.volume
            scratch.refused_quality[k] = arrival.quality
            scratch.refused_at[k] = reached
    if furthest < FINANCED:
        furthest = _test_refusers(world, scratch, c, n, count, furthest)
    return furthest


#: A taker acts jointly: as a group or as a prime contractor.
JOINT = 3


@inner
def _refused_before(scratch, k, arrival):
    """Whether a taker failed jointly with an easier order this month.

    What a taker can commit only falls in the course of a month, so it would fail again.
    """
    return arrival.volume >= scratch.refused_volume[k] and arrival.quality >= scratch.refused_quality[k]


@inner
def _list_candidates(world, scratch, c, n, count):
    """List whom an order may be drawn to, in order of their places; return (furthest, how many are listed).

    Of takers that would fail jointly again none is listed. The first number tells how far the order came with anybody
    alone, short of being taken.
    """
    p = world.params[c]
    cluster = world.clusters[c]
    arrival = scratch.arrivals[n]
    revenue = expected_unit_revenue(
        cluster.order_price,
        failure_probability(p.orders_default_rate, NEUTRAL_TRUST),
        failure_probability(p.orders_late_rate, NEUTRAL_TRUST),
        p.orders_late_discount,
    )
    gain = arrival.volume * (revenue - cluster.price)
    bill = arrival.volume * cluster.input_price if p.finance_enabled else 0.0
    weights = scratch.weights[arrival.buyer]
    furthest = UNFILLED
    listed = 0
    for k in range(count):
        if weights[k] <= 0.0:
            continue
        would = False
        if scratch.output[k] >= arrival.volume:
            reached = ORGANISED
            if scratch.skill[k] >= arrival.quality:
                reached = FINANCED if scratch.alone[k] >= arrival.volume else SKILLED
            furthest = max(furthest, reached)
            if reached == FINANCED and gain > 0.0:
                loan = max(0.0, bill - scratch.own[k])
                would = loan <= 0.0 or gain_with_loans(p, gain, loan, 1) > 0.0
        if would or (acts_jointly(scratch, k) and not _refused_before(scratch, k, arrival)):
            scratch.listed[listed] = k
            scratch.weight[listed] = weights[k]
            scratch.ways[listed] = SINGLE if would else JOINT
            listed += 1
    return furthest, listed


@inner
def _test_refusers(world, scratch, c, n, count, furthest):
    """Test those who were not asked because they refused an easier order, as far as they may show more."""
    arrival = scratch.arrivals[n]
    for k in range(count):
        if scratch.weights[arrival.buyer, k] > 0.0 and scratch.refused_at[k] > furthest:
            if acts_jointly(scratch, k) and _refused_before(scratch, k, arrival):
                taker = scratch.takers[scratch.able[k]]
                way = GROUP if taker < 0 else PRIME
                members = list_candidates(world, scratch, c, taker, way)
                furthest = max(furthest, _test(scratch, members, way, arrival.volume, arrival.quality)[0])
    return furthest


@inner
def _offer_to(world, scratch, c, month, n, taker, way):
    """Put a taker to the tests; let it accept the order where all are passed. Return how far it came."""
    lead = taker
    if way == JOINT:
        way = PRIME
        if taker < 0:
            way = GROUP
            lead = NONE
    arrival = scratch.arrivals[n]
    count = list_candidates(world, scratch, c, taker, way)
    reached, financed = _test(scratch, count, way, arrival.volume, arrival.quality)
    if reached < FINANCED:
        return reached
    parties = _share_out(scratch.candidates, scratch.free, scratch.share, count, arrival.volume, financed)
    if way == PRIME and (parties < 2 or scratch.candidates[0] != lead):
        # A prime contractor without a part, or without anybody to share with, has no joint order to take.
        return FINANCED
    if way == GROUP and parties == 1:
        # Work that falls to one member alone is owed to the buyer only.
        way = SINGLE
        lead = scratch.candidates[0]
    if gain_of(world, scratch, c, n, parties, way, lead) <= 0.0:
        return FINANCED
    accept(world, scratch, c, month, n, parties, way, lead)
    for k in range(parties):
        i = scratch.candidates[k]
        firm = world.firms[world.clusters[c].first_firm + i]
        note_limits(world.params[c], world.clusters[c], firm, scratch, i)
        if scratch.place[i] != NONE:
            note_alone(firm, scratch, i)
    return TAKEN


@inner
def _test(scratch, count, way, volume, quality):
    """Whether the candidates have the output, the skill and the money; return how far they came, and what they can pay.

    What each can make and pay is left in ``scratch.free``.
    """
    organised = 0.0
    skilled = 0.0
    financed = 0.0
    for k in range(count):
        i = scratch.candidates[k]
        output = scratch.free_output[i]
        organised += output
        scratch.free[k] = 0.0
        if scratch.quality[i] >= quality:
            skilled += output
            can = min(output, scratch.funded_in_group[i] if way == GROUP else scratch.funded[i])
            scratch.free[k] = can
            financed += can
    if organised < volume or count == 0:
        return UNFILLED, financed
    if skilled < volume:
        return ORGANISED, financed
    return (SKILLED if financed < volume else FINANCED), financed


@inner
def _share_out(candidates, free, share, count, volume, financed):
    """Share the work pro rata to free, qualified, financed capacity; keep only those who get some."""
    parties = 0
    for k in range(count):
        if free[k] > 0.0:
            candidates[parties] = candidates[k]
            share[parties] = volume * (free[k] / financed)
            parties += 1
    return parties


@inner
def most_parties(world, scratch, c):
    """Most parties that any order can have, as groups and ties now stand."""
    p = world.params[c]
    cluster = world.clusters[c]
    most = 1
    for group in range(cluster.groups):
        most = max(most, scratch.group_first[group + 1] - scratch.group_first[group])
    if not p.orders_subcontracting:
        return most
    for i in range(cluster.first_firm, cluster.first_firm + cluster.firms):
        firm = world.firms[i]
        if not firm.cooperates or firm.group != NONE:
            continue
        willing = 1
        for k in range(firm.first_link, firm.first_link + firm.links):
            partner = world.firms[cluster.first_firm + world.links[k].partner]
            willing += partner.cooperates != 0 and partner.group == NONE
        most = max(most, willing)
    return most
